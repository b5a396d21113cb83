"""Good answers, to compare the bad ones with, and odd ones that are still good."""

import json
import time

from registry import behaviour

JOB = {
    "id": "40", "ppid": "1", "pid": "4711", "key": "k1", "remote_id": None, "app_id": "7",
    "content_id": "7", "content_guid": "g", "variant_id": "3", "bundle_id": "9",
    "start_time": "2024-11-25T22:26:14Z", "end_time": None,
    "last_heartbeat_time": "2024-11-25T22:26:13Z", "queued_time": None, "queue_name": "default",
    "tag": "run_app", "exit_code": None, "status": 0, "hostname": "node1", "cluster": None,
    "image": None, "run_as": "rstudio-connect",
}  # fmt: skip

CONTENT = {
    "guid": "fine", "name": "fine", "title": "Fine", "app_mode": "shiny", "owner_guid": "o",
    "last_deployed_time": "2024-01-02T03:04:05.6Z", "dashboard_url": "http://x/#/apps/fine",
}  # fmt: skip

ORDER = {
    "guid": "order-1", "app_id": 7, "app_guid": "g", "job_id": 40, "job_key": "k1",
    "result": "Order to kill job registered",
}  # fmt: skip

ERROR = {"code": "render-failed", "summary": "It did not work.", "help_url": "http://x/help"}


def entry(number: int) -> dict:
    """The log entry of that number: its time and its text both tell the number."""
    return {
        "source": "stderr" if number % 3 == 2 else "stdout",
        "timestamp": f"2024-12-06T19:09:29.{number:09d}Z",
        "data": f"line {number}",
    }


def good(visit):
    """The usual answer to the operation, as a value."""
    return {
        "content": [CONTENT],
        "tail": entry(0),
        "download": "line 0",
        "jobs": [JOB, {**JOB, "key": "k2", "status": 2, "exit_code": 0}],
        "job": {**JOB, "key": visit.key},
        "log": {"entries": [entry(number) for number in range(3)]},
        "error": ERROR,
        "kill": {**ORDER, "job_key": visit.key},
    }[visit.operation]


@behaviour
def fine(visit):
    """Everything as it should be."""
    if visit.operation == "download":
        visit.answer(200, b"line 0\nline 1\nline 2\n", "text/plain")
    elif visit.operation == "tail":
        visit.head(200, [("Content-Type", "application/json"), ("Connection", "close")])
        visit.send(b"".join(json.dumps(entry(n)).encode() + b"\n" for n in range(3)))
        visit.close()
    elif visit.operation == "job":
        visit.json({**good(visit), "status": 2})
    else:
        visit.json(good(visit))


@behaviour
def odd_jobs(visit):
    """Fields that are absent, null or unknown, and every form of a time."""
    visit.json(
        [
            {},
            dict.fromkeys(JOB),
            {"key": "unknown", "surprise": {"a": [1, {"b": None}]}, "another": 5, "status": 1},
            {
                "key": "times",
                "start_time": "2006-01-02T15:04:05-07:00",
                "end_time": "2024-12-06T19:09:29.948016766Z",
                "queued_time": "0001-01-01T00:00:00Z",
                "last_heartbeat_time": "2024-12-06T19:09:29.9480167669Z",
            },
            {"key": "edges", "start_time": "1677-09-21T00:12:43.145224192Z",
             "end_time": "2262-04-11T23:47:16.854775807Z", "queued_time": "9999-12-31T23:59:59Z",
             "last_heartbeat_time": "2016-12-31T23:59:60Z"},
            {"key": "numbers", "id": 40, "pid": 4711, "exit_code": -9, "status": "2"},
            {"key": "text\u0000\U0001f600\u00e9\\\"", "hostname": "", "tag": "a_tag_of_tomorrow"},
        ]
    )  # fmt: skip


@behaviour
def one_time(visit, *parts):
    """A job whose start time is the arguments, joined with dots."""
    visit.json([{"key": "k", "start_time": ".".join(parts)}])


@behaviour
def many_jobs(visit, count):
    """A list of so many jobs."""
    visit.json([{**good(visit)[0], "key": f"k{n}", "exit_code": n} for n in range(int(count))])


@behaviour
def no_jobs(visit):
    """An empty list."""
    visit.json([])


@behaviour
def no_error(visit):
    """204: Connect logged no error."""
    visit.answer(204)


@behaviour
def ends_after(visit, looks):
    """The job is active for so many looks, then finished, then finalized."""
    visit.json({**good(visit), "status": max(0, min(2, visit.nth - int(looks)))})


@behaviour
def slow(visit, milliseconds):
    """Good, after a while."""
    time.sleep(int(milliseconds) / 1000)
    fine(visit)


@behaviour
def deprecated(visit):
    """Good, but with the header that names a newer endpoint, followed by the request's key."""
    newer = f"/v2/jobs?{visit.header('Authorization')}"
    visit.json(good(visit), headers=[("X-Deprecated-Endpoint", newer)])
