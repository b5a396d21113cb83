"""Several jobs: those of one content item, or of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _abi, _arguments
from ._errors import ConnectJobsError, NotFoundError, error_class
from ._job import Job
from ._rows import Row, Rows, matches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from ._client import Client
    from ._table import Table


class Jobs(Rows[Job]):
    """Jobs of a content item, in the server's order.

    >>> jobs = client.jobs_many(client.content())
    >>> sorted(job.state for job in jobs)
    ['active', 'finalized']
    >>> jobs.to_pandas().shape
    (2, 26)
    """

    _shown: tuple[str, ...] = Job._shown  # noqa: SLF001

    def __init__(self, table: Table, client: Client, guid: str) -> None:
        super().__init__(table)
        self._client = client
        self._guid = guid

    def _item(self, row: int) -> Job:
        return Job(Row(self._table, row), self._client, self._guid)

    def active(self) -> Jobs:
        """Those whose process was running.

        >>> [job.tag for job in client.jobs_many(client.content()).active()]
        ['run_api']
        """
        return self.filter(status=_abi.JOB_ACTIVE)

    def find(self, key: str) -> Job:
        """The job with that key.

        Raises:
            NotFoundError: There is none.

        >>> jobs = client.jobs(client.content("ticker").first)
        >>> jobs.find(jobs[0].key) == jobs[0]
        True
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

        >>> jobs = client.jobs_many(client.content())
        >>> [job.exit_code for job in jobs.filter(tag=["build_report", "build_site"])]
        [3]
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

    >>> jobs = client.jobs_many(["00000000-0000-0000-0000-000000000000", client.content().first])
    >>> [type(error).__name__ for error in jobs.failures.values()]
    ['NotFoundError']
    """

    _shown = ("content_guid", *Job._shown)  # noqa: SLF001

    def __init__(self, table: Table, client: Client) -> None:
        super().__init__(table, client, "")
        self.failures: dict[str, ConnectJobsError] = {}
        statuses = table.column("error_status").values(range(table.rows))
        self._guids: list[Any] = table.column("requested_guid").values(range(table.rows))
        failed = [row for row, status in enumerate(statuses) if status is not None]
        for row in failed:
            self.failures[self._guids[row]] = _listing_failure(Row(table, row))
        if failed:
            self._selection = [row for row, status in enumerate(statuses) if status is None]

    def _item(self, row: int) -> Job:
        return Job(Row(self._table, row), self._client, self._guids[row])


def _listing_failure(row: Row) -> ConnectJobsError:
    return error_class(row.get("error_status"))(
        row.get("error") or "the jobs could not be listed",
        code=row.get("error_code") or 0,
        operation="jobs_list",
    )
