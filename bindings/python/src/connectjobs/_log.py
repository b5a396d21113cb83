"""Log lines."""

from __future__ import annotations

import re
from functools import partial
from itertools import compress
from operator import eq, length_hint
from typing import TYPE_CHECKING, Any, Callable, NamedTuple, cast

from ._rows import Rows
from ._show.terminal import visible
from ._times import time_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ._table import Selection, Table

# Entries are made so many at a time while iterating: few objects alive, columns read in runs.
_CHUNK = 4096


class _Fields(NamedTuple):
    """What a line is made of."""

    source: str | None
    timestamp_ns: int | None
    data: str
    content_guid: str | None = None
    job_key: str | None = None


class LogEntry(_Fields):
    """One line of a job's log, without its newline; an immutable named tuple.

    ``data`` may hold anything; ``str(entry)`` is the same with nothing in it that could drive a
    terminal.

    Attributes:
        source: ``"stdout"`` or ``"stderr"``.
        timestamp_ns: When it was written, in nanoseconds since 1970 UTC.
        data: The line.
        content_guid: The content item.
        job_key: The job.

    >>> entry = cj.LogEntry("stderr", 1_733_512_169_948_016_766, "it broke")
    >>> entry.timestamp
    datetime.datetime(2024, 12, 6, 19, 9, 29, 948016, tzinfo=datetime.timezone.utc)
    >>> print(entry)
    it broke
    """

    __slots__ = ()

    @property
    def timestamp(self) -> datetime | None:
        """When it was written, in UTC, to the microsecond; made when it is asked for."""
        return time_of(self.timestamp_ns)

    def __str__(self) -> str:
        return visible(self.data)

    def __repr__(self) -> str:
        stamp = self.timestamp
        told = None if stamp is None else f"{stamp:%Y-%m-%dT%H:%M:%S.%f}Z"
        return f"LogEntry(source={self.source!r}, timestamp={told}, data={self.data!r})"


_NAMES = ("source", "timestamp", "data", "content_guid", "job_key")
# Neither __new__ nor __init__ of ours runs for each of a million lines.
_new: Callable[[tuple[Any, ...]], LogEntry] = partial(cast("Any", tuple).__new__, LogEntry)


class Chunk:
    """Some thousand entries, each made when it is taken, and how many are left.

    Made whole before it is kept anywhere, and what was taken is a position in it: so Ctrl-C at any
    moment neither loses nor repeats a line.
    """

    __slots__ = ("_texts", "entries")

    def __init__(self, table: Table, rows: Selection) -> None:
        sources, times, texts, guids, keys = (table.column(name).values(rows) for name in _NAMES)
        self._texts = iter(texts)
        self.entries: Iterator[LogEntry] = map(_new, zip(sources, times, self._texts, guids, keys))

    def left(self) -> int:
        """How many have not been taken."""
        return length_hint(self._texts)


class Log(Rows[LogEntry]):
    """Log lines, in the log's order.

    >>> log = client.jobs(client.content("broken-report").first).latest.log()
    >>> log.stderr
    <Log: 1 row>
    >>> log.grep("no such")[0].data
    'sales.csv: no such file'
    >>> log.columns
    ['content_guid', 'job_key', 'source', 'timestamp', 'data']
    """

    _shown = ("source", "timestamp", "data")

    def _item(self, row: int) -> LogEntry:
        return next(Chunk(self._table, range(row, row + 1)).entries)

    def __iter__(self) -> Iterator[LogEntry]:
        for chunk in self._chunks():
            yield from chunk.entries

    def _chunk(self, first: int) -> Chunk:
        """The entries that follow ``first``."""
        return Chunk(self._table, self._selection[first : first + _CHUNK])

    def _chunks(self) -> Iterator[Chunk]:
        return map(self._chunk, range(0, len(self), _CHUNK))

    def __str__(self) -> str:
        return "\n".join(line or "" for line in self.column("data"))

    @property
    def stdout(self) -> Log:
        """The lines that the job wrote to stdout."""
        return self._of("stdout")

    @property
    def stderr(self) -> Log:
        """The lines that the job wrote to stderr."""
        return self._of("stderr")

    def _of(self, source: str) -> Log:
        chosen = map(partial(eq, source), self.column("source"))
        return self._select(list(compress(self._selection, chosen)))

    def grep(self, pattern: str | re.Pattern[str], *, invert: bool = False) -> Log:
        """The lines in which a regular expression is found.

        Args:
            pattern: The expression, or one that ``re.compile`` made (with flags, such as
                ``re.IGNORECASE``).
            invert: Whether to give the other lines instead.

        Raises:
            ValueError: It is no regular expression.

        >>> log = client.jobs(client.content("broken-report").first).latest.log()
        >>> [entry.data for entry in log.grep("(?i)READING")]
        ['reading sales.csv']
        >>> len(log.grep("reading", invert=True))
        1
        """
        found = _compiled(pattern).search
        kept: list[int] = []
        for first in range(0, len(self), _CHUNK):
            rows = self._selection[first : first + _CHUNK]
            texts = (text or "" for text in self._table.column("data").values(rows))
            hits = [bool(found(text)) is not invert for text in texts]
            kept += compress(rows, hits)
        return self._select(kept)


def _compiled(pattern: object) -> re.Pattern[str]:
    if isinstance(pattern, re.Pattern):
        compiled = cast("re.Pattern[str]", pattern)
        if isinstance(cast("object", compiled.pattern), str):
            return compiled
    if not isinstance(pattern, str):
        raise TypeError(
            f"pattern must be a regular expression for text, not {type(pattern).__qualname__}"
        )
    try:
        return re.compile(pattern)
    except re.error as problem:
        raise ValueError(
            f"{pattern!r} is no regular expression ({problem}); re.escape() takes it as it is"
        ) from None
