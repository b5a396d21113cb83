"""What is measured: each result's name, and how it is found."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Callable

from latency import latencies
from runs import Result, best, curl, elapsed

GUID = "11111111-1111-4111-8111-111111111111"


@dataclass(frozen=True)
class Places:
    """Where things are."""

    here: str  # this folder
    run: str  # the folder of this run
    programs: str  # the built C and C++ programs
    python: str
    library: str
    server: str

    @property
    def jobs(self) -> str:
        """The address of the first item's jobs."""
        return f"{self.server}/__api__/v1/content/{GUID}/jobs"


Work = dict[str, Callable[[], Result]]


def all_work(at: Places) -> Work:
    """Everything that is measured, in an order that keeps what is compared close together."""
    return {**jobs(at), **logs(at), **tails(at), **tail_lengths(at), **rest(at), **starts(at)}


def ours(at: Places, work: str, rounds: int, times: int = 3) -> Callable[[], Result]:
    """One of ours in Python."""
    program = [at.python, f"{at.here}/programs/ours.py", work, str(rounds)]
    return lambda: best(program, times)


def peer(at: Places, work: str, rounds: int = 1, times: int = 2) -> Callable[[], Result]:
    """One of the others in Python."""
    program = [at.python, f"{at.here}/programs/peers.py", work, str(rounds)]
    return lambda: best(program, times)


def in_r(at: Places, work: str, rounds: int, times: int) -> Callable[[], Result]:
    """One in R."""
    return lambda: best(["Rscript", f"{at.here}/programs/work.R", work, str(rounds)], times)


def jobs(at: Places) -> Work:
    """Lists of jobs."""
    return {
        "jobs_curl": lambda: curl(20, at.jobs),
        "jobs_pandas": ours(at, "jobs_pandas", 10),
        "jobs_posit_sdk": peer(at, "jobs_posit_sdk", 5),
        "jobs_requests": peer(at, "jobs_requests", 5),
        "r_jobs": in_r(at, "ours_jobs", 10, 2),
        "r_jobs_httr": in_r(at, "httr_jobs", 5, 2),
    }


def logs(at: Places) -> Work:
    """Logs, one document each."""
    return {
        "log_curl": lambda: curl(30, f"{at.jobs}/1m/log"),
        "log_pandas": ours(at, "log_pandas", 5),
        "log_pyarrow": ours(at, "log_pyarrow", 5),
        "log_polars": ours(at, "log_polars", 5),
        "log_duckdb": ours(at, "log_duckdb", 5),
        "log_pandas_without_pyarrow": ours(at, "log_pandas_without_pyarrow", 3),
        "log_requests": peer(at, "log_requests"),
        "log_orjson": peer(at, "log_orjson"),
        "r_log": in_r(at, "ours_log", 3, 1),
        "r_log_httr": in_r(at, "httr_log", 1, 1),
    }


def tails(at: Places) -> Work:
    """A million entries, one after another."""
    tail = f"{at.programs}/tail"
    return {
        "tail_curl": lambda: curl(30, f"{at.jobs}/1m/tail"),
        "tail_simdjson": lambda: best([f"{tail}_simdjson", f"{at.jobs}/1m/tail", "5"], 3),
        "tail_c": lambda: best([tail, "1m", "5"], 3),
        "tail_batches": ours(at, "tail_batches", 5),
        "tail_entries": ours(at, "tail_entries", 1),
        "tail_json": peer(at, "tail_json"),
        "tail_orjson": peer(at, "tail_orjson"),
    }


def tail_lengths(at: Places) -> Work:
    """Logs of other lengths: the memory, and the cost of one entry."""

    def entry(key: str, rounds: int) -> Result:
        result = best([f"{at.programs}/tail", key, str(rounds)], 2)
        return Result(result.seconds / result.rows)

    return {
        "tail_1m": lambda: best([f"{at.programs}/tail", "1m", "1"], 3),
        "tail_10m": lambda: best([f"{at.programs}/tail", "10m", "1"], 2),
        "entry_of_10k": lambda: entry("10k", 100),
        "entry_of_10m": lambda: entry("10m", 1),
    }


def rest(at: Places) -> Work:
    """Many content items, downloads, and how late an entry is."""
    addresses = f"{at.run}/addresses"
    with open(addresses, "w", encoding="utf-8") as file:
        for number in range(1000):
            guid = f"22222222-2222-4222-8222-{number:012d}"
            address = f"{at.server}/__api__/v1/content/{guid}/jobs"
            file.write(f'url = "{address}"\noutput = "/dev/null"\n')
    parallel = ["curl", "-sS", "--parallel", "--parallel-max", "32", "-K", addresses]

    def download() -> Result:
        target = f"{at.run}/download"
        result = curl(3, "-o", target, f"{at.jobs}/1gb/download")
        os.remove(target)
        return result

    found: list[Result] = []

    def latency(which: int) -> Result:
        if not found:
            found.extend(latencies(f"{at.programs}/arrivals", at.run))
        return found[which]

    return {
        "many_curl": lambda: elapsed(5, parallel),
        "jobs_many": ours(at, "jobs_many", 5),
        "many_posit_sdk": peer(at, "many_posit_sdk"),
        "download_curl": download,
        "download": ours(at, "download", 3, 1),
        "latency_median": lambda: latency(0),
        "latency_99": lambda: latency(1),
    }


def starts(at: Places) -> Work:
    """What it costs to have the library at all."""
    library = "start <- Sys.time(); library(connectjobs); "
    library += "cat(sprintf('{\"seconds\": %.6f}\\n', "
    library += "as.numeric(difftime(Sys.time(), start, units = 'secs'))))"
    return {
        "dlopen": lambda: best([f"{at.programs}/load", at.library], 1),
        "python_bare": lambda: elapsed(20, [at.python, "-c", "pass"]),
        "python_import": lambda: elapsed(20, [at.python, "-c", "import connectjobs"]),
        "r_library": lambda: best(["Rscript", "-e", library], 10),
    }
