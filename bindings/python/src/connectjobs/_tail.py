"""Following logs: the loops around ``cjobs_tail_next``, for threads and for asyncio."""

from __future__ import annotations

from ctypes import byref
from itertools import chain
from typing import TYPE_CHECKING, Any

from . import _abi, _arguments
from ._batch import Batch
from ._call import on_main_thread, run
from ._callbacks import STREAM_INTERRUPT, USER_DATA, stream_check
from ._content import TailSummary
from ._errors import BusyError, ClosedError
from ._handles import TableHandle, TailHandle
from ._library import library
from ._limits import Limits
from ._table import Table

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

    from typing_extensions import Self

    from ._hooks import Hooks
    from ._log import Log, LogEntry

# On the main thread a wait is done in slices: Ctrl-C is seen between two, and the tail goes on.
_SLICE_MS = 50
_FOR_EVER_MS = -1
_COLUMNS = ("content_guid", "job_key", "source", "timestamp", "data")


def tail_options(
    lines: int | None,
    since: datetime | int | None,
    max_batch_rows: int | None,
    max_batch_bytes: int | None,
    retry_budget: float | None,
) -> _abi.TailOptions:
    """What a user asked for, as the library's struct."""
    options = _abi.sized(
        _abi.TailOptions,
        max_batch_rows=_positive("max_batch_rows", max_batch_rows),
        max_batch_bytes=_positive("max_batch_bytes", max_batch_bytes),
        retry_budget_ms=_arguments.milliseconds("retry_budget", retry_budget),
    )
    if lines is not None and since is not None:
        raise ValueError("a tail begins at the last lines or since a time, not both")
    if lines is not None:
        options.lines = _arguments.whole("lines", lines, 0)
        options.start = _abi.START_LAST if lines else _abi.START_NOW
    elif since is not None:
        options.since_ns = _arguments.nanoseconds("since", since)
        options.start = _abi.START_TIME
    return options


def tail_limits(timeout: float | None, until: datetime | int | None, *, one_job: bool) -> Limits:
    """When the loop over it is to end by itself."""
    seconds = None
    if timeout is not None:
        wait_ms = _arguments.waiting_milliseconds("timeout", timeout)
        seconds = wait_ms / 1000 if wait_ms >= 0 else None
    until_ns = None if until is None else _arguments.nanoseconds("until", until)
    return Limits(seconds, until_ns, one_job=one_job)


def call_options() -> _abi.CallOptions:
    """What a tail asks now and then while another library pulls it as an Arrow stream."""
    return _abi.sized(_abi.CallOptions, interrupt=STREAM_INTERRUPT, interrupt_data=USER_DATA)


def _positive(name: str, value: int | None) -> int:
    return 0 if value is None else _arguments.whole(name, value, 1)


class Tail:
    """Follows one job or several: log lines as they are written, until every job has ended.

    Use it with ``for`` or, in asyncio, ``async for``; ``batches()`` gives columns instead. Closed
    by ``close()``, at the end of a ``with`` block, or when nothing refers to it any more. One
    thread or task uses it at a time; ``cancel()`` and ``close()`` are for any.

    >>> job = client.jobs(client.content("broken-report").first).latest
    >>> with job.tail() as tail:
    ...     texts = [entry.data for entry in tail]
    ...     summary = tail.summary()[0]
    >>> len(texts), summary.end_reason, summary.exit_code, summary.gap_possible
    (2, 'finalized', 3, False)
    >>> import asyncio
    >>> async def follow(job):
    ...     async with job.tail() as tail:
    ...         return [entry.data async for entry in tail]
    >>> asyncio.run(follow(job)) == texts
    True
    """

    def __init__(
        self, handle: TailHandle, described: str, limits: Limits, hooks: Hooks | None = None
    ) -> None:
        self._handle: TailHandle | None = handle
        self._described = described
        self._limits = limits
        self._hooks = hooks  # also what the library may call lives as long as the tail
        self._batch = Batch(limits, hooks)
        self._awaited = False

    def __repr__(self) -> str:
        state = " closed" if self._handle is None else ""
        return f"<Tail of {self._described}{state}>"

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("a Tail is an open connection and cannot be pickled")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._handle is None

    def close(self) -> None:
        """Ends it, also while another thread waits in it; may be called again.

        >>> tail = client.tail(client.content("ticker").first)
        >>> tail.close()
        >>> tail.closed
        True
        """
        self.cancel()
        self._handle = None

    def cancel(self) -> None:
        """Makes whoever waits in it get CancelledError.

        >>> tail = client.tail(client.content("ticker").first)
        >>> tail.cancel()
        >>> next(tail)
        Traceback (most recent call last):
            ...
        connectjobs._errors.CancelledError: ...
        """
        handle = self._handle
        if handle is not None:
            library().cjobs_tail_cancel(handle.pointer)

    def fileno(self) -> int:
        """The descriptor that is readable when there is something to do; for ``select`` alone.

        >>> import select
        >>> with client.tail(client.content("ticker").first) as tail:
        ...     entry = next(tail)
        ...     readable, _, _ = select.select([tail], [], [], 10)
        >>> readable == [tail]
        True
        """
        return int(library().cjobs_tail_fd(self._open().pointer))

    def summary(self) -> TailSummary:
        """How each job's follow stands, or how it ended.

        >>> with client.tail(client.content("ticker").first) as tail:
        ...     entry = next(tail)
        ...     [(follow.end_reason, follow.gap_possible) for follow in tail.summary()]
        [(None, False)]
        """
        table = TableHandle()
        run("cjobs_tail_summary", self._open().pointer, byref(table.pointer))
        return TailSummary(Table(table))

    def _open(self) -> TailHandle:
        handle = self._handle
        if handle is None:
            raise ClosedError("this tail has been closed; open another", operation="tail_next")
        return handle

    def _step(self, timeout_ms: int) -> int:
        """Waits that long for a batch; DONE, TIMEOUT or OK."""
        batch = Batch(self._limits, self._hooks)
        self._batch = batch
        handle = self._open()
        try:
            with stream_check.asleep():
                return run(
                    "cjobs_tail_next", handle.pointer, timeout_ms, byref(batch.handle.pointer)
                )
        finally:
            del handle  # a traceback that somebody keeps must not keep the connection

    def _step_within(self, longest_ms: int) -> int:
        """The same, no longer than the tail's own limits allow; DONE where they end it."""
        patience = self._limits.patience()
        if patience == 0:
            return _abi.DONE
        if patience is not None:
            patience_ms = max(1, round(patience * 1000))
            longest_ms = patience_ms if longest_ms < 0 else min(longest_ms, patience_ms)
        return self._step(longest_ms)

    def _wait(self) -> bool:
        """Waits for a batch; False at the end."""
        status = _abi.TIMEOUT
        while status == _abi.TIMEOUT:
            status = self._step_within(_SLICE_MS if on_main_thread() else _FOR_EVER_MS)
        return status == _abi.OK

    def __iter__(self) -> Iterator[LogEntry]:
        return chain.from_iterable(_Chunks(self))

    def __next__(self) -> LogEntry:
        for entry in self:
            return entry
        raise StopIteration

    def __aiter__(self) -> AsyncIterator[LogEntry]:
        return self

    async def __anext__(self) -> LogEntry:
        entry = next(self._batch.entries(), None)
        while entry is None:
            if not await self._wait_async():
                raise StopAsyncIteration
            entry = next(self._batch.entries(), None)
        return entry

    def batches(self) -> Batches:
        """The same as columns: a ``Log`` at a time, with ``for`` or ``async for``.

        >>> with client.jobs(client.content("broken-report").first).latest.tail() as tail:
        ...     sum(len(batch) for batch in tail.batches())
        2
        """
        return Batches(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Its batches as they come, for Arrow's PyCapsule interface.

        ``pyarrow.RecordBatchReader.from_stream(tail)`` pulls a batch at a time. The tail is the
        stream's from then on; ``cancel()`` and ``summary()`` still work. Ctrl-C ends the stream
        with what the other library raises for one that was cancelled.

        Raises:
            ValueError: It has a timeout or an end of its own, or a batch that is half read.
            ClosedError: It was handed over before.
        """
        from ._arrow import check_requested, tail_stream

        check_requested(requested_schema, len(_COLUMNS))
        if self._limits.some or self._batch.left():
            raise ValueError(
                "only a tail without timeout and until, of which no batch is half read, can be "
                "given away as a stream; batches() has the same lines"
            )
        if self._hooks is not None and self._hooks.filters:
            raise ValueError(
                "a tail with hooks in Python cannot be given away as a stream, which would pass "
                "them by; batches() has the lines that they leave"
            )
        return tail_stream(self._open())

    async def _wait_async(self) -> bool:
        """Waits for a batch in the event loop; False at the end."""
        import asyncio

        try:
            await asyncio.sleep(0)  # a fast log must leave room for other tasks
            while True:
                status = self._step_within(0)
                if status != _abi.TIMEOUT:
                    return status == _abi.OK
                await self._readable(asyncio.get_running_loop(), self._limits.patience())
        except asyncio.CancelledError:
            self._end_cancelled()
            raise

    async def _readable(self, loop: asyncio.AbstractEventLoop, patience: float | None) -> None:
        """Until the descriptor is readable or patience ends: no thread, no polling."""
        handle = self._open()  # the descriptor lives while we wait, also if the tail is closed
        if self._awaited:
            raise BusyError("another task waits for this tail; open one for each task")
        descriptor = library().cjobs_tail_fd(handle.pointer)
        ready = loop.create_future()
        self._awaited = True
        loop.add_reader(descriptor, _set, ready)
        end = None if patience is None else loop.call_later(patience, _set, ready)
        try:
            await ready
        finally:
            loop.remove_reader(descriptor)
            if end is not None:
                end.cancel()
            self._awaited = False

    def _end_cancelled(self) -> None:
        """The task was cancelled: the library's side ends before the task does."""
        if not self._awaited:
            self.close()


def _set(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


class _Chunks:
    """A tail's entries, some thousand at a time; those of a chunk are shared with the tail."""

    __slots__ = ("_tail",)

    def __init__(self, tail: Tail) -> None:
        self._tail = tail

    def __iter__(self) -> Iterator[Iterator[LogEntry]]:
        return self

    def __next__(self) -> Iterator[LogEntry]:
        tail = self._tail
        while not tail._batch.left():  # noqa: SLF001
            if not tail._wait():  # noqa: SLF001
                raise StopIteration
        return tail._batch.entries()  # noqa: SLF001


class Batches:
    """The batches of a tail, each a ``Log``."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail

    def __iter__(self) -> Iterator[Log]:
        return self

    def __next__(self) -> Log:
        rest = self._tail._batch.take_rest()  # noqa: SLF001
        while rest is None:
            if not self._tail._wait():  # noqa: SLF001
                raise StopIteration
            rest = self._tail._batch.take_rest()  # noqa: SLF001
        return rest

    def __aiter__(self) -> AsyncIterator[Log]:
        return self

    async def __anext__(self) -> Log:
        rest = self._tail._batch.take_rest()  # noqa: SLF001
        while rest is None:
            if not await self._tail._wait_async():  # noqa: SLF001
                raise StopAsyncIteration
            rest = self._tail._batch.take_rest()  # noqa: SLF001
        return rest
