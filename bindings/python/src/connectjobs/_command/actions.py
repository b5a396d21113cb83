"""The commands that do something with jobs."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from connectjobs import _arguments
from connectjobs._errors import TimedOutError
from connectjobs._show.terminal import print_batches, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from connectjobs._client import Client
    from connectjobs._job import Job
    from connectjobs._tail import Tail


def moment(text: str) -> datetime:
    """A time of the command line; without a zone it is this machine's."""
    try:
        # Z is not known to Python before 3.11.
        return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 2026-02-03T14:00") from None


def _guid(client: Client, content: str) -> str:
    """The content item's guid, where it was given by its name too."""
    if "://" in content or _arguments.is_guid(content):
        return _arguments.guid(content)
    return client.content(content).first.guid or ""


def tail(client: Client, given: argparse.Namespace) -> int:
    """Prints lines as they come, and to stderr how the follow ended."""
    guid = _guid(client, given.content)
    keys: str | Job | None = given.job or (None if given.all else client.jobs(guid).latest)
    limits = {"until": given.until, "timeout": given.timeout}
    with client.tail(guid, keys, lines=given.lines, since=given.since, **limits) as followed:
        try:
            print_batches(followed.batches(), times=given.times)
        except TimedOutError:
            print("connectjobs: the time is over; the job goes on", file=sys.stderr)
        else:
            _tell_end(followed)
    return 0


def _tell_end(followed: Tail) -> None:
    for each in followed.summary():
        ended = each.end_reason or "still active"
        code = "" if each.exit_code is None else f", exit code {each.exit_code}"
        print(f"connectjobs: job {visible(each.job_key or '?')}: {ended}{code}", file=sys.stderr)
        if each.gap_possible:
            print("connectjobs: some lines may be missing", file=sys.stderr)
        if each.repeat_possible:
            print("connectjobs: some lines may have come twice", file=sys.stderr)


def jobs(client: Client, given: argparse.Namespace) -> int:
    """A line a job."""
    found = client.jobs(_guid(client, given.content))
    some = sorted(found.active() if given.active else found, key=_begun, reverse=True)
    rows = [
        [job.key, job.state, job.tag, job.exit_code, _shown(job.start_time), _shown(job.end_time)]
        for job in some[: max(0, given.most)]
    ]
    print_table(["key", "state", "tag", "exit code", "started", "ended"], rows)
    if len(some) > len(rows):
        print(f"and {len(some) - len(rows)} more", file=sys.stderr)
    return 0


def _begun(job: Job) -> int:
    return job.start_time_ns or job.queued_time_ns or 0


def _shown(time: datetime | None) -> str | None:
    return None if time is None else f"{time:%Y-%m-%d %H:%M:%S}Z"


def kill(client: Client, given: argparse.Namespace) -> int:
    """A line an order; 1 where one failed, or a job has not ended in time."""
    if bool(given.keys) == given.active:
        print("connectjobs: name the keys of jobs, or --active for all that run", file=sys.stderr)
        return 2
    guid = _guid(client, given.content)
    if given.active:
        orders = client.kill_active(guid, given.wait, given.timeout)
    else:
        orders = client.kill(guid, given.keys, given.wait, given.timeout)
    rows: list[Sequence[object]] = []
    for order in orders:
        waited = given.wait and order.failure is None
        ended = ("ended" if order.ended else "not ended yet") if waited else ""
        rows.append([order.job_key, order.error or order.result, ended])
    print_table(["key", "result", ""], rows)
    well = all(order.failure is None and (order.ended or not given.wait) for order in orders)
    return 0 if well else 1


def print_table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns that are as wide as they must be; nothing in them can drive a terminal."""
    cells = [["-" if value is None else visible(str(value)) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(names, *cells)]
    for row in (names, *cells):
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())
