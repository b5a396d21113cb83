"""The goals: what is compared with what, and how far apart they may be."""

from __future__ import annotations

from dataclasses import dataclass

from runs import Result

Results = dict[str, Result]


@dataclass(frozen=True)
class Goal:
    """One comparison: `figure` of the results, against `limit`."""

    work: str
    ours: str
    other: str
    limit: float
    of_memory: bool = False
    faster: bool = False  # at least that many times as fast; else at most that many times as slow

    def needs(self) -> list[str]:
        """The results that it is made of."""
        return [self.ours, self.other]

    def figure(self, results: Results) -> float:
        """How many times."""
        ours, other = self.value(results, self.ours), self.value(results, self.other)
        return other / ours if self.faster else ours / other

    def value(self, results: Results, name: str) -> float:
        """Seconds or bytes."""
        return results[name].memory if self.of_memory else results[name].seconds

    def is_met(self, results: Results) -> bool:
        """Whether the figure is within the limit."""
        figure = self.figure(results)
        return figure >= self.limit if self.faster else figure <= self.limit

    def told(self, results: Results) -> list[str]:
        """The cells of its row."""
        show = megabytes if self.of_memory else shown
        ours, other = self.value(results, self.ours), self.value(results, self.other)
        sign = "≥" if self.faster else "≤"
        how = "as fast as" if self.faster else "the memory of" if self.of_memory else "the time of"
        return [
            self.work,
            show(ours),
            f"{self.other}: {show(other)}",
            f"{sign} {self.limit:g} × {how} {self.other}",
            f"{self.figure(results):.2f} ×",
        ]


@dataclass(frozen=True)
class Limit:
    """A result that may not be larger than a number: seconds, or bytes of memory."""

    work: str
    ours: str
    limit: float
    of_memory: bool = False
    above: str = ""  # a result that is taken off first
    per: str = ""  # of how much the limit is told

    def needs(self) -> list[str]:
        """The results that it is made of."""
        return [self.ours, *([self.above] if self.above else [])]

    def value(self, results: Results) -> float:
        """Seconds or bytes."""
        if self.of_memory:
            return results[self.ours].memory
        start = results[self.above].seconds if self.above else 0.0
        return results[self.ours].seconds - start

    def is_met(self, results: Results) -> bool:
        """Whether it is within the limit."""
        return self.value(results) <= self.limit

    def told(self, results: Results) -> list[str]:
        """The cells of its row."""
        show = megabytes if self.of_memory else shown
        value = self.value(results)
        other = f"{self.above}: {shown(results[self.above].seconds)}" if self.above else ""
        return [self.work, show(value), other, f"≤ {show(self.limit)}{self.per}", show(value)]


def shown(seconds: float) -> str:
    """Seconds as a person reads them."""
    if seconds < 1e-5:
        return f"{seconds * 1e9:.0f} ns"
    return f"{seconds * 1000:.2f} ms" if seconds < 0.0995 else f"{seconds:.3f} s"


def megabytes(count: float) -> str:
    """Bytes as a person reads them."""
    return f"{count / 1e6:.1f} MB"


def goals(log_bytes: int) -> list[Goal | Limit]:
    """All of them, in the order of the table."""
    return [
        Goal("10,000 jobs → pandas", "jobs_pandas", "jobs_posit_sdk", 20, faster=True),
        Goal("10,000 jobs → pandas", "jobs_pandas", "jobs_curl", 4),
        Goal("10,000 jobs → R data frame", "r_jobs", "r_jobs_httr", 40, faster=True),
        Goal("log of 1M entries → pandas", "log_pandas", "log_requests", 20, faster=True),
        Goal("log of 1M entries → pandas", "log_pandas", "log_curl", 3.5),
        Limit(
            "log of 1M entries → pandas, memory",
            "log_pandas",
            1.2 * log_bytes,
            of_memory=True,
            per=" (1.2 × the answer)",
        ),
        Goal(
            "log of 1M entries → pandas without pyarrow",
            "log_pandas_without_pyarrow",
            "log_requests",
            8,
            faster=True,
        ),
        Goal("log of 1M entries → R data frame", "r_log", "r_log_httr", 40, faster=True),
        Goal("tail of 1M entries, C", "tail_c", "tail_simdjson", 1.25),
        Goal("tail of 1M entries, C", "tail_c", "tail_curl", 3.5),
        Goal("tail of 1M entries, Python batches", "tail_batches", "tail_json", 15, faster=True),
        Goal("tail of 1M entries, Python batches", "tail_batches", "tail_orjson", 4, faster=True),
        Goal("tail of 1M entries, Python one by one", "tail_entries", "tail_json", 3, faster=True),
        Goal("tail of 10M entries, memory", "tail_10m", "tail_1m", 1.1, of_memory=True),
        Goal("cost of an entry, 10M against 10k", "entry_of_10m", "entry_of_10k", 1.2),
        Goal("cost of an entry, 10k against 10M", "entry_of_10k", "entry_of_10m", 1.2),
        Goal("1,000 items' jobs, 32 in flight", "jobs_many", "many_posit_sdk", 10, faster=True),
        Goal("1,000 items' jobs, 32 in flight", "jobs_many", "many_curl", 1.5),
        Goal("download of 1 GB", "download", "download_curl", 1.1),
        Limit("download of 1 GB, memory", "download", 16e6, of_memory=True),
        Limit("an entry after curl -N has it, median", "latency_median", 0.0002),
        Limit("an entry after curl -N has it, 99th percentile", "latency_99", 0.002),
        Limit("dlopen", "dlopen", 0.004),
        Limit("import connectjobs", "python_import", 0.030, above="python_bare"),
        Limit("library(connectjobs)", "r_library", 0.060),
    ]


# What is measured beside the goals: to be compared, without a limit.
COMPARED = [
    ("10,000 jobs → pandas", "jobs_requests"),
    ("log of 1M entries → pandas", "log_orjson"),
    ("log of 1M entries → pyarrow", "log_pyarrow"),
    ("log of 1M entries → polars", "log_polars"),
    ("log of 1M entries → duckdb", "log_duckdb"),
]
