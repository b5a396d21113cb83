"""Tails that end by themselves: after a time here (timeout), or at a time in the log (until)."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

import connectjobs as cj
from support import GUID, Server, as_json, entry

if TYPE_CHECKING:
    from collections.abc import Callable

NINE = datetime(2024, 12, 6, 19, 9, tzinfo=timezone.utc)
# One a second; stderr is written two seconds late.
LINES = [entry(f"out {n}", second=n) for n in range(40)]
for _n in range(0, 38, 4):
    LINES[_n + 2] = entry(f"err {_n}", "stderr", _n)


@pytest.fixture
def running(server: Server, client: cj.Client) -> cj.Job:
    """A job that has written 40 lines and goes on in silence."""
    server.job(as_json({"key": "k1", "status": 0}))
    server.followed(*LINES, then="silence")
    return client.job(GUID, "k1")


def _async_list(tail: cj.Tail) -> list[cj.LogEntry]:
    async def work() -> list[cj.LogEntry]:
        return [each async for each in tail]

    return asyncio.run(work())


LOOPS: dict[str, Callable[[cj.Tail], Any]] = {
    "for": list,
    "async for": _async_list,
    "batches": lambda tail: [each for batch in tail.batches() for each in batch],
}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_timeout_ends_the_loop(running: cj.Job, loop: str) -> None:
    begun = time.monotonic()
    with running.tail(timeout=0.5) as tail, pytest.raises(TimeoutError, match="the job goes on"):
        LOOPS[loop](tail)
    assert 0.4 < time.monotonic() - begun < 3


def test_what_came_before_the_timeout_was_given(running: cj.Job) -> None:
    seen: list[str] = []

    def follow() -> None:
        for each in running.tail(timeout=0.7):
            seen.append(each.data)  # noqa: PERF401  (what came before the timeout counts)

    with pytest.raises(cj.TimedOutError):
        follow()
    assert seen == [line["data"] for line in LINES]


@pytest.mark.parametrize("loop", LOOPS)
def test_until_a_time_that_is_past(running: cj.Job, loop: str) -> None:
    begun = time.monotonic()
    until = NINE + timedelta(seconds=20)
    seen = [each.data for each in LOOPS[loop](running.tail(until=until))]
    stamp = f"{until:%Y-%m-%dT%H:%M:%S}"
    assert seen == [line["data"] for line in LINES if line["timestamp"] < stamp]
    assert "err 16" in seen  # though out 20 may have been before it
    assert time.monotonic() - begun < 4  # later lines show that nothing more is to come


def test_since_and_until(running: cj.Job) -> None:
    since, until = NINE + timedelta(seconds=10), NINE + timedelta(seconds=12)
    assert [each.data for each in running.tail(since=since, until=until)] == ["out 11"]


def test_until_a_time_that_is_past_though_no_later_line_comes(running: cj.Job) -> None:
    begun = time.monotonic()
    seen = [each.data for each in running.tail(until=NINE + timedelta(hours=1))]
    assert seen == [line["data"] for line in LINES]
    assert 4 < time.monotonic() - begun < 9


def test_until_nanoseconds(running: cj.Job) -> None:
    assert list(running.tail(until=0)) == []
    assert LINES[0]["timestamp"].endswith("948016766Z")
    first = 1_733_512_140_948_016_766
    assert [each.data for each in running.tail(until=first + 1)] == ["out 0", "err 0"]


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"timeout": -1}, ValueError),
        ({"timeout": "1"}, TypeError),
        ({"until": "now"}, TypeError),
        ({"until": datetime(2024, 1, 1)}, ValueError),  # noqa: DTZ001
    ],
)
def test_limits_are_checked(
    client: cj.Client, options: dict[str, Any], kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        client.tail(GUID, "k1", **options)
