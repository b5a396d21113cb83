"""Ours in Python: does one piece of work, several times, and says how long the best took.

usage: ours.py WORK ROUNDS
"""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any, Callable

from measure import FIRST_GUID, MANY_GUIDS, measured


class NoPyarrow:
    """As if pyarrow were not installed."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        """Finds nothing, and lets nobody else find it."""
        if name.partition(".")[0] == "pyarrow":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


if sys.argv[1].endswith("_without_pyarrow"):
    sys.meta_path.insert(0, NoPyarrow())

import connectjobs as cj  # noqa: E402


def log_to(frame: str) -> Callable[[Any], int]:
    """A log of a million entries into what another library calls a table."""

    def work(client: cj.Client) -> int:
        log = client.job(FIRST_GUID, "1m").log()
        return len(MAKERS[frame](log))

    return work


def from_arrow(rows: Any) -> Any:
    """pandas through pyarrow."""
    import pandas as pd

    return pd.DataFrame.from_arrow(rows)


def plain_pandas(rows: Any) -> Any:
    """pandas alone."""
    return rows.to_pandas()


def pyarrow_table(rows: Any) -> Any:
    """pyarrow's batch."""
    import pyarrow as pa

    return pa.record_batch(rows)


def polars_frame(rows: Any) -> Any:
    """polars."""
    import polars as pl

    return pl.DataFrame(rows)


def duckdb_rows(rows: Any) -> Any:
    """duckdb, by way of pyarrow; an aggregate over all rows."""
    import duckdb
    import pyarrow as pa

    log = pa.table(pa.record_batch(rows))
    counted = duckdb.sql("select count(*), sum(length(data)) from log").fetchall()[0]
    return range(counted[0] if len(log) else 0)


MAKERS: dict[str, Callable[[Any], Any]] = {
    "pandas": from_arrow,
    "pandas_without_pyarrow": plain_pandas,
    "pyarrow": pyarrow_table,
    "polars": polars_frame,
    "duckdb": duckdb_rows,
}


def jobs_pandas(client: cj.Client) -> int:
    """10,000 jobs."""
    return len(plain_pandas(client.jobs(FIRST_GUID)))


def tail_batches(client: cj.Client) -> int:
    """A million entries, a batch at a time."""
    with client.tail(FIRST_GUID, "1m") as tail:
        return sum(len(batch) for batch in tail.batches())


def tail_entries(client: cj.Client) -> int:
    """A million entries, one by one."""
    count = 0
    with client.tail(FIRST_GUID, "1m") as tail:
        for entry in tail:
            count += entry.data is not None
    return count


def jobs_many(client: cj.Client) -> int:
    """The jobs of 1,000 content items."""
    return len(client.jobs_many(MANY_GUIDS, max_concurrent=32))


def download(client: cj.Client) -> int:
    """A file of 1 GB."""
    with tempfile.TemporaryDirectory(dir=os.environ["BENCHMARK_RUN"]) as folder:
        path = f"{folder}/log"
        client.job(FIRST_GUID, "1gb").download(path)
        return os.path.getsize(path)


WORK: dict[str, Callable[[cj.Client], int]] = {
    "jobs_pandas": jobs_pandas,
    "tail_batches": tail_batches,
    "tail_entries": tail_entries,
    "jobs_many": jobs_many,
    "download": download,
} | {f"log_{frame}": log_to(frame) for frame in MAKERS}

# What a session has loaded before it asks for data; it is not counted.
IMPORTS = {
    "_pandas": ["pandas", "pyarrow"],
    "_pandas_without_pyarrow": ["pandas"],
    "_pyarrow": ["pyarrow"],
    "_polars": ["polars"],
    "_duckdb": ["duckdb", "pyarrow"],
}

if __name__ == "__main__":
    name, rounds = sys.argv[1], int(sys.argv[2])
    fitting = max((part for part in IMPORTS if name.endswith(part)), key=len, default="")
    for module in IMPORTS.get(fitting, []):
        __import__(module)
    with cj.Client() as opened:
        measured(lambda: WORK[name](opened), rounds)
