"""Jobs: what the server says of them, and what can be done with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from . import _abi, _arguments
from ._content import LoggedError
from ._download import download
from ._errors import ConnectJobsError, NotFoundError, TimedOutError, error_class
from ._log import Log
from ._rows import Field, Record, Row, Rows, TimeField, matches
from ._show.notebook import in_notebook
from ._show.terminal import print_batches
from ._waiting import failure, wait

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO, TextIO

    from matplotlib.axes import Axes

    from ._arguments import Path, Seconds
    from ._client import Client
    from ._content import KillOrder
    from ._table import Table
    from ._tail import Tail


class Job(Record):
    """A job as it was when the server was asked; its methods ask again.

    Every attribute may be None: servers leave out what does not apply. Times are datetimes in UTC,
    and ``…_time_ns`` the same to the nanosecond.
    """

    __slots__ = ("_client", "_guid")
    _shown = ("key", "tag", "state", "exit_code", "start_time", "end_time")

    id = Field[str]()
    ppid = Field[str]()
    pid = Field[str]()
    key = Field[str]()
    remote_id = Field[str]()
    app_id = Field[str]()
    content_id = Field[str]()
    variant_id = Field[str]()
    bundle_id = Field[str]()
    start_time = TimeField()
    end_time = TimeField()
    last_heartbeat_time = TimeField()
    queued_time = TimeField()
    start_time_ns = Field[int]("start_time")
    end_time_ns = Field[int]("end_time")
    last_heartbeat_time_ns = Field[int]("last_heartbeat_time")
    queued_time_ns = Field[int]("queued_time")
    queue_name = Field[str]()
    tag = Field[str]()
    exit_code = Field[int]()
    status = Field[int]()
    hostname = Field[str]()
    cluster = Field[str]()
    image = Field[str]()
    run_as = Field[str]()

    def __init__(self, row: Row | dict[str, Any], client: Client, guid: str) -> None:
        super().__init__(row)
        self._client = client
        self._guid = guid

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.values(), self._client, self._guid)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Job):
            return NotImplemented
        return (self.content_guid, self.key) == (other.content_guid, other.key)

    def __hash__(self) -> int:
        return hash((self.content_guid, self.key))

    @property
    def content_guid(self) -> str:
        """The content item; where the server does not name it, the one that was asked for."""
        return self.row.get("content_guid") or self._guid

    @property
    def active(self) -> bool:
        """Whether its process was running."""
        return self.status == _abi.JOB_ACTIVE

    @property
    def failed(self) -> bool:
        """Whether it has ended with an exit code other than 0."""
        return not self.active and self.exit_code not in (None, 0)

    @property
    def state(self) -> str | None:
        """The status in a word: "active", "finished" or "finalized"."""
        names = {_abi.JOB_ACTIVE: "active", _abi.JOB_FINISHED: "finished"}
        names[_abi.JOB_FINALIZED] = "finalized"
        return None if self.status is None else names.get(self.status, str(self.status))

    def refresh(self, *, timeout: Seconds | None = None) -> Job:
        """The job as it is now."""
        return self._client.job(self.content_guid, self, timeout=timeout)

    def log(self, max_log_lines: int | None = None, *, timeout: Seconds | None = None) -> Log:
        """Its log as it is now.

        Args:
            max_log_lines: How many lines the server may give; None leaves that to the server,
                which then gives 5000 at most.
            timeout: For the whole call, in seconds.
        """
        most = 0
        if max_log_lines is not None:
            most = _arguments.whole("max_log_lines", max_log_lines, 1)
        client = self._client
        table = client._table("cjobs_job_log", *self._place(), most, timeout=timeout)  # noqa: SLF001
        return client._passed(Log(table))  # noqa: SLF001

    def tail(self, **options: Any) -> Tail:
        """Follows its log until it is finalized; the options are those of ``Client.tail``."""
        return self._client.tail(self.content_guid, self, **options)

    def follow(self, file: TextIO | None = None, **options: Any) -> Job:
        """Shows its log as it grows, until it is finalized; then gives the job as it ended.

        In a notebook it is one cell that is updated in place, a few times a second: the last
        lines, those of stderr in colour, how many were left out, and how the job ended. Elsewhere
        it is printed line by line; on a terminal, control characters are made visible, as a log
        line may hold any.

        Args:
            file: Print to this text file, also in a notebook; None is stdout.
            options: Those of ``Client.tail``.

        >>> job = client.jobs(client.content("broken-report").first).latest
        >>> job.follow().exit_code
        reading sales.csv
        sales.csv: no such file
        3
        """
        with self.tail(**options) as tail:
            if file is None and in_notebook():
                from ._show.live import follow_in_cell

                return follow_in_cell(tail, self)
            print_batches(tail.batches(), file)
        return self.refresh()

    def download(
        self,
        path: Path | BinaryIO,
        overwrite: bool = False,
        progress: Callable[[int, int | None], object] | bool | None = None,
        *,
        timeout: Seconds | None = None,
    ) -> None:
        """Stores its whole log, stdout and stderr together.

        Args:
            path: A file's path; under that name there is the whole log or what was there before,
                never a part. Or a binary file that is open for writing.
            overwrite: Whether a file that is there may be replaced.
            progress: True shows it (by tqdm, where that is installed), False does not, and None
                does in a notebook. Or a function, called now and then with the bytes received, and
                the bytes to come in all (None where the server does not say); what it raises ends
                the download.
            timeout: For the whole call, in seconds.

        Raises:
            FileError: The file cannot be written; as ``FileExistsError`` where it is there.
        """
        download(self._client, self, path, overwrite=overwrite, progress=progress, timeout=timeout)

    def error(self, *, timeout: Seconds | None = None) -> LoggedError | None:
        """Why it failed, as the server logged it; None where nothing was logged."""
        table = self._client._table("cjobs_job_error", *self._place(), timeout=timeout)  # noqa: SLF001
        return LoggedError(Row(table, 0)) if table.rows else None

    def _place(self) -> tuple[bytes, bytes]:
        """The content item and the key, for C."""
        return _arguments.guid_text(self.content_guid), _arguments.key_text(self)

    def kill(self, wait: bool = False, timeout: Seconds | None = None) -> KillOrder:
        """Orders it to be killed.

        Args:
            wait: Whether to wait until it is no longer active.
            timeout: How long to wait, in seconds; None is without end.

        Raises:
            ConflictError: It is not active.
            TimedOutError: It was ordered to be killed, and is still active.
        """
        order = self._client.kill(self.content_guid, self, wait=wait, timeout=timeout)[0]
        if order.failure is not None:
            raise order.failure
        if wait and not order.ended:
            raise TimedOutError(
                f"job {self.key} was ordered to be killed, but was not seen to end in the time "
                "given; wait() waits on",
                operation="job_kill",
                retryable=True,
            )
        return order

    def wait(
        self,
        timeout: Seconds | None = None,
        check: bool = False,
        *,
        finalized: bool = False,
    ) -> Job:
        """Waits until its process has ended; then gives the job as it ended.

        Args:
            timeout: How long, in seconds; 0 looks once, None is without end.
            check: Whether to raise JobFailed for an exit code other than 0.
            finalized: Whether to wait until everything about it is stored.

        Raises:
            TimedOutError: It has not ended yet.
            JobFailed: It ended badly, and ``check`` was asked for: with its exit code, what
                Connect logged of it, and the last 20 lines of its log.
        """
        table = wait(self._client, self, timeout, finalized=finalized)
        job = Job(Row(table, 0), self._client, self.content_guid)
        if check and job.failed:
            raise failure(job)
        return job


class Jobs(Rows[Job]):
    """Jobs of a content item, in the server's order."""

    _shown: tuple[str, ...] = Job._shown  # noqa: SLF001

    def __init__(self, table: Table, client: Client, guid: str) -> None:
        super().__init__(table)
        self._client = client
        self._guid = guid

    def _item(self, row: int) -> Job:
        return Job(Row(self._table, row), self._client, self._guid)

    def active(self) -> Jobs:
        """Those whose process was running."""
        return self.filter(status=_abi.JOB_ACTIVE)

    def find(self, key: str) -> Job:
        """The job with that key.

        Raises:
            NotFoundError: There is none.
        """
        wanted = _arguments.key_text(key).decode()
        for row in self._selection:
            if self._table.column("key")[row] == wanted:
                return self._item(row)
        raise NotFoundError(
            f"none of these {len(self)} jobs has the key {wanted!r}", operation="jobs_list"
        )

    def filter(self, **wanted: object) -> Jobs:
        """Those that match: ``jobs.filter(tag="run_app", status=0)``.

        Args:
            wanted: Columns and the value that each must have, or several of which it must have
                one; None matches where there is no value.
        """
        rows: Sequence[int] = self._selection
        for name, value in wanted.items():
            if name not in self._table.names:
                raise TypeError(
                    f"jobs have no column {name!r}; they have {', '.join(self._table.names)}"
                )
            column = self._table.column(name)
            rows = [row for row in rows if matches(column[row], value)]
        return self._select(rows)

    def plot(self, ax: Axes | None = None, **options: Any) -> Axes:
        """Draws the jobs as bars over time, one row each, coloured by outcome; needs matplotlib.

        The time in the queue is a lighter bar before. A job that is active ends now; one without
        an end time, at its last heartbeat.

        Args:
            ax: Where to; None is matplotlib's current axes.
            options: Those of ``matplotlib.collections.PolyCollection``, such as ``alpha``.

        Returns:
            The axes.

        >>> import matplotlib
        >>> matplotlib.use("agg")
        >>> axes = client.jobs(client.content("ticker").first).plot()
        >>> axes.get_xlabel()
        'time (UTC)'
        """
        from ._show.plot import plot

        return plot(self, ax, **options)

    @property
    def latest(self) -> Job:
        """The one that was started, or where it has not begun, queued last.

        Raises:
            NotFoundError: There are no jobs.
        """
        if not self._selection:
            raise NotFoundError("there is no latest job, as there are no jobs")
        started, queued = self._table.column("start_time"), self._table.column("queued_time")
        oldest = -(2**63)

        def begun(row: int) -> int:
            times = (started[row], queued[row], oldest)
            return next(time for time in times if time is not None)

        return self._item(max(self._selection, key=begun))


class JobsOfMany(Jobs):
    """Jobs of several content items, in the order in which these were named.

    Attributes:
        failures: For each content item whose jobs could not be listed, why.
    """

    _shown = ("content_guid", *Job._shown)  # noqa: SLF001

    def __init__(self, table: Table, client: Client) -> None:
        super().__init__(table, client, "")
        self.failures: dict[str, ConnectJobsError] = {}
        status = table.column("error_status")
        self._guids: list[Any] = table.column("requested_guid").values(range(table.rows))
        failed = [row for row in range(table.rows) if status[row] is not None]
        for row in failed:
            self.failures[self._guids[row]] = _listing_failure(Row(table, row))
        if failed:
            self._selection = [row for row in range(table.rows) if status[row] is None]

    def _item(self, row: int) -> Job:
        return Job(Row(self._table, row), self._client, self._guids[row])


def _listing_failure(row: Row) -> ConnectJobsError:
    return error_class(row.get("error_status"))(
        row.get("error") or "the jobs could not be listed",
        code=row.get("error_code") or 0,
        operation="jobs_list",
    )
