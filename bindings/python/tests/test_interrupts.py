"""Ctrl-C in each blocking call, and callbacks that raise: in processes of their own."""

from __future__ import annotations

import json
import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

import connectjobs as cj
from support import GUID, KEY, Answer, Server, as_json, compiled, entry, finish, script

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

BLOCKING = {
    "jobs": "client.jobs('silent')",
    "jobs_many": "client.jobs_many(['silent', 'silent2'])",
    "wait": "job.wait()",
    "kill and wait": "job.kill(wait=True)",
    "log": "job.log()",
    "download": "job.download(sys.argv[3])",
    "download into a file": "job.download(io.BytesIO())",
    "tail": "next(quiet.tail())",
    "tail with a for loop": "[0 for _ in quiet.tail()]",
    "tail, with a batch before": "[0 for _ in tail]",
    "batches": "next(quiet.tail().batches())",
}

# Says when it is about to block, and then how long after the signal it had ended.
SCRIPT = """
import io, sys, time
import connectjobs as cj
client = cj.Client(sys.argv[1], "key", proxy="", max_retries=0)
job = client.job("{guid}", "k1")
quiet = client.job("{guid}", "k2")
tail = job.tail()
try:
    print("blocking")
    {call}
    print("it returned")
except KeyboardInterrupt:
    print(time.monotonic())
print(len(client.jobs("{guid}")))
client.close()
"""


def _interrupted(process: subprocess.Popen[str], after: float = 0.3) -> float:
    """Sends SIGINT once it blocks; the seconds until it had ended."""
    assert process.stdout is not None
    assert process.stdout.readline() == "blocking\n"
    time.sleep(after)
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    ended, jobs, *_ = finish(process).splitlines()
    assert jobs == "1"  # the next call works
    return float(ended) - sent


def _silent(server: Server) -> None:
    for guid in ("silent", "silent2"):
        server.jobs(server.never, guid)
    server.jobs(as_json([{"key": "k1", "status": 0}]))
    server.job(as_json({"key": "k1", "status": 0}))
    server.job(as_json({"key": "k2", "status": 0}), key="k2")
    server.job(server.lines(then="silence"), key="k2", part="/tail")
    server.job(server.never, part="/log")
    server.job(server.never, part="/download")
    server.job(server.lines(entry("one"), then="silence"), part="/tail")
    server.routes[f"DELETE /v1/content/{GUID}/jobs/k1"] = as_json({"job_key": "k1"})


@pytest.mark.parametrize("what", BLOCKING)
def test_ctrl_c_ends_a_blocking_call(server: Server, tmp_path: Path, what: str) -> None:
    _silent(server)
    code = SCRIPT.format(guid=GUID, call=BLOCKING[what])
    seconds = _interrupted(script(code, server.address, KEY, str(tmp_path / "log")))
    print(f"{what}: Ctrl-C after {seconds * 1000:.0f} ms")
    assert seconds < 2


def test_ctrl_c_while_a_name_is_looked_up(server: Server, tmp_path: Path) -> None:
    """With a lookup that hangs for 20 s, put in the C library's place."""
    _silent(server)
    code = "#include <unistd.h>\nint getaddrinfo(void) { sleep(20); return -3; }"
    slow = compiled(tmp_path, code)
    call = "cj.Client('https://slow.example', 'a-key').jobs('x')"
    process = script(SCRIPT.format(guid=GUID, call=call), server.address, LD_PRELOAD=slow)
    seconds = _interrupted(process)
    print(f"name lookup: Ctrl-C after {seconds * 1000:.0f} ms")
    assert seconds < 2


def test_ctrl_c_ends_an_arrow_stream(server: Server) -> None:
    """The library that pulls it says in its own words that it was cancelled."""
    _silent(server)
    call = (
        "import pyarrow\n"
        "    try: pyarrow.RecordBatchReader.from_stream(quiet.tail()).read_all()\n"
        "    except OSError: raise KeyboardInterrupt"
    )
    seconds = _interrupted(script(SCRIPT.format(guid=GUID, call=call), server.address), after=1.5)
    print(f"Arrow stream: Ctrl-C after {seconds * 1000:.0f} ms")
    assert seconds < 2


def test_ctrl_c_is_never_lost_between_callbacks(server: Server) -> None:
    """Signals at many moments of many calls: each arrives as KeyboardInterrupt."""
    _silent(server)
    code = f"""
import os, signal, sys, threading, time
import connectjobs as cj
client = cj.Client(sys.argv[1], "key", proxy="", max_retries=0)
job = client.job("{GUID}", "k1")
lost = 0
for n in range(60):
    threading.Timer(0.02 + n * 0.0017, os.kill, (os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    try:
        if n % 3 == 0:
            client.jobs("silent", timeout=2)
        elif n % 3 == 1:
            job.wait(timeout=2)
        else:
            [0 for _ in job.tail()]
        lost += 1
    except KeyboardInterrupt:
        lost += time.monotonic() - begun > 1
    except cj.TimedOutError:
        lost += 1
print("lost", lost)
"""
    assert finish(script(code, server.address), 120) == "lost 0\n"


def test_an_interrupted_tail_goes_on(server: Server) -> None:
    """Ctrl-C loses no line and repeats none."""
    server.job(as_json({"key": "k1", "status": 2}))
    second = threading.Event()
    lines = [entry("one", second=1), entry("two", second=2), entry("three", second=3)]

    def chunks() -> Iterator[bytes]:
        for line in lines[:2]:
            yield json.dumps(line).encode() + b"\n"
        second.wait(20)
        yield json.dumps(lines[2]).encode() + b"\n"

    def log() -> Answer:
        return as_json({"entries": lines if second.is_set() else lines[:2]})

    server.job(lambda: Answer(chunks=chunks()), part="/tail")
    server.job(log, part="/log")
    code = f"""
import sys
import connectjobs as cj
client = cj.Client(sys.argv[1], "key", proxy="", max_retries=0)
tail = client.job("{GUID}", "k1").tail()
seen = [next(tail).data]
try:
    seen += [next(tail).data]
    print("blocking")
    seen += [next(tail).data]
except KeyboardInterrupt:
    print("interrupted")
seen += [entry.data for entry in tail]
print(seen)
"""
    process = script(code, server.address)
    assert process.stdout is not None
    assert process.stdout.readline() == "blocking\n"
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "interrupted\n"
    server.job(as_json({"key": "k1", "status": 2}))
    second.set()
    assert finish(process) == "['one', 'two', 'three']\n"


class Mine(Exception):  # noqa: N818
    """A host's own exception."""


@pytest.fixture
def job(server: Server, client: cj.Client) -> cj.Job:
    server.job(as_json({"key": "k1"}))
    server.job(Answer(b"x" * 3_000_000, kind="text/plain"), part="/download")
    return client.job(GUID, "k1")


def test_what_progress_raises_comes_out(job: cj.Job, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []

    def progress(received: int, total: int | None) -> None:
        seen.append((received, total))
        raise Mine(received)

    with pytest.raises(Mine):
        job.download(tmp_path / "log", progress=progress)
    assert len(seen) == 1
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TypeError, match="progress must be a function"):
        job.download(tmp_path / "log", progress=7)  # type: ignore[arg-type]


def test_progress_is_told(job: cj.Job, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    job.download(tmp_path / "log", progress=lambda *told: seen.append(told))
    assert (tmp_path / "log").read_bytes() == b"x" * 3_000_000
    assert seen[-1] == (3_000_000, 3_000_000)
    assert seen == sorted(seen)


def test_what_a_file_raises_comes_out(job: cj.Job) -> None:
    class Full:
        def write(self, _: bytes) -> int:
            raise Mine

    with pytest.raises(Mine):
        job.download(Full())  # type: ignore[arg-type]


def test_a_file_may_take_a_part(job: cj.Job) -> None:
    class Slow:
        got = b""

        def write(self, data: bytes) -> int:
            self.got += data[:1000]
            return len(data[:1000])

    slow = Slow()
    job.download(slow)  # type: ignore[arg-type]
    assert slow.got == b"x" * 3_000_000


def test_a_callback_may_call_the_library(job: cj.Job, tmp_path: Path) -> None:
    keys = []
    job.download(tmp_path / "log", progress=lambda *_: keys.append(job.refresh().key))
    assert set(keys) == {"k1"}


def test_a_file_that_is_there_is_kept(job: cj.Job, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("old")
    with pytest.raises(FileExistsError) as caught:
        job.download(path)
    assert isinstance(caught.value, cj.FileError)
    assert path.read_text() == "old"
    with pytest.raises(IsADirectoryError):
        job.download(tmp_path, overwrite=True)
    with pytest.raises(cj.FileError):
        job.download(tmp_path / "none" / "log")
    job.download(str(path), overwrite=True)
    job.download(bytes(path), overwrite=True)
    assert path.stat().st_size == 3_000_000
    assert [each.name for each in tmp_path.iterdir()] == ["log"]
