"""Measures everything, prints a table of goals, and keeps it beside this file.

usage: compare.py DATA RUN PROGRAMS LIBRARY [NAME...]

With names, only the goals whose work has one of them in it, and nothing is kept.
"""

from __future__ import annotations

import datetime as dt
import os
import sys

from goals import COMPARED, Goal, Limit, Results, goals, megabytes, shown
from machine import described
from runs import note
from server import serving
from work import Places, all_work

HERE = os.path.dirname(os.path.abspath(__file__))


def measure(at: Places, wanted: list[str] | None) -> Results:
    """All results, or those that are wanted; what fails is said and left out."""
    results: Results = {}
    for name, work in all_work(at).items():
        if wanted is not None and name not in wanted:
            continue
        note(f"… {name}")
        try:
            results[name] = work()
        except (OSError, RuntimeError, ValueError, KeyError) as problem:
            note(f"  failed: {problem}")
    return results


def row(goal: Goal | Limit, results: Results) -> list[str]:
    """A goal's cells; the last says whether it is met."""
    if any(name not in results for name in goal.needs()):
        return [goal.work, "", "", "", "", "not measured"]
    return [*goal.told(results), "met" if goal.is_met(results) else "MISSED"]


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table as Markdown."""
    widths = [max(len(line[place]) for line in [head, *rows]) for place in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |"
        for line in lines
    )


def report(chosen: list[Goal | Limit], results: Results) -> str:
    """The goals, then everything that was measured."""
    head = ["work", "ours", "other", "goal", "figure", ""]
    text = table(head, [row(goal, results) for goal in chosen])
    beside = [
        [work, name, shown(results[name].seconds), megabytes(results[name].memory)]
        for work, name in COMPARED
        if name in results
    ]
    if beside:
        text += "\n\nBeside the goals:\n\n" + table(["work", "", "time", "memory"], beside)
    return text


def keep(text: str) -> None:
    """Writes the result into the file beside this one."""
    now = dt.datetime.now(dt.timezone.utc)
    with open(f"{HERE}/RESULTS.md", "w", encoding="utf-8") as file:
        file.write(f"# The last run of `Tests/benchmarks/run.sh`\n\n{now:%Y-%m-%d %H:%M} UTC.\n")
        file.write(f"{described()}\n\n{text}\n")


def main() -> None:
    """Measures, tells, keeps."""
    data, run, programs, library = sys.argv[1:5]
    names = sys.argv[5:]
    chosen = [
        goal
        for goal in goals(os.path.getsize(f"{data}/log_1m.json"))
        if not names or any(name in goal.work for name in names)
    ]
    wanted = {name for goal in chosen for name in goal.needs()} if names else None
    with serving(f"{HERE}/nginx.conf", run, data) as server:
        os.environ.update(CONNECT_SERVER=server, CONNECT_API_KEY="benchmark", BENCHMARK_RUN=run)
        at = Places(HERE, run, programs, sys.executable, library, server)
        results = measure(at, list(wanted) if wanted is not None else None)
    text = report(chosen, results)
    print(text)
    if not names:
        keep(text)


if __name__ == "__main__":
    main()
