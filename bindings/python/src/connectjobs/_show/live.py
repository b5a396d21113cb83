"""A log as it grows, in one cell of a notebook.

A job may write a million lines a second, and a kernel may send a notebook about a megabyte and a
thousand messages a second. So what is shown is replaced, a few times a second at most, by a page
of bounded size: the last lines, and how many were left out.
"""

from __future__ import annotations

import time
from collections import deque
from html import escape
from typing import TYPE_CHECKING, Callable

from connectjobs import _abi

from .notebook import Cell
from .tables import shortened

if TYPE_CHECKING:
    from connectjobs._job import Job
    from connectjobs._log import Log
    from connectjobs._tail import Tail

_LINES = 40  # shown at once
_CHARACTERS = 300  # of one line
_INTERVAL = 0.25  # seconds between two pages, of at most 40 * 300 characters
_HEARTBEAT = 2.0  # seconds after which the page is made anew in silence, for its clock
_SLICE = 0.05  # seconds: Ctrl-C (Interrupt) is seen between two
_STYLES = {"stderr": "color:#c0392b"}
_PAGE = (
    "font-family:monospace;font-size:0.9em;line-height:1.35;white-space:pre-wrap;margin:0;"
    "word-break:break-word"
)


class Page:
    """The last lines and the count of all; a value that says how it looks.

    Args:
        what: What is followed.
        shown: How many lines are shown.
    """

    def __init__(self, what: str, shown: int = _LINES) -> None:
        self._what = what
        self._last: deque[tuple[str | None, str]] = deque(maxlen=shown)
        self._count = 0
        self._state = "following"

    def add(self, log: Log) -> None:
        """Some more lines; of many, only the last are looked at."""
        self._count += len(log)
        most = self._last.maxlen or 0
        for entry in log[max(0, len(log) - most) :]:
            self._last.append((entry.source, shortened(entry.data, _CHARACTERS)))

    def end(self, state: str) -> None:
        """How it ended, in words."""
        self._state = state

    @property
    def left_out(self) -> int:
        """How many lines came and are not shown."""
        return self._count - len(self._last)

    def _status(self) -> str:
        lines = f"{self._count:,} line{'' if self._count == 1 else 's'}"
        return f"{self._what}: {self._state}, {lines}"

    def html(self) -> str:
        """The page; every text of the job escaped."""
        cut = f"<i>… {self.left_out:,} lines before …</i>\n" if self.left_out else ""
        lines = "\n".join(
            f'<span style="{_STYLES[source]}">{escape(line)}</span>'
            if source in _STYLES
            else escape(line)
            for source, line in self._last
        )
        return (
            f'<div><pre style="{_PAGE}">{cut}{lines}</pre>'
            f'<p style="margin:0.3em 0 0"><b>{escape(self._status())}</b></p></div>'
        )

    def text(self) -> str:
        """The same for where no HTML is shown."""
        cut = [f"... {self.left_out:,} lines before ..."] if self.left_out else []
        return "\n".join([*cut, *(line for _, line in self._last), self._status()])


class _Refreshed:
    """A cell with a page, replaced no more often than the interval allows."""

    def __init__(self, page: Page, clock: Callable[[], float] = time.monotonic) -> None:
        self._page = page
        self._clock = clock
        self._cell = Cell(page.html(), page.text())
        self._shown_at = clock()
        self._stale = False

    def touch(self) -> None:
        """There is something new."""
        self._stale = True

    def refresh(self, *, now: bool = False) -> None:
        """Shows what is new, if it is time."""
        since = self._clock() - self._shown_at
        if now or since >= (_INTERVAL if self._stale else _HEARTBEAT):
            self._cell.replace(self._page.html(), self._page.text())
            self._shown_at = self._clock()
            self._stale = False


def follow_in_cell(tail: Tail, job: Job) -> Job:
    """Shows a tail until its end, and how the job ended."""
    page = Page(f"job {job.key}")
    cell = _Refreshed(page)
    try:
        _follow(tail, page, cell)
        ended = job.refresh()
        page.end(_ending(tail, ended))
    except KeyboardInterrupt:
        page.end("interrupted; the job goes on")
        raise
    except BaseException as error:
        page.end(f"the follow ended: {type(error).__name__}")
        raise
    finally:
        cell.refresh(now=True)
    return ended


def _follow(tail: Tail, page: Page, cell: _Refreshed) -> None:
    status = _abi.OK
    while status != _abi.DONE:
        status = tail._step_within(round(_SLICE * 1000))  # noqa: SLF001
        lines = tail._batch.take_rest() if status == _abi.OK else None  # noqa: SLF001
        if lines is not None:
            page.add(lines)
            cell.touch()
        cell.refresh()


def _ending(tail: Tail, job: Job) -> str:
    """The job's state and exit code, and what the follow may have missed."""
    parts = [job.state or "ended"]
    if job.exit_code is not None:
        parts.append(f"exit code {job.exit_code}")
    summary = tail.summary()
    if any(each.gap_possible for each in summary):
        parts.append("some lines may be missing")
    if any(each.repeat_possible for each in summary):
        parts.append("some lines may have come twice")
    return ", ".join(parts)
