"""What a job wrote, as /log, /tail and /download give it."""

import contextlib
import json
import re
import time

import pytest
from conftest import python, shell

# Both sources, an empty line, control characters, quotes, bytes that are not UTF-8, and no newline
# at the end.
WRITES = r"""
import os, time
os.write(1, b'plain\n\n"quoted" \\ and \x01\x7f\x00\ttab\r\n')
time.sleep(.05); os.write(2, 'h\u00e9 \u2192 \U0001f600\n'.encode())
time.sleep(.05); os.write(1, b'\xff\xc3( \xed\xa0\x80\n'); os.write(1, b'ha'); os.write(1, b'lf')
"""
LINES = [
    ("stdout", "plain"),
    ("stdout", ""),
    ("stdout", '"quoted" \\ and \x01\x7f\x00\ttab\r'),
    ("stderr", "h\u00e9 \u2192 \U0001f600"),
    ("stdout", "\ufffd\ufffd( \ufffd\ufffd\ufffd"),
    ("stdout", "half"),
]


def pairs(entries):
    return [(entry["source"], entry["data"]) for entry in entries]


def parse(framing, body):
    """The entries of a tail, as strictly as the framing allows."""
    text = body.decode()
    if framing == "array":
        return json.loads(text)
    if framing == "sse":
        assert text.endswith("\n\n")
        return [json.loads(event.removeprefix("data: ")) for event in text[:-2].split("\n\n")]
    if framing == "ndjson":
        return [json.loads(line) for line in text.split("\n")[:-1]]
    assert "}{" in text and "\n" not in text
    return json.loads("[" + text.replace("}{", "},{") + "]")


@pytest.mark.parametrize("framing", ["ndjson", "concatenated", "sse", "array"])
def test_every_way_to_read_gives_the_same(sandbox, framing):
    server = sandbox({"writes": python(WRITES)}, "--tail-framing", framing)
    job = server.render("writes")
    live = server.ask(job + "/tail")
    again = server.ask(job + "/tail")
    entries = server.log(job)
    assert pairs(entries) == LINES
    assert parse(framing, live.body) == entries and live.body == again.body
    expected = "text/event-stream" if framing == "sse" else "application/json"
    assert live.headers["content-type"] == expected
    times = [entry["timestamp"] for entry in entries]
    assert all(re.fullmatch(r"[\d-]{10}T[\d:]{8}(\.\d{1,9})?Z", time) for time in times)


def test_a_download_is_the_whole_log_as_text(sandbox):
    server = sandbox({"writes": python(WRITES)})
    job = server.run("writes")
    answer = server.ask(job + "/download")
    key = job.rsplit("/", 1)[1]
    name = f'attachment; filename="rstudio-connect.1.1.1.run_app.{key}.log"'
    assert answer.headers["content-disposition"] == name
    lines = answer.body.split(b"\n")
    assert lines.pop() == b""
    stamp = rb"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{9} "
    assert all(re.match(stamp, line) for line in lines)
    assert lines[0].endswith(b" plain") and lines[4].endswith(b" \xff\xc3( \xed\xa0\x80")
    named = server.ask(job + '/download?filename=a%22b%0d%0a.log')
    assert named.headers["content-disposition"] == 'attachment; filename="a_b__.log"'


def test_max_log_lines_keeps_the_last_or_the_first(sandbox):
    count = {"count": shell("seq 1 6000")}
    last, first = sandbox(count), sandbox(count, "--max-log-lines-keep", "first")
    capped = sandbox(count, "--max-log-lines-cap", "7")
    data = lambda server, job, query="": [int(e["data"]) for e in server.log(job, query)]
    job = last.run("count")
    assert data(last, job) == list(range(1001, 6001))
    assert data(last, job, "?maxLogLines=3") == [5998, 5999, 6000]
    assert data(last, job, "?maxLogLines=99999") == list(range(1, 6001))
    for n in [1023, 1024, 1025, 4976, 4977]:
        assert data(last, job, f"?maxLogLines={n}") == list(range(6001 - n, 6001))
    for bad in ["0", "-1", "x", ""]:
        assert last.ask(f"{job}/log?maxLogLines={bad}").status == 400
    job = first.run("count")
    assert data(first, job) == list(range(1, 5001))
    assert data(first, job, "?maxLogLines=3") == [1, 2, 3]
    job = capped.run("count")
    assert data(capped, job) == data(capped, job, "?maxLogLines=9") == list(range(5994, 6001))


def test_a_tail_is_live(sandbox):
    server = sandbox({"slow": shell("for i in 1 2 3; do echo $i; sleep .4; done")})
    job = server.render("slow")
    connection, response = server.open(job + "/tail")
    with contextlib.closing(connection):
        began = time.monotonic()
        arrivals = []
        while line := response.readline():
            arrivals.append((json.loads(line)["data"], round(time.monotonic() - began, 1)))
        took = time.monotonic() - began
    assert [data for data, _ in arrivals] == ["1", "2", "3"]
    assert arrivals[0][1] < 0.2 and 0.3 <= arrivals[1][1] <= 0.6 and 0.7 <= arrivals[2][1] <= 1.0
    # It closes when the job is finalized, which is a while after its end.
    assert 1.4 < took < 2.2 and server.ask(job).json()["status"] == 2


def test_a_tail_without_replay_begins_now(sandbox):
    server = sandbox(
        {"slow": shell("echo before; sleep 1; echo after")}, "--no-tail-replay"
    )
    job = server.render("slow")
    while not server.log(job):
        time.sleep(0.02)
    tail = server.ask(job + "/tail")
    assert [json.loads(line)["data"] for line in tail.body.splitlines()] == ["after"]
    assert server.ask(job + "/tail").body == b""


def test_a_queued_job_has_an_empty_log_and_can_be_tailed(sandbox):
    server = sandbox({"queued": shell("echo ran", queue_ms=600)})
    job = server.render("queued")
    row = server.ask(job).json()
    assert row["status"] == 0 and row["pid"] is None and row["start_time"] is None
    assert server.log(job) == []
    assert b"ran" in server.ask(job + "/tail").body
    job = server.render("queued")
    assert server.ask(job, "DELETE").status == 200
    row = server.wait(job, limit=0.55)
    assert row["pid"] is None and row["exit_code"] is None and server.log(job) == []


def test_long_lines(sandbox):
    script = "import os\nfor i in range(5): os.write(1, bytes([97 + i]) * 1_000_000 + b'\\n')"
    server = sandbox({"long": python(script)})
    job = server.run("long")
    assert [entry["data"] for entry in server.log(job)] == [c * 1_000_000 for c in "abcde"]
    assert len(server.ask(job + "/tail").body.splitlines()) == 5
    assert [entry["data"][0] for entry in server.log(job, "?maxLogLines=2")] == ["d", "e"]
