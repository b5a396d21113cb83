"""Failures as exceptions: the class, its built-in, its attributes, one line, and never the key."""

from __future__ import annotations

import pickle
import socket
from typing import Any

import pytest

import connectjobs as cj
from connectjobs import _errors
from support import GUID, KEY, Answer, Server, as_json, connect_error

HTML = Answer(b"<html><h1>502 Bad Gateway</h1></html>", 502, "text/html")
PLAIN_404 = Answer(b"404 page not found", 404, "text/plain")


@pytest.mark.parametrize(
    ("answer", "kind", "also", "http_status", "code"),
    [
        (connect_error(401, 30, "wrong"), cj.UnauthenticatedError, PermissionError, 401, 30),
        (connect_error(403, 22, "no"), cj.ForbiddenError, PermissionError, 403, 22),
        (connect_error(404, 4, "none"), cj.NotFoundError, LookupError, 404, 4),
        (connect_error(404, 2, "none"), cj.UnsupportedError, NotImplementedError, 404, 2),
        (PLAIN_404, cj.UnsupportedError, NotImplementedError, 404, 0),
        (connect_error(409, 163, "not active"), cj.ConflictError, Exception, 409, 163),
        (connect_error(400, 3, "bad id"), cj.BadRequestError, ValueError, 400, 3),
        (connect_error(429, 0, "slow down"), cj.RateLimitedError, Exception, 429, 0),
        (connect_error(500, 1, "internal"), cj.ServerError, Exception, 500, 1),
        (HTML, cj.ServerError, Exception, 502, 0),
        (connect_error(402, 0, "licence"), cj.HTTPError, Exception, 402, 0),
        (Answer(b"[{"), cj.ProtocolError, Exception, 200, 0),
        (Answer(b"{}"), cj.ProtocolError, Exception, 200, 0),
        (Answer(b""), cj.ProtocolError, Exception, 200, 0),
        (Answer(b'[{"key": "\xff"}]'), cj.ProtocolError, Exception, 200, 0),
        (Answer(b"[" * 100_000), cj.ProtocolError, Exception, 200, 0),
    ],
)
def test_each_answer_has_its_exception(
    server: Server,
    client: cj.Client,
    answer: Answer,
    kind: type[cj.ConnectJobsError],
    also: type[Exception],
    http_status: int,
    code: int,
) -> None:
    server.jobs(answer)
    with pytest.raises(kind) as caught:
        client.jobs(GUID)
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, also)
    assert isinstance(error, cj.ConnectJobsError)
    assert (error.http_status, error.code) == (http_status, code)
    assert error.status == kind.status < 0
    assert error.operation == "jobs_list"
    assert error.url.startswith(server.address)
    assert str(error) == error.message
    assert error.message
    assert "\n" not in error.message
    for shown in (str(error), repr(error), error.url):
        assert KEY not in shown
    server.jobs(as_json([{"key": "k1"}]))
    assert len(client.jobs(GUID)) == 1  # the client is as good as before


def test_connects_own_words_are_told(server: Server, client: cj.Client) -> None:
    server.jobs(connect_error(403, 22, "You do not own this item."))
    with pytest.raises(cj.ForbiddenError, match="You do not own this item"):
        client.jobs(GUID)


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with (
            cj.Client(address, KEY, proxy="", max_retries=0) as client,
            pytest.raises(ConnectionError) as caught,
        ):
            client.jobs(GUID)
    assert isinstance(caught.value, cj.NetworkError)
    assert caught.value.http_status == 0
    assert caught.value.retryable


def test_a_timeout_is_a_timeout_error(server: Server, client: cj.Client) -> None:
    server.jobs(server.never)
    with pytest.raises(TimeoutError) as caught:
        client.jobs(GUID, timeout=0.2)
    assert isinstance(caught.value, cj.TimedOutError)


def test_too_much_is_refused(server: Server) -> None:
    server.jobs(as_json([{"key": "x" * 5000}]))
    with (
        cj.Client(server.address, KEY, max_response_bytes=1000) as client,
        pytest.raises(cj.TooLargeError),
    ):
        client.jobs(GUID)
    with (
        cj.Client(server.address, KEY, max_entry_bytes=1000) as client,
        pytest.raises(cj.TooLargeError),
    ):
        client.jobs(GUID)


def test_one_kill_that_fails_does_not_stop_the_rest(server: Server, client: cj.Client) -> None:
    server.routes[f"DELETE /v1/content/{GUID}/jobs/k1"] = connect_error(409, 163, "not active")
    server.routes[f"DELETE /v1/content/{GUID}/jobs/k2"] = as_json({"job_key": "k2", "result": "ok"})
    orders = client.kill(GUID, ["k1", "k2"])
    assert [order.job_key for order in orders] == ["k1", "k2"]
    assert isinstance(orders[0].failure, cj.ConflictError)
    assert orders[0].failure.code == 163
    assert orders[1].failure is None
    server.job(as_json({"key": "k1", "status": 2}))
    with pytest.raises(cj.ConflictError, match="not active"):
        client.job(GUID, "k1").kill()


def _all_classes() -> list[type[cj.ConnectJobsError]]:
    return [
        value
        for value in vars(_errors).values()
        if isinstance(value, type) and issubclass(value, cj.ConnectJobsError)
    ]


@pytest.mark.parametrize("kind", _all_classes())
def test_exceptions_cross_processes(kind: type[cj.ConnectJobsError]) -> None:
    error = kind("it\nfailed", http_status=409, code=163, operation="x", url="u", retryable=True)
    again: Any = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert again.message == str(again) == "it failed"
    assert (again.http_status, again.code, again.operation) == (409, 163, "x")
    assert (again.url, again.retryable, again.status) == ("u", True, kind.status)
    assert getattr(cj, kind.__name__) is kind


def test_deprecation_is_a_warning_at_the_callers_line(server: Server, client: cj.Client) -> None:
    answer = as_json([])
    answer.headers["X-Deprecated-Endpoint"] = "/v2/other"
    server.jobs(answer)
    with pytest.warns(cj.ConnectJobsWarning, match="deprecated") as caught:
        client.jobs(GUID)
    assert caught[0].filename == __file__
    client.jobs(GUID)  # said once


def test_a_warning_may_be_an_error(server: Server, client: cj.Client) -> None:
    answer = as_json([{"key": "k1"}])
    answer.headers["X-Deprecated-Endpoint"] = "/v2/other"
    server.jobs(answer)
    with pytest.raises(cj.ConnectJobsWarning):
        client.jobs(GUID)
    assert len(client.jobs(GUID)) == 1


def test_retries_are_traced_by_logging(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([connect_error(503, 0, "busy"), as_json([{"key": "k1"}])])
    server.jobs(lambda: next(answers))
    caplog.set_level("DEBUG", logger="connectjobs")
    with cj.Client(server.address, KEY, proxy="", max_retries=1) as client:
        assert len(client.jobs(GUID)) == 1
    assert any("Trying again" in record.getMessage() for record in caplog.records)
    assert KEY not in caplog.text
