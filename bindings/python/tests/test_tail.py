"""Following logs with for, async for and by batches."""

from __future__ import annotations

import asyncio
import io
import json
import select
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

import connectjobs as cj
from support import GUID, Answer, Server, as_json, connect_error, entry, until

if TYPE_CHECKING:
    from collections.abc import Coroutine

LINES = [entry(f"line {n}", "stderr" if n % 3 == 0 else "stdout", n // 4) for n in range(200)]
TEXTS = [line["data"] for line in LINES]


@pytest.fixture
def job(server: Server, client: cj.Client) -> cj.Job:
    """A job that has ended, with a tail of 200 lines."""
    server.job(as_json({"key": "k1", "status": 2, "exit_code": 0}))
    server.followed(*LINES)
    return client.job(GUID, "k1")


@pytest.fixture
def running(server: Server, client: cj.Client) -> cj.Job:
    """A job that has written two lines and goes on in silence."""
    server.job(as_json({"key": "k2", "status": 0}), key="k2")
    server.followed(*LINES[:2], key="k2", then="silence")
    return client.job(GUID, "k2")


def run(work: Coroutine[Any, Any, None], seconds: float = 20) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(work, seconds)

    asyncio.run(bounded())


def test_a_loop_gets_each_line_once_and_ends(job: cj.Job) -> None:
    with job.tail() as tail:
        seen = list(tail)
        assert [each.data for each in seen] == TEXTS
        assert [each.source for each in seen] == [line["source"] for line in LINES]
        assert {each.job_key for each in seen} == {"k1"}
        assert list(tail) == []  # the end stays the end
        summary = tail.summary()[0]
        assert (summary.end_reason, summary.entries) == ("finalized", 200)
        assert not summary.gap_possible
    assert tail.closed


def test_batches_are_logs(job: cj.Job) -> None:
    batches = list(job.tail().batches())
    assert all(isinstance(batch, cj.Log) and batch for batch in batches)
    assert [each.data for batch in batches for each in batch] == TEXTS


def test_batches_are_no_larger_than_asked_for(server: Server, job: cj.Job) -> None:
    at_once = b"".join(json.dumps(line).encode() + b"\n" for line in LINES)
    server.job(Answer(at_once), part="/tail")
    batches = list(job.tail(max_batch_rows=64).batches())
    assert max(len(batch) for batch in batches) <= 64


def test_batches_go_on_where_a_loop_stopped(job: cj.Job) -> None:
    tail = job.tail()
    first = [next(tail).data for _ in range(3)]
    rest = [each.data for batch in tail.batches() for each in batch]
    assert first + rest == TEXTS


def test_a_loop_goes_on_where_it_stopped(job: cj.Job) -> None:
    tail = job.tail()
    seen = []
    for each in tail:
        seen.append(each.data)
        if len(seen) == 5:
            break
    assert seen + [each.data for each in tail] == TEXTS


def test_a_line_comes_when_it_is_written(running: cj.Job) -> None:
    begun = time.monotonic()
    with running.tail() as tail:
        assert [next(tail).data, next(tail).data] == TEXTS[:2]
    assert time.monotonic() - begun < 5


def test_the_descriptor_can_be_waited_for(running: cj.Job) -> None:
    with running.tail() as tail:
        next(tail)
        assert tail.fileno() == tail.fileno() >= 0
        next(tail)
        assert isinstance(select.select([tail], [], [], 0)[0], list)


@pytest.mark.parametrize("ending", ["close", "cancel"])
def test_another_thread_may_end_it(running: cj.Job, ending: str) -> None:
    tail = running.tail()
    ended: list[BaseException | None] = []
    waiting = threading.Event()

    def follow() -> None:
        try:
            for n, _ in enumerate(tail):
                if n == 1:
                    waiting.set()
            ended.append(None)
        except cj.ConnectJobsError as error:
            ended.append(error)

    thread = threading.Thread(target=follow)
    thread.start()
    assert waiting.wait(5)
    time.sleep(0.1)
    getattr(tail, ending)()
    thread.join(5)
    assert not thread.is_alive()
    assert isinstance(ended[0], cj.CancelledError)


def test_a_second_thread_is_told_that_it_is_busy(running: cj.Job) -> None:
    tail = running.tail()
    next(tail)
    next(tail)

    def wait() -> None:
        with pytest.raises(cj.CancelledError):
            next(tail)

    thread = threading.Thread(target=wait)
    thread.start()

    def busy() -> bool:
        try:
            tail.summary()
        except cj.BusyError:
            return True
        return False

    until(busy)
    tail.cancel()
    thread.join(5)
    assert not thread.is_alive()


def test_a_closed_tail_says_so(running: cj.Job) -> None:
    tail = running.tail()
    assert "k2" in repr(tail)
    tail.close()
    tail.close()
    tail.cancel()
    assert "closed" in repr(tail)
    for use in (lambda: next(tail), tail.summary, tail.fileno, lambda: next(tail.batches())):
        with pytest.raises(cj.ClosedError, match="closed"):
            use()


def test_a_job_that_is_not_there(server: Server, client: cj.Client) -> None:
    server.job(connect_error(404, 4, "no such job"), key="k9", part="/tail")
    tail = client.tail(GUID, "k9")
    for _ in range(2):  # the same answer comes again
        with pytest.raises(cj.NotFoundError):
            next(tail)


def test_many_jobs_or_all_of_an_item_are_followed(
    server: Server, client: cj.Client, job: cj.Job, running: cj.Job
) -> None:
    server.jobs(as_json([{"key": "k1", "status": 2}, {"key": "k2", "status": 0}]))
    for keys in (None, ["k1", "k2"], [job, running]):
        with client.tail(GUID, keys) as tail:
            assert next(tail).data in TEXTS


def test_following_prints(job: cj.Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert job.follow().exit_code == 0
    assert capsys.readouterr().out.splitlines() == TEXTS


def test_following_is_safe_on_a_terminal(server: Server, client: cj.Client) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    evil = "\x1b]0;owned\x07\x9b31m\x08\u202etab\tok\x7f"
    server.job(as_json({"key": "k1", "status": 2}))
    server.job(server.lines(entry(evil)), part="/tail")
    job = client.job(GUID, "k1")
    terminal, file = Terminal(), io.StringIO()
    job.follow(terminal)
    job.follow(file)
    assert terminal.getvalue() == "\\x1b]0;owned\\x07\\x9b31m\\x08\\u202etab\tok\\x7f\n"
    assert file.getvalue() == evil + "\n"


def test_async_for(job: cj.Job) -> None:
    async def work() -> None:
        async with job.tail() as tail:
            assert [each.data async for each in tail] == TEXTS
        assert tail.closed

    run(work())


def test_async_batches(job: cj.Job) -> None:
    async def work() -> None:
        texts = [each.data async for batch in job.tail().batches() for each in batch]
        assert texts == TEXTS

    run(work())


def test_async_leaves_room_for_others(running: cj.Job) -> None:
    async def work() -> None:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.01)

        others = asyncio.create_task(tick())
        tail = running.tail()
        await tail.__anext__()
        await tail.__anext__()
        threads = threading.active_count()
        waiting = asyncio.create_task(tail.__anext__())
        await asyncio.sleep(0.3)
        assert threading.active_count() == threads
        assert not waiting.done()
        assert ticks > 10
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert tail.closed
        others.cancel()

    run(work())


def test_async_cancellation_is_quick(running: cj.Job) -> None:
    async def work() -> None:
        seen = []

        async def follow() -> None:
            async for each in running.tail():
                seen.append(each.data)  # noqa: PERF401  (what came before the timeout counts)

        begun = time.monotonic()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(follow(), 0.5)
        assert time.monotonic() - begun < 2
        assert seen == TEXTS[:2]

    run(work())


@pytest.mark.skipif(not hasattr(asyncio, "timeout"), reason="this Python is before 3.11")
def test_asyncio_timeout_ends_it(running: cj.Job) -> None:
    async def work() -> None:
        timeout: Any = getattr(asyncio, "timeout")  # noqa: B009  (for type checkers of old)
        seen: list[str] = []
        tail = running.tail()

        async def follow() -> None:
            async with timeout(0.5):
                async for each in tail:
                    seen.append(each.data)  # noqa: PERF401  (what came before counts)

        with pytest.raises(TimeoutError):
            await follow()
        assert seen == TEXTS[:2]
        assert tail.closed

    run(work())


def test_async_close_by_another_task(running: cj.Job) -> None:
    async def work() -> None:
        tail = running.tail()

        async def follow() -> None:
            async for _ in tail:
                pass

        task = asyncio.create_task(follow())
        await asyncio.sleep(0.3)
        second = asyncio.create_task(tail.__anext__())
        with pytest.raises(cj.BusyError):
            await second
        tail.close()
        with pytest.raises((cj.ClosedError, cj.CancelledError)):
            await asyncio.wait_for(task, 2)

    run(work())


def test_async_follows_many_at_once(server: Server, client: cj.Client) -> None:
    server.job(as_json({"key": "k1", "status": 2}))
    server.followed(*LINES)

    async def work() -> None:
        async def follow() -> list[str]:
            return [each.data async for each in client.tail(GUID, "k1")]

        assert await asyncio.gather(*(follow() for _ in range(20))) == [TEXTS] * 20

    run(work())
