"""Runs measured programs, each in a process of its own."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """What a program needed: seconds, bytes of memory beyond its start, and the rows it made."""

    seconds: float
    memory: int = 0
    rows: int = 0


def said(command: list[str]) -> dict[str, Any]:
    """The JSON of a program's last line."""
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        raise RuntimeError(f"failed with {done.returncode}: {' '.join(command)}")
    return dict(json.loads(lines[-1]))


def best(command: list[str], times: int) -> Result:
    """The quickest of several processes, and the most memory that one needed."""
    results = [Result(**said(command)) for _ in range(times)]
    quickest = min(results, key=lambda result: result.seconds)
    return Result(quickest.seconds, max(result.memory for result in results), quickest.rows)


def curl(times: int, *arguments: str) -> Result:
    """curl's own count of the time, its exit and start left out."""
    seconds = math.inf
    for _ in range(times):
        command = ["curl", "-sS", "-f", "-w", "%{stderr}%{time_total}", *arguments]
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True, text=True
        )
        seconds = min(seconds, float(done.stderr))
    return Result(seconds)


def elapsed(times: int, command: list[str]) -> Result:
    """A whole process, from its start to its end."""
    seconds = math.inf
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        seconds = min(seconds, time.perf_counter() - start)
    return Result(seconds)


def note(text: str) -> None:
    """Says on stderr what is being done."""
    print(text, file=sys.stderr, flush=True)
