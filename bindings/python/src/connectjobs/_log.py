"""Log lines."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  (a NamedTuple's annotations are for readers, too)
from typing import TYPE_CHECKING, NamedTuple

from ._rows import Rows, time_of
from ._terminal import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._table import Selection

# Entries are made so many at a time while iterating: few objects alive, columns read in runs.
_CHUNK = 4096


class LogEntry(NamedTuple):
    """One line of a job's log, without its newline.

    ``data`` may hold anything; ``str(entry)`` is the same with nothing in it that could drive a
    terminal.

    Attributes:
        source: ``"stdout"`` or ``"stderr"``.
        timestamp: When it was written, in UTC, to the microsecond.
        timestamp_ns: The same to the nanosecond, since 1970 UTC.
        data: The line.
        content_guid: The content item.
        job_key: The job.
    """

    source: str | None
    timestamp: datetime | None
    timestamp_ns: int | None
    data: str
    content_guid: str | None = None
    job_key: str | None = None

    def __str__(self) -> str:
        return visible(self.data)


class Log(Rows[LogEntry]):
    """Log lines, in the log's order."""

    def _item(self, row: int) -> LogEntry:
        return next(self._entries(range(row, row + 1)))

    def __iter__(self) -> Iterator[LogEntry]:
        for first in range(0, len(self), _CHUNK):
            yield from self._entries(self._selection[first : first + _CHUNK])

    def _entries(self, rows: Selection) -> Iterator[LogEntry]:
        sources, times, texts, guids, keys = (
            self._table.column(name).values(rows)
            for name in ("source", "timestamp", "data", "content_guid", "job_key")
        )
        return map(LogEntry, sources, map(time_of, times), times, texts, guids, keys)

    def __str__(self) -> str:
        return "\n".join(line or "" for line in self.column("data"))
