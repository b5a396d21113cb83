"""What hooks cost: the figures of programs/hooks.c, and a Python function for each entry.

usage: hooks.py DATA RUN PROGRAM
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from server import serving

import connectjobs as cj

HERE = Path(__file__).parent
GUID = "11111111-1111-4111-8111-111111111111"
ROUNDS = 7


def keep(entry: cj.LogEntry) -> bool:
    """The same question as in C."""
    return not (entry.source[3] == "x" and entry.timestamp_ns == 1)


def python_keep() -> float:
    """Seconds to read the log, and to ask a Python function about each entry object."""
    best = 1e9
    with cj.Client() as client:
        job = client.job(GUID, "1m")
        for _ in range(3):
            start = time.perf_counter()
            kept = [entry for entry in job.log() if keep(entry)]
            best = min(best, time.perf_counter() - start)
            assert len(kept) == 1_000_000
    return best


def row(work: str, figure: str, goal: str, met: bool) -> str:
    """A row of the table."""
    return f"| {work} | {figure} | {goal} | {'met' if met else 'NOT MET'} |"


def main(data: str, run: str, program: str) -> None:
    """Measures, and prints a table."""
    with serving(str(HERE / "nginx.conf"), run, data) as address:
        os.environ |= {"CONNECT_SERVER": address, "CONNECT_API_KEY": "benchmark", "no_proxy": "*"}
        output = subprocess.run(
            [program, "1m", str(ROUNDS)], check=True, capture_output=True, text=True
        ).stdout
        of = {line["name"]: line for line in map(json.loads, output.splitlines())}
        python = python_keep()
    bare, each = of["ffi_call"]["ns"], of["keep"]["ns"]
    ratio = of["keep"]["seconds"] / of["none"]["seconds"]
    print(f"Hooks over the log of {of['none']['rows']:,} entries; the best of {ROUNDS}.\n")
    print("| work | figure | goal | |\n| --- | --- | --- | --- |")
    print(
        row(
            "a hook of two arguments, an entry",
            f"{each:.0f} ns (a bare ffi_call: {bare:.0f} ns)",
            f"≤ {60 / 44:.2f} × a bare ffi_call",
            each <= bare * 60 / 44,
        )
    )
    print(row("a million entries through keep", f"{ratio:.2f} × no hook", "≤ 1.6 ×", ratio <= 1.6))
    print(
        row(
            "the same with a Python function for each entry object",
            f"{python / of['keep']['seconds']:.1f} × the time of keep",
            "≥ 5 ×",
            python / of["keep"]["seconds"] >= 5,
        )
    )
    for name in ("keep_most", "redact", "whole"):
        figure = of[name]
        ratio = figure["seconds"] / of["none"]["seconds"]
        told = f"{ratio:.2f} × no hook, {figure['rows']:,} entries left"
        print(f"| {name} | {told} | | |")


if __name__ == "__main__":
    main(*sys.argv[1:])
