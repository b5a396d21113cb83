"""What every measured program says of itself: one line of JSON."""

from __future__ import annotations

import json
import resource
import time
from typing import Callable

FIRST_GUID = "11111111-1111-4111-8111-111111111111"
MANY_GUIDS = [f"22222222-2222-4222-8222-{number:012d}" for number in range(1000)]


def peak_memory() -> int:
    """The most memory that the process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def measured(work: Callable[[], int], rounds: int) -> None:
    """Does the work; the memory is what the first time needed beyond what was there."""
    before, memory, best, rows = peak_memory(), 0, float("inf"), 0
    for turn in range(rounds):
        start = time.perf_counter()
        rows = work()
        best = min(best, time.perf_counter() - start)
        if turn == 0:
            memory = peak_memory() - before
    print(json.dumps({"seconds": best, "memory": memory, "rows": rows}))
