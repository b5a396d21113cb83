"""What users pass, in all its forms; nothing wrong ever reaches ctypes or the network."""

from __future__ import annotations

import math
import uuid
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import connectjobs as cj
from connectjobs import _arguments
from support import GUID, KEY, Server, as_json

if TYPE_CHECKING:
    from collections.abc import Callable


class PositItem(dict[str, Any]):
    """posit-sdk's content item is a dict."""


@pytest.mark.parametrize(
    "given",
    [
        GUID,
        uuid.UUID(GUID),
        f"https://host/connect/#/apps/{GUID}/access",
        f"https://host/connect/#/apps/{GUID}",
        f"https://host/#/apps/{GUID.upper()}/logs?x=1",
        f"https://host/content/{GUID}/",
        PositItem(guid=GUID, name="x"),
        SimpleNamespace(guid=GUID),
        SimpleNamespace(guid=uuid.UUID(GUID)),
    ],
)
def test_a_guid_comes_in_many_forms(server: Server, client: cj.Client, given: Any) -> None:
    server.jobs(as_json([{"key": "k1"}]))
    assert [job.key for job in client.jobs(given)] == ["k1"]


@pytest.mark.parametrize("given", [42, None, b"abc", 1.5, ["a"], {"name": "x"}, object(), True])
def test_what_is_no_guid_is_a_type_error(server: Server, client: cj.Client, given: Any) -> None:
    with pytest.raises(TypeError, match="a content item is given by its guid"):
        client.jobs(given)
    assert server.requests == []


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ("a\0b", "NUL"),
        ("\ud800", "surrogate"),
        ("https://host/connect/", "no guid in this address"),
        ("https://host/#/apps/not-a-guid/access", "no guid in this address"),
        ("", None),
        ("a/b", None),
        ("..", None),
        ("a?b", None),
        ("a%2fb", None),
        ("a\nb", None),
        ("x" * 10_000, None),
    ],
)
def test_what_is_no_guid_is_a_value_error(
    server: Server, client: cj.Client, given: str, match: str | None
) -> None:
    with pytest.raises(ValueError, match=match):
        client.jobs(given)
    with pytest.raises(ValueError, match=match):
        client.tail(given, "k1")
    if match != "no guid in this address":
        with pytest.raises(ValueError, match=match):
            client.job(GUID, given)
    assert server.requests == []


@pytest.mark.parametrize("given", [42, None, b"abc", {"k": 1}, object()])
def test_what_is_no_key_is_a_type_error(client: cj.Client, given: Any) -> None:
    with pytest.raises(TypeError, match="key"):
        client.job(GUID, given)
    with pytest.raises(TypeError, match="key"):
        client.kill(GUID, given)
    with pytest.raises(TypeError, match="key"):
        client.kill(GUID, [given])


def test_a_string_is_one_key_and_no_keys_are_none(server: Server, client: cj.Client) -> None:
    order = {"job_key": "k1", "result": "Order to kill job registered", "app_id": 7, "job_id": 9}
    server.routes[f"DELETE /v1/content/{GUID}/jobs/k1"] = as_json(order)
    server.routes[f"GET /v1/content/{GUID}/jobs/k1"] = as_json({"key": "k1", "status": 0})
    for keys in ("k1", ["k1"], iter(["k1"]), client.job(GUID, "k1"), {"key": "k1"}):
        orders = client.kill(GUID, keys)
        assert [each.job_key for each in orders] == ["k1"]
        assert (orders[0].result, orders[0].app_id, orders[0].job_id) == (order["result"], 7, 9)
        assert orders[0].failure is None
    before = len(server.requests)
    assert len(client.kill(GUID, [])) == 0
    assert len(server.requests) == before


@pytest.mark.parametrize(
    ("name", "value", "kind", "match"),
    [
        ("server", 7, TypeError, "server must be a string, not int"),
        ("server", b"http://x", TypeError, "server must be a string, not bytes"),
        ("server", "", ValueError, None),
        ("server", "host.example.com", ValueError, "http"),
        ("server", "file:///etc/passwd", ValueError, "http"),
        ("api_key", "a\0b", ValueError, "NUL"),
        ("api_key", "a\r\nX: y", ValueError, None),
        ("api_key", 7, TypeError, "api_key must be a string"),
        ("connect_timeout", "5", TypeError, "connect_timeout must be a number of seconds, not str"),
        ("connect_timeout", True, TypeError, "not bool"),
        ("connect_timeout", 0, ValueError, "more than 0 seconds"),
        ("request_timeout", -1, ValueError, "more than 0 seconds"),
        ("idle_timeout", math.nan, ValueError, "more than 0 seconds"),
        ("max_retries", 1.5, TypeError, "max_retries must be a whole number"),
        ("max_retries", -1, ValueError, "0 or more"),
        ("max_response_bytes", "1", TypeError, "whole number"),
        ("max_entry_bytes", 0, ValueError, "1 or more"),
        ("insecure", "yes", TypeError, "True, False or None"),
        ("ca_file", 7, TypeError, "path"),
        ("ca_file", "/no/such/file.pem", ValueError, "file.pem"),
        ("headers", ["a"], TypeError, "headers must be a mapping"),
        ("headers", {"X": 7}, TypeError, "the header X must be a string"),
        ("headers", {"X": "a\r\nY: b"}, ValueError, None),
        ("auth_header", "X Y", ValueError, None),
    ],
)
def test_settings_are_checked(
    server: Server, name: str, value: Any, kind: type[Exception], match: str | None
) -> None:
    settings: dict[str, Any] = {"server": server.address, "api_key": KEY, name: value}
    with pytest.raises(kind, match=match) as caught:
        cj.Client(**settings)
    assert KEY not in str(caught.value)


def test_settings_reach_the_server(server: Server) -> None:
    server.jobs(as_json([]))
    settings: dict[str, Any] = {
        "auth_header": "X-RSC-Authorization",
        "headers": {"X-One": "1", "X-Two": "zwei"},
        "user_agent": "tests/1",
        "connect_timeout": 5,
        "request_timeout": math.inf,
        "idle_timeout": 2.5,
        "max_retries": 0,
        "max_response_bytes": math.inf,
        "insecure": False,
        "proxy": "",
    }
    with cj.Client(server.address + "/", KEY, **settings) as client:
        client.jobs(GUID)
    _, headers = server.requests[-1]
    assert headers["X-RSC-Authorization"] == f"Key {KEY}"
    assert (headers["X-One"], headers["X-Two"]) == ("1", "zwei")
    assert headers["User-Agent"] == "tests/1"
    assert "Authorization" not in headers


def test_without_settings_the_environment_speaks(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(cj.ConfigurationError, match="CONNECT_SERVER"):
        cj.Client()
    monkeypatch.setenv("CONNECT_SERVER", server.address)
    with pytest.raises(cj.ConfigurationError, match="CONNECT_API_KEY"):
        cj.Client()
    monkeypatch.setenv("CONNECT_API_KEY", KEY)
    with cj.Client() as client:
        assert client.server == server.address


@pytest.mark.parametrize(
    ("call", "kind", "match"),
    [
        (lambda c: c.tail(GUID, lines=-1), ValueError, "lines must be 0 or more"),
        (lambda c: c.tail(GUID, lines=1, since=0), ValueError, "not both"),
        (lambda c: c.tail(GUID, since="now"), TypeError, "since must be a whole number"),
        (lambda c: c.tail(GUID, since=datetime(2024, 1, 1)), ValueError, "time zone"),  # noqa: DTZ001
        (lambda c: c.tail(GUID, max_batch_rows=0), ValueError, "1 or more"),
        (lambda c: c.jobs(GUID, timeout="1"), TypeError, "timeout"),
        (lambda c: c.jobs_many(7), TypeError, None),
        (lambda c: c.content(7), TypeError, "must be a string"),
        (lambda c: c.jobs(GUID, colour=1), TypeError, "colour"),
    ],
)
def test_options_are_checked(
    server: Server,
    client: cj.Client,
    call: Callable[[cj.Client], object],
    kind: type[Exception],
    match: str | None,
) -> None:
    with pytest.raises(kind, match=match):
        call(client)
    assert server.requests == []


def test_seconds_and_times_become_whole_numbers() -> None:
    assert _arguments.milliseconds("t", 1.5) == 1500
    assert _arguments.milliseconds("t", 0.0001) == 1
    assert _arguments.milliseconds("t", math.inf) == -1
    assert _arguments.milliseconds("t", None) == 0
    assert _arguments.waiting_milliseconds("t", 0) == 0
    assert _arguments.waiting_milliseconds("t", None) == -1
    east = timezone(timedelta(hours=2))
    assert _arguments.nanoseconds("t", datetime(1970, 1, 1, 2, 0, 0, 1, east)) == 1000
    assert _arguments.nanoseconds("t", 5) == 5


def test_a_job_can_be_asked_from_posits_own_job(server: Server, client: cj.Client) -> None:
    server.job(as_json({"key": "k1"}))
    assert client.job(PositItem(guid=GUID), PositItem(key="k1")).key == "k1"
