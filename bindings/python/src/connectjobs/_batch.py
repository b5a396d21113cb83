"""The batch of a tail that is being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._handles import TableHandle
from ._log import Chunk, Log
from ._table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._hooks import Hooks
    from ._limits import Limits
    from ._log import LogEntry


class Batch:
    """Room for the next table of a tail, and how far it has been read.

    The room is there before the library is asked to fill it, and what was read is a position in it:
    so Ctrl-C at any moment neither loses nor repeats a line.
    """

    __slots__ = ("_chunk", "_hooks", "_log", "handle", "limits")

    def __init__(self, limits: Limits, hooks: Hooks | None) -> None:
        self.handle = TableHandle()
        self.limits = limits
        self._hooks = hooks
        self._log: Log | None = None
        self._chunk: tuple[Chunk | None, int] = (None, 0)  # and the row where it ends

    def _lines(self) -> Log | None:
        """All of it; None as long as nothing has come."""
        if self._log is None and self.handle.pointer:
            log = self.limits.wanted(Log(Table(self.handle)))
            self._log = log if self._hooks is None else self._hooks.passed(log)
        return self._log

    def left(self) -> int:
        """How many entries have not been read."""
        log = self._lines()
        chunk, end = self._chunk
        return 0 if log is None else len(log) - end + (chunk.left() if chunk else 0)

    def entries(self) -> Iterator[LogEntry]:
        """Some of those not read yet; empty where there are none."""
        chunk, end = self._chunk
        log = self._lines()
        if log is not None and end < len(log) and not (chunk and chunk.left()):
            chunk = log._chunk(end)  # noqa: SLF001
            self._chunk = chunk, end + chunk.left()
        return chunk.entries if chunk else iter(())

    def take_rest(self) -> Log | None:
        """Those not read yet, as columns, which then count as read."""
        left, log = self.left(), self._log
        if log is None or not left:
            return None
        self._chunk = None, len(log)
        return log[len(log) - left :]
