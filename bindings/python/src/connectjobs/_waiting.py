"""Waiting for a job, and what is told of one that failed."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from . import _abi, _arguments
from ._errors import ConnectJobsError, JobFailed, TimedOutError
from ._show.terminal import visible

if TYPE_CHECKING:
    from ._arguments import Seconds
    from ._client import Client
    from ._job import Job
    from ._log import LogEntry
    from ._table import Table

_LAST_LINES = 20
_PATIENCE = (
    10.0  # seconds for the last lines of a log; a job that failed is not kept from saying so
)


def wait(client: Client, job: Job, timeout: Seconds | None, *, finalized: bool) -> Table:
    """The job's row, once it has ended.

    Raises:
        TimedOutError: It has not ended in the time given.
    """
    until = _abi.UNTIL_FINALIZED if finalized else _abi.UNTIL_FINISHED
    longest = _arguments.waiting_milliseconds("timeout", timeout)
    table = client._table("cjobs_job_wait", *job._place(), until, longest)  # noqa: SLF001
    if not table.filled:
        raise TimedOutError(
            f"job {job.key} has not ended in the time given; it goes on",
            operation="job_wait",
            retryable=True,
        )
    return table


def failure(job: Job) -> JobFailed:
    """The job's end as an exception: exit code, what Connect logged, and its last lines."""
    reason = None
    with suppress(ConnectJobsError):  # that it failed is known, whatever else cannot be learned
        logged = job.error()
        reason = str(logged) if logged else None
    lines = _last_lines(job)
    failed = JobFailed(
        f"job {job.key} of {job.content_guid} ended with exit code {job.exit_code}"
        + (f": {reason}" if reason else "")
    )
    failed.exit_code, failed.reason, failed.lines = job.exit_code, reason, lines
    said = [f"  {line.source or '':<6} | {visible(line.data)}" for line in lines]
    failed.story = "\n".join([f"The last {len(lines)} lines of its log:", *said]) if lines else ""
    return failed


def _last_lines(job: Job) -> list[LogEntry]:
    last: deque[LogEntry] = deque(maxlen=_LAST_LINES)
    with suppress(ConnectJobsError), job.tail(lines=_LAST_LINES, timeout=_PATIENCE) as tail:
        last.extend(tail)
    return list(last)
