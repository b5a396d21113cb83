"""Others in Python: does one piece of work, several times, and says how long the best took.

usage: peers.py WORK ROUNDS
"""

from __future__ import annotations

import json
import os
import sys
from typing import Callable

import orjson
import pandas as pd
import requests
from measure import FIRST_GUID, MANY_GUIDS, measured
from posit import connect

SERVER = os.environ["CONNECT_SERVER"]
JOBS = f"{SERVER}/__api__/v1/content/{FIRST_GUID}/jobs"
TIMES = ["start_time", "end_time", "last_heartbeat_time", "queued_time"]

session = requests.Session()
client = connect.Client(url=SERVER, api_key="k")


def with_times(frame: pd.DataFrame, names: list[str]) -> int:
    """The same columns as ours: times are times."""
    for name in names:
        frame[name] = pd.to_datetime(frame[name], format="ISO8601")
    return len(frame)


def jobs_posit_sdk() -> int:
    """10,000 jobs."""
    jobs = client.content.get(FIRST_GUID).jobs.fetch()
    return with_times(pd.DataFrame(jobs), TIMES)


def jobs_requests() -> int:
    """10,000 jobs."""
    return with_times(pd.DataFrame(session.get(JOBS).json()), TIMES)


def log_requests() -> int:
    """A million entries."""
    entries = session.get(f"{JOBS}/1m/log").json()["entries"]
    return with_times(pd.DataFrame(entries), ["timestamp"])


def log_orjson() -> int:
    """A million entries."""
    entries = orjson.loads(session.get(f"{JOBS}/1m/log").content)["entries"]
    return with_times(pd.DataFrame(entries), ["timestamp"])


def tail(loads: Callable[[bytes], dict[str, str]]) -> int:
    """A million entries, one by one; read in pieces that are kind to requests."""
    count = 0
    with session.get(f"{JOBS}/1m/tail", stream=True) as response:
        for line in response.iter_lines(chunk_size=1 << 16):
            if line:
                count += loads(line)["data"] is not None
    return count


def many_posit_sdk() -> int:
    """The jobs of 1,000 content items, in a loop."""
    return sum(len(list(client.content.get(guid).jobs.fetch())) for guid in MANY_GUIDS)


WORK: dict[str, Callable[[], int]] = {
    "jobs_posit_sdk": jobs_posit_sdk,
    "jobs_requests": jobs_requests,
    "log_requests": log_requests,
    "log_orjson": log_orjson,
    "tail_json": lambda: tail(json.loads),
    "tail_orjson": lambda: tail(orjson.loads),
    "many_posit_sdk": many_posit_sdk,
}

if __name__ == "__main__":
    measured(WORK[sys.argv[1]], int(sys.argv[2]))
