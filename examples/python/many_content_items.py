"""Searches the logs of all failed jobs of all content items, on one machine or on many.

    CONNECT_SERVER=https://connect.example.com CONNECT_API_KEY=... \
        python many_content_items.py "Error|Traceback"

    python many_content_items.py "Error|Traceback" --dask tcp://scheduler:8786

On one machine, the jobs of all content items are asked for side by side, on one thread. With a Dask
cluster, each worker asks for a part of the content items, with a client of its own; connectjobs
must be installed there. The key travels to the workers with the client, so use a cluster that
you trust, with TLS.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import TYPE_CHECKING, NamedTuple

import connectjobs as cj

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Hit(NamedTuple):
    """A line that was searched for."""

    content: str
    job: str
    line: str


class Found(NamedTuple):
    """What a search came to."""

    hits: list[Hit]
    problems: list[str]


def search(client: cj.Client, guids: Sequence[str], pattern: str, most: int) -> Found:
    """The matching lines of the failed jobs of some content items, and what could not be read."""
    jobs = client.jobs_many(guids)
    problems = [f"{guid}: {error}" for guid, error in jobs.failures.items()]
    hits: list[Hit] = []
    for job in jobs:
        if job.failed:
            try:
                lines = job.log().grep(pattern)
            except cj.ConnectJobsError as error:
                problems.append(f"{job.content_guid}, job {job.key}: {error}")
                continue
            hits += (Hit(job.content_guid, job.key or "?", str(line)) for line in lines[-most:])
    return Found(hits, problems)


def search_apart(client: cj.Client, guids: Sequence[str], pattern: str, most: int) -> Found:
    """The same on a worker: the client came without connections, and opens its own."""
    with client:
        return search(client, guids, pattern, most)


def search_on_cluster(
    address: str, client: cj.Client, guids: Sequence[str], pattern: str, most: int
) -> Iterator[Found]:
    """The parts' results as the workers of a Dask cluster have them."""
    import distributed

    with distributed.Client(address) as cluster:
        workers = len(cluster.scheduler_info(n_workers=-1)["workers"]) or 1
        parts = [guids[first :: 4 * workers] for first in range(4 * workers)]
        tasks = [
            cluster.submit(search_apart, client, part, pattern, most, pure=False)
            for part in parts
            if part
        ]
        for task in distributed.as_completed(tasks):
            yield task.result()


def tell(results: Iterable[Found], names: dict[str, str]) -> int:
    """Prints what was found as it comes; how many lines that were."""
    count = 0
    for found in results:
        count += len(found.hits)
        for hit in found.hits:
            print(f"{names.get(hit.content, hit.content)}  {hit.job}  {hit.line}", flush=True)
        for problem in found.problems:
            print(f"not searched: {problem}", file=sys.stderr)
    return count


def main() -> None:
    """The whole search."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pattern", help="a regular expression")
    parser.add_argument("--dask", metavar="ADDRESS", help="the scheduler of a Dask cluster")
    parser.add_argument("--most", type=int, default=5, help="lines of each job (default: 5)")
    given = parser.parse_args()
    re.compile(given.pattern)
    with cj.Client() as client:
        items = client.content()
        names = {item.guid: item.name or item.guid for item in items if item.guid}
        guids = list(names)
        if given.dask:
            # Pickled, a client that was made without a key would look for one over there.
            sent = cj.Client(client.server, os.environ["CONNECT_API_KEY"])
            results = search_on_cluster(given.dask, sent, guids, given.pattern, given.most)
        else:
            results = iter([search(client, guids, given.pattern, given.most)])
        count = tell(results, names)
    print(f"{count} lines in {len(guids)} content items", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except (cj.ConnectJobsError, re.error) as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit(130)
