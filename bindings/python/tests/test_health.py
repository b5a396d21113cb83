"""Thousands of handles leave nothing behind; no memory is touched that is not ours."""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest

import connectjobs as cj
from support import GUID, KEY, Server, as_json, entry, finish, script

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 10_000
WARMING = 500
_SLACK = 6 << 20  # what an allocator may keep; 10,000 leaks of a kilobyte are more


def _measure() -> tuple[int, int]:
    """Open descriptors, and resident memory in bytes."""
    gc.collect()
    with open("/proc/self/statm", encoding="ascii") as file:
        pages = int(file.read().split()[1])
    return len(os.listdir("/proc/self/fd")), pages * os.sysconf("SC_PAGE_SIZE")


def _stays_flat(once: Callable[[], object], times: int, descriptors_slack: int = 0) -> None:
    for _ in range(WARMING):
        once()
    descriptors, memory = _measure()
    for _ in range(times):
        once()
    descriptors_after, memory_after = _measure()
    print(f"{memory_after - memory:+,} bytes, {descriptors_after - descriptors:+} descriptors")
    assert descriptors_after <= descriptors + descriptors_slack
    assert memory_after - memory < _SLACK


def test_clients_leave_nothing() -> None:
    def once() -> None:
        cj.Client("http://127.0.0.1:1", KEY, proxy="", headers={"X-A": "b"}).close()
        cj.Client("http://127.0.0.1:1", KEY, proxy="")

    _stays_flat(once, MANY)


def test_tails_leave_nothing(client: cj.Client) -> None:
    def once() -> None:
        with client.tail(GUID, ["k1", "k2"], lines=5):
            pass
        client.tail(GUID)

    _stays_flat(once, MANY)


def test_tables_leave_nothing(server: Server, client: cj.Client) -> None:
    server.job(as_json({"key": "k1"}))
    server.job(as_json({"entries": [entry(f"line {n}") for n in range(200)]}), part="/log")
    log = client.job(GUID, "k1").log()

    def once() -> None:
        part = log[50:100]
        list(part)
        part.grep("line 5")._whole()
        part.__arrow_c_array__()
        part.__arrow_c_stream__()

    _stays_flat(once, MANY)


def test_failures_leave_nothing(client: cj.Client) -> None:
    def once() -> None:
        with pytest.raises(ValueError, match="guid"):
            client.jobs("../x")
        with pytest.raises(TypeError):
            client.jobs(42)  # type: ignore[arg-type]

    _stays_flat(once, MANY)


def test_answers_leave_nothing(server: Server) -> None:
    """Over the network, with connections; the server lives in this process, too."""
    server.jobs(as_json([{"key": f"k{n}", "status": 0} for n in range(5)]))
    server.job(as_json({"key": "k1", "status": 2}))
    server.followed(entry("one"), entry("two"))

    def once() -> None:
        with cj.Client(server.address, KEY, proxy="", max_retries=0) as client:
            list(client.jobs(GUID))
            with client.tail(GUID, "k1") as tail:
                next(tail)
            with pytest.raises(cj.NotFoundError):
                client.jobs("none")

    for _ in range(30):
        once()
    descriptors, memory = _measure()
    for _ in range(150):
        once()
    descriptors_after, memory_after = _measure()
    # The server takes a moment to notice that a client has left.
    assert descriptors_after <= descriptors + 40
    assert memory_after - memory < 16 << 20


STORY = f"""
import asyncio, copy, gc, io, pickle, sys
import connectjobs as cj
client = cj.Client(sys.argv[1], "{KEY}", proxy="", max_retries=0)
for n in range(5):
    jobs = client.jobs("{GUID}")
    assert [job.key for job in jobs.active()] == ["k0", "k1"], n
    assert [job.key for job in jobs[::-1]] == ["k1", "k0"]
    job = client.job("{GUID}", "k1")
    log = job.log()
    assert [entry.data for entry in log] == ["one", "two 𝄞"]
    assert log.grep("two")[0] == log[1] == log.stderr[0]
    log.__arrow_c_array__(), log.__arrow_c_stream__(), log.__arrow_c_schema__()
    assert pickle.loads(pickle.dumps(log[1])) == log[1]
    with job.tail() as tail:
        assert [entry.data for entry in tail] == ["one", "two 𝄞"]
        assert tail.summary()[0].entries == 2
    async def follow():
        return [entry.data async for entry in client.tail("{GUID}", "k1")]
    assert asyncio.run(follow()) == ["one", "two 𝄞"]
    file = io.BytesIO()
    job.download(file, progress=lambda *_: None)
    assert file.getvalue().decode().split("\\n")[0] == "one"
    try:
        client.jobs("none")
    except cj.NotFoundError as error:
        kept = error
    del jobs, log, tail
    gc.collect()
print("well")
"""


@pytest.mark.parametrize("flags", [[], ["-X", "dev"], ["-b", "-W", "error"]])
def test_a_story_with_a_watchful_allocator(server: Server, flags: list[str]) -> None:
    """``PYTHONMALLOC=debug`` ends a process that writes beyond or after what it was given."""
    server.jobs(as_json([{"key": "k0", "status": 0}, {"key": "k1", "status": 0}]))
    server.job(as_json({"key": "k1", "status": 2}))
    server.followed(entry("one"), entry("two 𝄞", "stderr", 1))
    process = script(STORY, server.address, flags=flags, PYTHONMALLOC="debug")
    assert finish(process, 120) == "well\n"
