"""Logs whose lines are dangerous to pass on as they are."""

from registry import behaviour

from .fine import JOB, entry
from .tails import beside

LINES = {
    "nul": ["before", "in\0side", "after"],
    "formats": ["%s%s%s%s%n", "100%", "%1$s"],
    "secrets": ["starting", "password=hunter2 user=ann", "Authorization: Bearer abc.def-123", "done"],
}


@behaviour
def lines(visit, kind):
    """A finished job with lines of that kind, in the log and in the tail."""
    log = [{**entry(n), "data": text} for n, text in enumerate(LINES[kind])]
    if kind == "nul":
        log.append({"source": "stdout", "timestamp": None, "data": None})
    if not beside(visit, {**JOB, "status": 2, "exit_code": 0}, log):
        visit.json({"entries": log})
