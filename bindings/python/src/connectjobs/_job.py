"""Jobs: what the server says of them, and what can be done with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from . import _abi, _arguments
from ._content import LoggedError
from ._errors import TimedOutError
from ._log import Log
from ._rows import Field, Record, Row, TimeField

if TYPE_CHECKING:
    from typing import BinaryIO, TextIO

    from ._arguments import Path, Seconds
    from ._client import Client
    from ._content import KillOrder
    from ._tail import Tail


class Job(Record):
    """A job as it was when the server was asked; its methods ask again.

    Every attribute may be None: servers leave out what does not apply. Times are datetimes in UTC,
    and ``…_time_ns`` the same to the nanosecond.

    >>> job = client.jobs(client.content("broken-report").first).latest
    >>> job.state, job.exit_code, job.failed
    ('finalized', 3, True)
    >>> job.start_time.tzinfo, type(job.start_time_ns)
    (datetime.timezone.utc, <class 'int'>)
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
        """The job as it is now.

        >>> client.jobs(client.content("ticker").first).latest.refresh().active
        True
        """
        return self._client.job(self.content_guid, self, timeout=timeout)

    def log(self, max_log_lines: int | None = None, *, timeout: Seconds | None = None) -> Log:
        """Its log as it is now.

        Args:
            max_log_lines: How many lines the server may give; None leaves that to the server,
                which then gives 5000 at most.
            timeout: For the whole call, in seconds.

        >>> job = client.jobs(client.content("broken-report").first).latest
        >>> [(entry.source, entry.data) for entry in job.log()]
        [('stdout', 'reading sales.csv'), ('stderr', 'sales.csv: no such file')]
        """
        most = 0
        if max_log_lines is not None:
            most = _arguments.whole("max_log_lines", max_log_lines, 1)
        client = self._client
        table = client._table("cjobs_job_log", *self._place(), most, timeout=timeout)  # noqa: SLF001
        return client._passed(Log(table))  # noqa: SLF001

    def tail(self, **options: Any) -> Tail:
        """Follows its log until it is finalized; the options are those of ``Client.tail``.

        >>> with client.jobs(client.content("broken-report").first).latest.tail() as tail:
        ...     for entry in tail:
        ...         print(entry.source, entry)
        stdout reading sales.csv
        stderr sales.csv: no such file
        """
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
        from ._show.notebook import in_notebook
        from ._show.terminal import print_batches

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

        >>> job = client.jobs(client.content("broken-report").first).latest
        >>> job.download("report.log")
        >>> with open("report.log") as file:
        ...     file.read().count("sales.csv")
        2
        """
        from ._download import download

        download(self._client, self, path, overwrite=overwrite, progress=progress, timeout=timeout)

    def error(self, *, timeout: Seconds | None = None) -> LoggedError | None:
        """Why it failed, as the server logged it; None where nothing was logged.

        >>> print(client.jobs(client.content("broken-report").first).latest.error().code)
        process-failed
        """
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

        >>> with cj.sandbox() as own:
        ...     job = own.jobs(own.content("ticker").first).latest
        ...     job.kill(wait=True, timeout=20).ended
        True
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

        >>> client.jobs(client.content("broken-report").first).latest.wait(timeout=10).exit_code
        3
        >>> client.jobs(client.content("ticker").first).latest.wait(timeout=0.1)
        Traceback (most recent call last):
            ...
        connectjobs._errors.TimedOutError: job ... has not ended in the time given; it goes on
        """
        from ._waiting import failure, wait

        table = wait(self._client, self, timeout, finalized=finalized)
        job = Job(Row(table, 0), self._client, self.content_guid)
        if check and job.failed:
            raise failure(job)
        return job
