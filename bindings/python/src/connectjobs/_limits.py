"""When a loop over a tail ends by itself: after some time here, or at some time in the log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NoReturn

from ._errors import TimedOutError

if TYPE_CHECKING:
    from ._log import Log

# Two streams of one job are not written in step, and two clocks are never the same: that many
# seconds after `until` nothing more is expected before it.
_MARGIN = 5.0


class Limits:
    """The limits of one tail; a value, but for the two clocks.

    Args:
        timeout: Seconds from now; None is without end.
        until_ns: Lines stamped then or later are not wanted; None is without end.
        one_job: Whether all lines are of one job, and so in the order of time.
    """

    __slots__ = ("_deadline", "_last_news", "_one_job", "_passed", "_timeout", "_until_ns")

    def __init__(self, timeout: float | None, until_ns: int | None, *, one_job: bool) -> None:
        self._timeout = timeout
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._until_ns = until_ns
        self._one_job = one_job
        self._passed = False
        self._last_news = time.monotonic()

    @property
    def some(self) -> bool:
        """Whether there are any."""
        return self._deadline is not None or self._until_ns is not None

    def patience(self) -> float | None:
        """For how many seconds may be waited now; 0 at the end, None without end.

        Raises:
            TimedOutError: The timeout is over.
        """
        if self._passed:
            return 0.0
        waits: list[float] = []
        if self._deadline is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                self._give_up()
            waits.append(left)
        if self._until_ns is not None:
            waits.append(self._until_quiet(self._until_ns))
        return min(waits, default=None)

    def _until_quiet(self, until_ns: int) -> float:
        """Seconds until `until` is past, here, and nothing of before it has come for a while."""
        until_there = until_ns / 1e9 + _MARGIN - time.time()
        until_silent = self._last_news + _MARGIN - time.monotonic()
        return max(0.0, until_there, until_silent)

    def _give_up(self) -> NoReturn:
        raise TimedOutError(
            f"the tail has gone on for the {self._timeout:g} seconds that it was given; "
            "the job goes on, and another tail can follow it",
            operation="tail_next",
            retryable=True,
        )

    def wanted(self, log: Log) -> Log:
        """Those of its lines that are before `until`."""
        until_ns = self._until_ns
        if until_ns is None:
            return log
        times: list[int | None] = log.column("timestamp")
        early = [place for place, at in enumerate(times) if at is None or at < until_ns]
        if early:
            self._last_news = time.monotonic()
        latest = max((at for at in times if at is not None), default=until_ns)
        if self._one_job and latest >= until_ns + int(_MARGIN * 1e9):
            self._passed = True
        return log if len(early) == len(times) else log._at(early)  # noqa: SLF001
