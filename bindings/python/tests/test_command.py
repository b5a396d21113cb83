"""``python -m connectjobs``, as a person uses it: in processes of its own."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import connectjobs as cj
from support import GUID, KEY, Answer, Server, as_json, connect_error, entry, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIL = "\x1b]0;owned\x07 red"
JOBS = [
    {
        "key": "k1",
        "status": 2,
        "tag": "run_app",
        "exit_code": 3,
        "start_time": "2024-12-06T19:09:29Z",
    },
    {"key": "k2", "status": 0, "tag": EVIL, "start_time": "2024-12-06T20:00:00Z"},
    {"key": "k3", "status": 2, "exit_code": 0, "start_time": "2024-12-05T20:00:00Z"},
]


def _popen(server: str, *words: str, **variables: str) -> subprocess.Popen[str]:
    settings = {"CONNECT_SERVER": server, "CONNECT_API_KEY": KEY, "no_proxy": "127.0.0.1"}
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-m", "connectjobs", *words],
        env=environment(**{**settings, **variables}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _run(server: str, *words: str, **variables: str) -> tuple[int, str, str]:
    with _popen(server, *words, **variables) as process:
        out, errors = process.communicate(timeout=60)
    assert KEY not in out + errors
    assert "Traceback" not in errors
    return process.returncode, out, errors


@pytest.fixture
def filled(server: Server) -> Server:
    server.routes["GET /v1/content"] = as_json([{"guid": GUID, "name": "ticker"}])
    server.jobs(as_json(JOBS))
    for job in JOBS:
        server.job(as_json({**job, "status": 2}), key=str(job["key"]))
        server.followed(entry(f"of {job['key']}"), entry(EVIL, "stderr", 1), key=str(job["key"]))
    return server


@pytest.mark.parametrize("content", ["ticker", GUID, f"https://host/connect/#/apps/{GUID}/access"])
def test_jobs_are_listed(filled: Server, content: str) -> None:
    code, out, errors = _run(filled.address, "jobs", content)
    assert (code, errors) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == ["key", "k2", "k1", "k3"]
    assert lines[2].split() == ["k1", "finalized", "run_app", "3", "2024-12-06", "19:09:29Z", "-"]
    assert "\x1b" not in out
    assert "\\x1b]0;owned\\x07" in out


def test_some_jobs_are_listed(filled: Server) -> None:
    code, out, errors = _run(filled.address, "jobs", GUID, "--most", "1")
    assert (code, len(out.splitlines()), errors) == (0, 2, "and 2 more\n")
    assert _run(filled.address, "jobs", GUID, "--active")[1].split()[7] == "k2"


def test_a_log_is_followed_to_its_end(filled: Server) -> None:
    code, out, errors = _run(filled.address, "tail", GUID)
    assert (code, out) == (0, f"of k2\n{EVIL}\n")  # as it is where no terminal reads
    assert errors == "connectjobs: job k2: finalized\n"
    code, out, errors = _run(filled.address, "tail", GUID, "--job", "k1", "--times", "--lines", "1")
    assert (code, out) == (0, f"2024-12-06T19:09:01.948Z {EVIL}\n")
    assert errors.startswith("connectjobs: job k1: finalized, exit code 3")


def test_a_terminal_is_not_driven_by_a_line(filled: Server) -> None:
    ours, theirs = pty.openpty()
    settings = {"CONNECT_SERVER": filled.address, "CONNECT_API_KEY": KEY}
    command = [sys.executable, "-m", "connectjobs", "tail", GUID]
    done = subprocess.run(
        command, env=environment(**settings), stdout=theirs, stderr=theirs, check=True, timeout=30
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "\x1b[31m\\x1b]0;owned\\x07 red\x1b[0m" in shown
    assert "\x07" not in shown


def test_all_jobs_are_followed_until_ctrl_c(filled: Server) -> None:
    with _popen(filled.address, "tail", GUID, "--all") as process:
        assert process.stdout is not None
        lines = sorted(process.stdout.readline() for _ in range(2))
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert lines[1:] == ["of k2\n"]
    assert (process.returncode, errors) == (130, "")


def test_a_reader_that_leaves_is_no_failure(server: Server) -> None:
    server.jobs(as_json([{"key": "k1", "status": 2}]))
    server.job(as_json({"key": "k1", "status": 2}))
    server.followed(*(entry("x" * 1000, second=n % 60) for n in range(2000)))
    with _popen(server.address, "tail", GUID) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr is not None
        errors = process.stderr.read()
    assert (process.returncode, errors) == (1, "")


def test_a_time_ends_it(server: Server) -> None:
    server.job(as_json({"key": "k1", "status": 0}))
    server.followed(entry("one"), then="silence")
    code, out, errors = _run(server.address, "tail", GUID, "--job", "k1", "--timeout", "0.7")
    assert (code, out, errors) == (0, "one\n", "connectjobs: the time is over; the job goes on\n")
    words = ["tail", GUID, "--job", "k1", "--since", "2024-12-06T19:00Z", "--until", "2024-12-07"]
    assert _run(server.address, *words)[:2] == (0, "one\n")


def test_jobs_are_killed(server: Server) -> None:
    server.jobs(as_json(JOBS))
    server.routes[f"DELETE /v1/content/{GUID}/jobs/k2"] = as_json({"job_key": "k2", "result": "ok"})
    server.routes[f"DELETE /v1/content/{GUID}/jobs/k1"] = connect_error(409, 163, "not active")
    code, out, _ = _run(server.address, "kill", GUID, "--active")
    assert (code, out.splitlines()[1:]) == (0, ["k2   ok"])
    code, out, _ = _run(server.address, "kill", GUID, "k1", "k2")
    assert (code, len(out.splitlines())) == (1, 3)
    assert "active" in out
    before = len(server.requests)
    for words in ([], ["k1", "--active"]):
        code, _, errors = _run(server.address, "kill", GUID, *words)
        assert code == 2
        assert "name the keys of jobs, or --active" in errors
    assert len(server.requests) == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "COMMAND"),
        (["tail"], 2, "content"),
        (["tail", GUID, "--since", "soon"], 2, "no time such as"),
        (["jobs", GUID], 1, "no such object"),
        (["jobs", "https://host/"], 1, "no guid in this address"),
        (["jobs", "a name of nothing"], 1, "no content item named"),
    ],
)
def test_failures_are_one_line(server: Server, words: list[str], code: int, said: str) -> None:
    server.routes["GET /v1/content"] = as_json([])
    result, _, errors = _run(server.address, *words)
    assert result == code
    assert said in errors
    if code == 1:
        assert errors.count("\n") == 1


def _doctor(server: str, **variables: str) -> tuple[int, dict[str, str], str]:
    """The exit code, and by check what was told."""
    code, out, _ = _run(server, "doctor", **variables)
    lines = [line.split(None, 2) for line in out.splitlines()]
    told = {words[1]: f"{words[0]} {words[-1]}" for words in lines if words[0] in {"ok", "problem"}}
    return code, told, out


def test_the_doctor_finds_nothing(server: Server) -> None:
    server.routes["GET /v1/content"] = as_json([])
    code, told, out = _doctor(server.address)
    assert code == 0
    assert list(told) == ["library", "address", "proxy", "key", "version"]
    assert all(each.startswith("ok") for each in told.values())
    assert cj.__version__ in told["library"]
    assert "Everything is as it should be" in out


def _cases() -> Iterator[tuple[str, dict[str, str], Answer | None, str, str]]:
    yield "no server", {"CONNECT_SERVER": ""}, None, "settings", "CONNECT_SERVER"
    yield "no key", {"CONNECT_API_KEY": ""}, None, "settings", "CONNECT_API_KEY"
    yield "no library", {"CONNECTJOBS_LIBRARY": "/none.so"}, None, "library", "no such file"
    nobody = {"CONNECT_SERVER": "http://127.0.0.1:1"}
    yield "nobody listens", nobody, None, "connection", "VPN, firewall"
    no_tls = {"CONNECT_SERVER": "https://127.0.0.1:1"}
    yield "nobody listens with TLS", no_tls, None, "connection", "VPN, firewall"
    yield "wrong key", {}, connect_error(401, 30, "wrong"), "key", "API Keys"
    yield "locked", {}, connect_error(403, 50, "locked"), "key", "administrator"
    page = Answer(b"<html>Sign in</html>", 200, "text/html")
    yield "a login page", {}, page, "address", "login page"
    yield "another server", {}, Answer(b"not here", 404, "text/plain"), "address", "browser"
    yield "a broken server", {}, connect_error(500, 1, "broken"), "server", "administrator"


@pytest.mark.parametrize(("name", "variables", "answer", "check", "remedy"), list(_cases()))
def test_the_doctor_finds(
    server: Server,
    name: str,
    variables: dict[str, str],
    answer: Answer | None,
    check: str,
    remedy: str,
) -> None:
    server.routes["GET /v1/content"] = answer or as_json([])
    code, told, out = _doctor(server.address, **variables)
    assert code == 1
    assert told[check].startswith("problem"), (name, out)
    assert remedy in out


def test_the_doctor_knows_an_old_server(server: Server) -> None:
    server.routes["GET /v1/content"] = as_json([])
    nil = "00000000-0000-0000-0000-000000000000"
    server.jobs(Answer(b"404 page not found", 404, "text/plain"), nil)
    server.routes[f"GET /applications/{nil}/jobs"] = Answer(b"no", 404, "text/plain")
    code, told, out = _doctor(server.address)
    assert code == 1
    assert told["version"].startswith("problem")
    assert "2022.10.0 or newer" in out


def test_the_doctor_tells_the_proxy_without_its_password(server: Server) -> None:
    server.routes["GET /v1/content"] = as_json([])
    through = {"http_proxy": "http://me:secret@127.0.0.1:1", "no_proxy": ""}
    code, told, out = _doctor(server.address, **through)
    assert code == 1
    assert told["proxy"] == "ok 127.0.0.1:1"
    assert "secret" not in out
    assert _doctor(server.address, **{**through, "no_proxy": "127.0.0.1"})[0] == 0


def test_the_doctor_looks_at_tls_and_http() -> None:
    from connectjobs._command import doctor

    assert doctor._address("https://connect.example.com").well
    assert doctor._address("http://127.0.0.1:3939/connect").well
    assert doctor._address("http://localhost").well
    assert not doctor._address("http://connect.example.com").well
    assert not doctor._address("http://127.0.0.1.example.com:80").well
    insecure = list(doctor._tls("https://connect.example.com", {"insecure": True}))
    assert [each.well for each in insecure] == [False]
    assert [each.well for each in doctor._tls("https://x", {"insecure": None})] == [True]


def test_a_command_asks_no_more_than_it_must(filled: Server) -> None:
    _run(filled.address, "jobs", GUID)
    assert [request for request, _ in filled.requests] == [f"GET /__api__/v1/content/{GUID}/jobs"]
