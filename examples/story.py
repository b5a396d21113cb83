"""One story with a Posit Connect's jobs: content is found, followed, killed and explained.

    CONNECT_SERVER=https://connect.example.com CONNECT_API_KEY=... \
        python story.py sales-report ticker-app nightly-shell

The three arguments are the names of content items: one that fails, one that runs, and one with a
long job. The story kills the latest active job of the second.
"""

from __future__ import annotations

import os
import sys
import tempfile
from itertools import islice
from typing import TYPE_CHECKING

import connectjobs as cj

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = ("sales-report", "ticker-app", "nightly-shell")


def tell(client: cj.Client, report: str, app: str, shell: str) -> None:
    """The whole story, chapter by chapter."""
    print(f"Content on {client.server}")
    items = [client.content(name).first for name in (report, app, shell)]
    for item in items:
        print(f"  {item.name:<14} {item.title or '':<18} {item.guid}")

    print("\nThe jobs of all three")
    print_jobs(client.jobs_many(items))
    failing, running, long = (client.jobs(item) for item in items)

    print(f"\nThe log of {shell} so far")
    print_entries(long.latest.log())

    print(f"\nFollowing {app} for 20 lines")
    job = running.active().latest
    with job.tail() as tail:
        print_entries(islice(tail, 20))

    print("\nKilling it, and waiting until it has ended")
    print(f"  {job.kill(wait=True, timeout=10).result}")
    print_jobs([job.wait(timeout=10, finalized=True)])

    print("\nDownloading its log")
    download(job)

    print(f"\nWhy did {report} fail?")
    explain(failing.latest.refresh())


def print_jobs(jobs: Iterable[cj.Job]) -> None:
    """Jobs as a small table."""
    print(f"  {'key':<18} {'tag':<14} {'state':<10} {'exit code':<10} started")
    for job in jobs:
        ended = "-" if job.exit_code is None else job.exit_code
        started = f"{job.start_time:%Y-%m-%d %H:%M:%S} UTC" if job.start_time else "not yet"
        print(f"  {job.key:<18} {job.tag or '-':<14} {job.state or '-':<10} {ended:<10} {started}")


def print_entries(entries: Iterable[cj.LogEntry]) -> None:
    """Log lines; as text, an entry has no character in it that a terminal would obey."""
    for entry in entries:
        clock = f"{entry.timestamp:%H:%M:%S.%f}"[:-3] if entry.timestamp else "?"
        print(f"  {clock:<12} {entry.source:<6} | {entry}", flush=True)


def download(job: cj.Job) -> None:
    """The job's whole log in a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, f"{job.key}.log")
        job.download(path)
        with open(path, encoding="utf-8", errors="replace") as log:
            lines = sum(1 for _ in log)
        print(f"  {lines} lines, {os.path.getsize(path)} bytes in {path}")


def explain(job: cj.Job) -> None:
    """What Connect says of a job that failed, and what the job itself said last."""
    print_jobs([job])
    error = job.error()
    print(f"  {error.code}: {error}" if error else "  Connect logged no error for it.")
    complaints = [entry for entry in job.log() if entry.source == "stderr"]
    print("  The last that it wrote to stderr:")
    print_entries(complaints[-3:])


if __name__ == "__main__":
    given = sys.argv[1:]
    try:
        with cj.Client() as connect:
            tell(connect, *given, *NAMES[len(given) :])
    except cj.ConnectJobsError as failure:
        sys.exit(str(failure))  # one line: what failed, and what to do
    except KeyboardInterrupt:
        sys.exit(130)
