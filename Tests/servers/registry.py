"""Which function answers a content guid, and what was asked so far.

A guid names a behaviour, its arguments and a mark that tells tests apart: `error.404.4~mark` calls
`error(visit, "404", "4")`. What is recorded is recorded by the whole guid.
"""

import threading
from collections import defaultdict

BEHAVIOURS = {}
_lock = threading.Lock()
_recorded = defaultdict(list)


def behaviour(function):
    """Registers a function under its name, with - for _."""
    BEHAVIOURS[function.__name__.replace("_", "-")] = function
    return function


def respond(visit):
    """Has the request answered by the behaviour that its guid names."""
    name, *arguments = visit.guid.partition("~")[0].split(".")
    function = BEHAVIOURS.get(name)
    if function is None:
        visit.json({"code": 4, "error": f"No behaviour is called {name}."}, status=404)
        return
    function(visit, *arguments)


def record(visit):
    """Notes a request before it is answered, and tells it how many came before."""
    lines = [f"{visit.method} {visit.target}", f"connection {visit.connection_number}"]
    lines += [f"{name}: {value}" for name, value in visit.headers]
    with _lock:
        _recorded[visit.guid].append("\n".join(lines))
        visit.nth = len(_recorded[visit.guid])


def recorded(guid: str) -> str:
    """All requests of a guid, with an empty line after each."""
    with _lock:
        return "".join(f"{entry}\n\n" for entry in _recorded[guid])
