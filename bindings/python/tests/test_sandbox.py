"""The whole, with real processes: the sandbox, the examples, and each operation."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import connectjobs as cj
from support import REPOSITORY, environment, until

EXAMPLES = REPOSITORY / "examples"


def _started(client: cj.Client, name: str) -> cj.Job:
    """The latest job of that content item, once its process is there."""
    jobs = client.jobs(client.content(name).first)
    until(lambda: (jobs.latest.refresh().pid or "").isdigit())
    return jobs.latest.refresh()


def test_there_is_an_active_and_a_failed_job(sandboxed: cj.Client) -> None:
    ticker = _started(sandboxed, "ticker")
    assert ticker.active
    assert ticker.state == "active"
    broken = sandboxed.jobs(sandboxed.content("broken-report").first).latest
    ended = broken.wait(timeout=20, finalized=True)
    assert ended.failed
    assert (ended.exit_code, ended.state) == (3, "finalized")
    assert broken.error() is not None
    assert [each.data for each in broken.log() if each.source == "stderr"] == [
        "sales.csv: no such file"
    ]
    with pytest.raises(cj.JobFailed, match="exit code 3") as caught:
        broken.wait(check=True)
    assert caught.value.exit_code == 3
    assert caught.value.reason


def test_content_is_listed(sandboxed: cj.Client) -> None:
    assert {item.name for item in sandboxed.content()} == {"ticker", "broken-report"}
    item = sandboxed.content("ticker").first
    assert (item.title, item.app_mode) == ("A ticker", "python-api")
    assert item.dashboard_url is not None
    assert sandboxed.jobs(item.dashboard_url).latest.active
    assert len(sandboxed.jobs_many(sandboxed.content())) >= 2


def test_waiting_has_an_end(sandboxed: cj.Client) -> None:
    ticker = sandboxed.jobs(sandboxed.content("ticker").first).active().latest
    for timeout in (0, 0.2):
        with pytest.raises(TimeoutError, match="has not ended"):
            ticker.wait(timeout=timeout)


def test_an_entry_comes_within_the_moment_it_is_written(sandboxed: cj.Client) -> None:
    ticker = sandboxed.jobs(sandboxed.content("ticker").first).active().latest
    with ticker.tail() as tail:
        before = len(ticker.log())
        for _ in range(before + 3):
            last = next(tail)
        assert last.timestamp is not None
        assert time.time() - last.timestamp.timestamp() < 2
        numbers = [last.data]
        numbers += [next(tail).data for _ in range(5)]
    counted = [int(text.split()[1]) for text in numbers]
    assert counted == list(range(counted[0], counted[0] + 6))


def test_a_job_is_killed_and_downloaded(tmp_path: Path) -> None:
    with cj.sandbox() as client:
        guid = client.content("ticker").first
        ticker = client.jobs(guid).active().latest
        until(lambda: len(ticker.log()) > 3)
        order = ticker.kill(wait=True, timeout=20)
        assert order.ended
        assert order.job_key == ticker.key
        assert order.failure is None
        assert not ticker.refresh().active
        ticker.wait(timeout=20, finalized=True)
        with pytest.raises(cj.ConflictError) as caught:
            ticker.kill()
        assert caught.value.code == 163
        ticker.download(tmp_path / "log")
        assert (tmp_path / "log").read_text().count("tick") >= 4
        assert len(client.kill_active(guid)) == 0


def test_a_wrong_key_is_refused() -> None:
    box = cj.sandbox()
    with box as client, cj.Client(client.server, "wrong", proxy="") as stranger:
        with pytest.raises(PermissionError):
            stranger.content()
        assert box.api_key not in repr(client)


def test_the_sandbox_ends_with_its_jobs() -> None:
    box = cj.sandbox()
    with box as client:
        job = _started(client, "ticker")
        assert Path("/proc", str(job.pid)).exists()
        assert box._process is not None
        pid = box._process.pid
    until(lambda: not Path("/proc", str(pid)).exists())
    until(lambda: not Path("/proc", str(job.pid)).exists())


def test_a_missing_sandbox_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from connectjobs import _sandbox

    monkeypatch.setattr(_sandbox, "library_path", lambda: str(tmp_path / "libconnectjobs.so"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(cj.ConfigurationError, match="build it"), cj.sandbox():
        pass


def test_a_sandbox_that_cannot_start(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    box = cj.sandbox(tmp_path / "none")
    with pytest.raises(cj.ConfigurationError, match="before it was ready"), box:
        pass
    assert capfd.readouterr().err


def _example(name: str, box: cj.Sandbox) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-u", str(EXAMPLES / name)],
        env=environment(CONNECT_SERVER=box.server, CONNECT_API_KEY=box.api_key),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_story_is_told() -> None:
    box = cj.sandbox(EXAMPLES / "content")
    with box, _example("story.py", box) as story:
        out, errors = story.communicate(timeout=60)
    assert (story.returncode, errors) == (0, "")
    for chapter in ("Content on", "The jobs of", "The log of", "Following", "Killing", "Why did"):
        assert chapter in out
    live = out.partition("Following")[2].partition("Killing")[0]
    assert live.count("|") == 20
    assert "process-failed" in out
    assert box.api_key not in out


def test_a_story_that_fails_says_so_in_one_line() -> None:
    env = environment(CONNECT_SERVER="http://127.0.0.1:9", CONNECT_API_KEY="a-key-of-some-length")
    command = [sys.executable, str(EXAMPLES / "story.py")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "127.0.0.1" in done.stderr


def test_hello_follows_until_ctrl_c() -> None:
    assert len((EXAMPLES / "hello.py").read_text().splitlines()) <= 8
    box = cj.sandbox(EXAMPLES / "content")
    with box, _example("hello.py", box) as hello:
        assert hello.stdout is not None
        lines = [hello.stdout.readline() for _ in range(12)]
        hello.send_signal(signal.SIGINT)
        out, errors = hello.communicate(timeout=20)
    assert lines[0].startswith("Job(")
    assert "ACME" in lines[5]
    assert hello.returncode in (130, -signal.SIGINT)
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert os.linesep in out or out == ""
