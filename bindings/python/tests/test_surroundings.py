"""Inside Connect, beside posit-sdk, and what is told of a job that failed."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

import connectjobs as cj
from support import GUID, KEY, Answer, Server, as_json, connect_error, entry, environment

ACTIVE = [{"key": f"k{n}", "status": 0} for n in range(3)] + [{"key": "k3", "status": 2}]


@pytest.fixture
def inside(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server whose job k1 is this program."""
    monkeypatch.setenv("CONNECT_CONTENT_GUID", GUID)
    monkeypatch.setenv("CONNECT_CONTENT_JOB_KEY", "k1")
    server.jobs(as_json(ACTIVE))
    for job in ACTIVE:
        key = job["key"]
        server.job(as_json(job), key=str(key))
        server.routes[f"DELETE /v1/content/{GUID}/jobs/{key}"] = as_json({"job_key": key})
    return server


def _killed(server: Server) -> list[str]:
    deletes = [request for request, _ in server.requests if request.startswith("DELETE")]
    return [request.rpartition("/")[2] for request in deletes]


def test_the_current_job_is_known(inside: Server, client: cj.Client) -> None:
    job = client.current_job()
    assert job is not None
    assert (job.content_guid, job.key, job.active) == (GUID, "k1", True)


@pytest.mark.parametrize("missing", ["CONNECT_CONTENT_GUID", "CONNECT_CONTENT_JOB_KEY"])
def test_outside_there_is_none(
    inside: Server, client: cj.Client, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)
    assert client.current_job() is None
    assert inside.requests == []


@pytest.mark.parametrize("given", [GUID, GUID.upper(), f"https://host/#/apps/{GUID.upper()}/logs"])
def test_killing_what_is_active_spares_oneself(
    inside: Server, client: cj.Client, given: str
) -> None:
    if given == GUID.upper():
        inside.jobs(as_json(ACTIVE), GUID.upper())
        for key in ("k0", "k2"):
            path = f"DELETE /v1/content/{GUID.upper()}/jobs/{key}"
            inside.routes[path] = as_json({"job_key": key})
    orders = client.kill_active(given)
    assert [order.job_key for order in orders] == ["k0", "k2"]
    assert _killed(inside) == ["k0", "k2"]


def test_unless_told_otherwise(inside: Server, client: cj.Client) -> None:
    assert len(client.kill_active(GUID, include_current=True)) == 3
    assert sorted(_killed(inside)) == ["k0", "k1", "k2"]
    assert client.kill(GUID, "k1")[0].failure is None  # who names it, means it


def test_another_content_item_has_no_own_job(inside: Server, client: cj.Client) -> None:
    inside.jobs(as_json(ACTIVE), "other")
    for key in ("k0", "k1", "k2"):
        inside.routes[f"DELETE /v1/content/other/jobs/{key}"] = as_json({"job_key": key})
    assert len(client.kill_active("other")) == 3


def _posit(server: Server, **session: Any) -> Any:
    """As far as from_posit looks at it."""
    config = SimpleNamespace(url=f"{server.address}/__api__", api_key=KEY)
    return SimpleNamespace(cfg=config, session=SimpleNamespace(**session))


def test_a_client_from_posits(server: Server) -> None:
    server.jobs(as_json(ACTIVE))
    with cj.Client.from_posit(_posit(server), proxy="", max_retries=0) as client:
        assert client.server == server.address
        assert len(client.jobs(GUID)) == 4
    assert server.requests[-1][1]["Authorization"] == f"Key {KEY}"


def test_posits_tls_settings_come_along(server: Server) -> None:
    with cj.Client.from_posit(_posit(server, verify=False)) as client:
        assert client._settings["insecure"] is True
    with pytest.raises(cj.ConfigurationError, match=r"ca\.pem"):
        cj.Client.from_posit(_posit(server, verify="/no/such/ca.pem"))
    with cj.Client.from_posit(_posit(server, verify=True)) as client:
        assert client._settings["insecure"] is None


@pytest.mark.parametrize("wrong", [None, 7, "https://host", SimpleNamespace(cfg=None)])
def test_what_is_no_posit_client(wrong: Any) -> None:
    with pytest.raises(TypeError, match=r"wants a posit\.connect\.Client"):
        cj.Client.from_posit(wrong)


def test_posit_sdk_is_not_imported(server: Server) -> None:
    code = "import sys, connectjobs; print('posit' in sys.modules, 'requests' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), check=True, capture_output=True, text=True
    )
    assert done.stdout == "False False\n"


LINES = [entry(f"line {n}", "stderr" if n % 2 else "stdout", n) for n in range(50)]


@pytest.fixture
def failed(server: Server, client: cj.Client) -> cj.Job:
    server.job(as_json({"key": "k1", "status": 2, "exit_code": 3}))
    server.followed(*LINES[:-1], entry("\x1b[31mit broke", "stderr", 59))
    server.job(
        as_json({"code": "c", "summary": "The process ended.", "help_url": ""}), part="/error"
    )
    return client.job(GUID, "k1")


def test_a_job_that_failed_tells_its_story(failed: cj.Job) -> None:
    with pytest.raises(cj.JobFailed) as caught:
        failed.wait(check=True)
    error = caught.value
    assert (error.exit_code, error.reason) == (3, "The process ended.")
    assert [line.data for line in error.lines] == [
        *(line["data"] for line in LINES[30:-1]),
        "\x1b[31mit broke",
    ]
    shown = str(error).splitlines()
    assert shown[0] == f"job k1 of {GUID} ended with exit code 3: The process ended."
    assert len(shown) == 22
    assert shown[-1] == "  stderr | \\x1b[31mit broke"


def test_it_has_failed_whatever_else_cannot_be_learned(server: Server, failed: cj.Job) -> None:
    server.job(connect_error(500, 1, "no"), part="/error")
    for part in ("/tail", "/log", "/download"):
        server.job(connect_error(403, 22, "no"), part=part)
    with pytest.raises(cj.JobFailed, match="exit code 3") as caught:
        failed.wait(check=True)
    assert (caught.value.exit_code, caught.value.reason) == (3, None)
    assert list(caught.value.lines) == []


def test_a_job_that_did_not_fail_is_given(server: Server, client: cj.Client) -> None:
    server.job(as_json({"key": "k1", "status": 2, "exit_code": 0}))
    server.job(Answer(status=204), part="/error")
    assert client.job(GUID, "k1").wait(check=True).exit_code == 0
