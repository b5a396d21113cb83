"""The client: a server, a key, and what can be asked with them."""

from __future__ import annotations

import threading
from ctypes import byref, c_char_p
from typing import TYPE_CHECKING, Any

from . import _arguments
from ._call import Call, run, text
from ._content import ContentItems, KillOrders
from ._errors import ClosedError
from ._handles import ClientHandle, TableHandle, TailHandle
from ._job import Job
from ._jobs import Jobs, JobsOfMany
from ._library import library
from ._rows import Row
from ._settings import client_options
from ._surroundings import current_place, posit_settings
from ._table import Table
from ._tail import Tail, call_options, tail_limits, tail_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from typing_extensions import Self

    from ._arguments import Guid, Key, Keys, Path, Seconds
    from ._hooks import Hooks
    from ._log import Log
    from ._surroundings import PositClient

# Two threads that ask at once are given the same hooks.
_making_hooks = threading.Lock()


class Client:
    """A Posit Connect server and the idle connections to it.

    A context manager. Any number of threads may use it at once, and so may a forked child. Pickling
    keeps what it was made with, the API key included if it was given here, and no connection.

    Args:
        server: ``https://host/connect``; None is the variable ``CONNECT_SERVER``.
        api_key: None is the variable ``CONNECT_API_KEY``.
        auth_header: The header that carries the key; None is ``Authorization``.
        headers: More headers for the server.
        ca_file: A PEM file of certificates to trust; None is ``CONNECT_CA_CERTIFICATE``, then the
            system's.
        proxy: A proxy's address; None is what ``https_proxy`` and its like say; ``""`` is none.
        insecure: True does not verify certificates; False does, whatever ``CONNECT_INSECURE`` says.
        user_agent: How it introduces itself.
        connect_timeout: Seconds until a connection must stand; None is 15, ``math.inf`` no limit.
        request_timeout: Seconds for a request with its retries; None is no limit.
        idle_timeout: Seconds without a byte; None is 60, ``math.inf`` no limit.
        max_retries: Of one request; None is 3.
        max_response_bytes: Of one answer; None is 2 GiB, ``math.inf`` no limit.
        max_entry_bytes: Of one text in an answer; None is 16 MiB, ``math.inf`` no limit.

    Raises:
        ConfigurationError: There is no server or key, or one of them cannot be used.

    The other operations name the further errors of a request: UnauthenticatedError,
    ForbiddenError, NotFoundError, NetworkError and so on, all of them ConnectJobsError. With a
    ``timeout``, in seconds, an operation ends with TimedOutError when it has taken that long.

    >>> with cj.Client("https://connect.example.com/connect/", "a-key-of-yours") as other:
    ...     print(other.server)
    https://connect.example.com/connect
    """

    def __init__(
        self,
        server: str | None = None,
        api_key: str | None = None,
        *,
        auth_header: str | None = None,
        headers: Mapping[str, str] | None = None,
        ca_file: Path | None = None,
        proxy: str | None = None,
        insecure: bool | None = None,
        user_agent: str | None = None,
        connect_timeout: Seconds | None = None,
        request_timeout: Seconds | None = None,
        idle_timeout: Seconds | None = None,
        max_retries: int | None = None,
        max_response_bytes: float | None = None,
        max_entry_bytes: float | None = None,
    ) -> None:
        self._handle: ClientHandle | None = None
        self._hooks: Hooks | None = None
        self._settings = {name: value for name, value in locals().items() if name != "self"}
        options = client_options(**self._settings)
        handle = ClientHandle()
        run("cjobs_client_open", byref(options), byref(handle.pointer))
        self._handle = handle
        self._server = text(library().cjobs_client_server(handle.pointer))

    @classmethod
    def from_posit(cls, client: PositClient, **settings: Any) -> Self:
        """A client with the server, the key and the TLS settings of a posit-sdk client.

        Args:
            client: A ``posit.connect.Client``; it stays as it is.
            settings: Other arguments of ``Client``.

        Raises:
            TypeError: It is no posit-sdk client.

        >>> from types import SimpleNamespace
        >>> config = SimpleNamespace(url="https://connect.example.com/__api__", api_key="a-key")
        >>> posit = SimpleNamespace(cfg=config)  # in earnest: posit.connect.Client()
        >>> cj.Client.from_posit(posit)
        <connectjobs.Client https://connect.example.com>
        """
        return cls(**{**posit_settings(client), **settings})

    @property
    def server(self) -> str:
        """The address that requests go to."""
        return self._server

    def __repr__(self) -> str:
        return f"<connectjobs.Client {self._server}{' closed' if self.closed else ''}>"

    def __getstate__(self) -> dict[str, Any]:
        if self._hooks is not None and len(self._hooks):
            raise TypeError(
                "a client with hooks cannot be pickled: they would be missing without a word; "
                "bind them anew where the client goes"
            )
        return self._settings

    def __setstate__(self, settings: dict[str, Any]) -> None:
        self.__init__(**settings)  # type: ignore[misc]

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._handle is None

    def close(self) -> None:
        """Closes its connections; tails and tables that it gave stay usable. May be called again.

        Calls that other threads are in come to their end first.

        >>> other = cj.Client("https://connect.example.com", "a-key-of-yours")
        >>> other.close()
        >>> other.closed
        True
        """
        self._handle = None

    @property
    def hooks(self) -> Hooks:
        """The hooks that its calls and tails run; see ``Hooks.bind``. May be set to others."""
        with _making_hooks:
            if self._hooks is None:
                from ._hooks import Hooks

                self._hooks = Hooks()
            return self._hooks

    @hooks.setter
    def hooks(self, hooks: Hooks) -> None:
        from ._hooks import checked_hooks

        self._hooks = checked_hooks(hooks)

    def content(self, name: str | None = None, *, timeout: Seconds | None = None) -> ContentItems:
        """The content items that the key may see; with a name, those of exactly that name.

        >>> client.content("ticker").first.title
        'A ticker'
        >>> sorted(item.name for item in client.content())
        ['broken-report', 'ticker']
        """
        wanted = _arguments.optional_text("a content item's name", name)
        table = self._table("cjobs_content_list", wanted, timeout=timeout)
        return ContentItems(table, name)

    def jobs(self, guid: Guid, *, timeout: Seconds | None = None) -> Jobs:
        """The jobs of a content item, in the server's order.

        Args:
            guid: Its guid, its dashboard URL, or an object that has one.
            timeout: For the whole call, in seconds.

        >>> client.jobs(client.content("ticker").first)
        <Jobs: 1 row>
        """
        wanted = _arguments.guid_text(guid)
        table = self._table("cjobs_jobs_list", wanted, timeout=timeout)
        return Jobs(table, self, wanted.decode())

    def jobs_many(
        self,
        guids: Iterable[Guid],
        *,
        max_concurrent: int | None = None,
        timeout: Seconds | None = None,
    ) -> JobsOfMany:
        """The jobs of many content items, asked for side by side on this thread.

        Args:
            guids: The content items; one that fails is among the result's ``failures``.
            max_concurrent: How many requests at once; None is 16.
            timeout: For the whole call, in seconds.

        >>> jobs = client.jobs_many(client.content())
        >>> len(jobs), jobs.failures
        (2, {})
        """
        if isinstance(guids, (str, bytes)):
            raise TypeError("guids must be several content items; for one there is jobs()")
        wanted = [_arguments.guid_text(each) for each in guids]
        most = 0
        if max_concurrent is not None:
            most = min(_arguments.whole("max_concurrent", max_concurrent, 1), 2**31 - 1)
        table = self._table(
            "cjobs_jobs_list_many", _arguments.texts(wanted), len(wanted), most, timeout=timeout
        )
        return JobsOfMany(table, self)

    def job(self, guid: Guid, key: Key, *, timeout: Seconds | None = None) -> Job:
        """One job.

        Raises:
            NotFoundError: There is no such content item or job.

        >>> item = client.content("ticker").first
        >>> client.job(item, client.jobs(item).latest.key).state
        'active'
        """
        where = _arguments.guid_text(guid)
        wanted = _arguments.key_text(key)
        table = self._table("cjobs_job_get", where, wanted, timeout=timeout)
        return Job(Row(table, 0), self, where.decode())

    def kill(
        self, guid: Guid, keys: Keys, wait: bool = False, timeout: Seconds | None = None
    ) -> KillOrders:
        """Orders jobs to be killed; an order that fails does not stop the rest.

        Args:
            guid: The content item.
            keys: One key or several; none sends nothing.
            wait: Whether to wait until each is no longer active, which ``ended`` then says.
            timeout: How long to wait, in seconds; None is without end.

        Returns:
            One row a key, in the order given; ``failure`` is why the order could not be given.

        >>> with cj.sandbox() as own:
        ...     item = own.content("ticker").first
        ...     keys = [job.key for job in own.jobs(item).active()]
        ...     [order.ended for order in own.kill(item, keys, wait=True, timeout=20)]
        [True]
        """
        where = _arguments.guid_text(guid)
        wanted = _arguments.key_texts(keys)
        confirm = _arguments.confirming_milliseconds(wait, timeout)
        return KillOrders(
            self._table("cjobs_job_kill", where, _arguments.texts(wanted), len(wanted), confirm)
        )

    def kill_active(
        self,
        guid: Guid,
        wait: bool = False,
        timeout: Seconds | None = None,
        *,
        include_current: bool = False,
    ) -> KillOrders:
        """The same for every job of the content item that is active now, which may be none.

        Args:
            guid: The content item.
            wait: As for ``kill``.
            timeout: As for ``kill``.
            include_current: Whether to kill the job too that this program itself runs in, inside
                Connect (see ``current_job``).

        >>> with cj.sandbox() as own:
        ...     len(own.kill_active(own.content("ticker").first, wait=True, timeout=20))
        1
        """
        where = _arguments.guid_text(guid)
        confirm = _arguments.confirming_milliseconds(wait, timeout)
        own = current_place()
        if own is None or include_current or own.guid.lower() != where.decode().lower():
            return KillOrders(self._table("cjobs_job_kill_active", where, confirm))
        active = self.jobs(guid).active()
        return self.kill(guid, [job for job in active if job.key != own.key], wait, timeout)

    def current_job(self, *, timeout: Seconds | None = None) -> Job | None:
        """The job that this program runs in, inside Connect; None elsewhere.

        Known by the variables ``CONNECT_CONTENT_GUID`` and ``CONNECT_CONTENT_JOB_KEY``, which
        Connect sets.

        >>> client.current_job() is None
        True
        """
        own = current_place()
        return None if own is None else self.job(own.guid, own.key, timeout=timeout)

    def tail(
        self,
        guid: Guid,
        keys: Keys | None = None,
        *,
        lines: int | None = None,
        since: datetime | int | None = None,
        max_batch_rows: int | None = None,
        max_batch_bytes: int | None = None,
        retry_budget: Seconds | None = None,
        until: datetime | int | None = None,
        timeout: Seconds | None = None,
    ) -> Tail:
        """Follows logs as they are written, until every job has ended.

        Args:
            guid: The content item.
            keys: One of its jobs or several; None is all, those that start later included.
            lines: Begin with the last so many lines; 0 with what comes from now on. None begins
                with the first line that the server has.
            since: Begin with lines of this time or later: a datetime with a time zone, or
                nanoseconds since 1970 UTC.
            max_batch_rows: The most lines of one batch; None is 65,536.
            max_batch_bytes: About the most bytes of one batch; None is 4 MiB.
            retry_budget: Seconds that a job may be out of reach before it counts as lost; None is
                300, ``math.inf`` for ever.
            until: Leave out lines of this time or later, and end when no earlier ones are to be
                expected any more: within some seconds after that time, or at once where the log is
                past it already.
            timeout: Seconds from now after which the loop ends with TimedOutError; the job goes on.

        >>> with client.tail(client.content("ticker").first, lines=2) as tail:
        ...     print(next(tail).source)
        stdout
        """
        where = _arguments.guid_text(guid)
        wanted: Sequence[bytes | None] = [None] if keys is None else _arguments.key_texts(keys)
        options = tail_options(lines, since, max_batch_rows, max_batch_bytes, retry_budget)
        limits = tail_limits(timeout, until, one_job=keys is not None and len(wanted) == 1)
        handle, call, count = TailHandle(), call_options(), len(wanted)
        if self._hooks is not None:
            self._hooks.give_to(call)
        self._run(
            "cjobs_tail_open",
            _arguments.texts([where] * count),
            (c_char_p * (count + 1))(*wanted, None),
            count,
            byref(options),
            byref(call),
            byref(handle.pointer),
        )
        return Tail(handle, _described(where, wanted), limits, self._hooks)

    def _passed(self, log: Log) -> Log:
        """What its hooks in Python leave of a log."""
        return log if self._hooks is None else self._hooks.passed(log)

    def _open(self) -> ClientHandle:
        handle = self._handle
        if handle is None:
            raise ClosedError("this client has been closed; open another")
        return handle

    def _run(self, name: str, *arguments: Any, call: Call | None = None) -> int:
        """A call with this client as its first argument."""
        handle = self._open()
        try:
            return (call or Call()).run(name, handle.pointer, *arguments)
        finally:
            del handle  # a traceback that somebody keeps must not keep the connections

    def _table(self, name: str, *arguments: Any, timeout: Seconds | None = None) -> Table:
        """A call that ends with its options and gives a table."""
        call, table = Call(), TableHandle()
        options = call.options(_arguments.milliseconds("timeout", timeout, never=0))
        if self._hooks is not None:
            self._hooks.give_to(options)
        self._run(name, *arguments, byref(options), byref(table.pointer), call=call)
        return Table(table)


def _described(guid: bytes, keys: Sequence[bytes | None]) -> str:
    named = [key.decode() for key in keys if key is not None]
    which = f"job {', '.join(named)}" if named else "all jobs"
    return f"{which} of {guid.decode()}"
