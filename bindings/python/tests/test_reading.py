"""Values as they arrive in Python, compared with what Python's own json reads."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import Any

import pytest

import connectjobs as cj
from support import GUID, Answer, Server, as_json, entry

UTC = timezone.utc
JOBS: list[dict[str, Any]] = [
    {
        "id": "1",
        "ppid": None,
        "pid": "4711",
        "key": "k1",
        "remote_id": None,
        "app_id": "7",
        "content_id": "8",
        "content_guid": GUID,
        "variant_id": "2",
        "bundle_id": "3",
        "start_time": "2024-12-06T19:09:29.948016766Z",
        "end_time": None,
        "last_heartbeat_time": "2006-01-02T15:04:05-07:00",
        "queued_time": "0001-01-01T00:00:00Z",
        "queue_name": "default",
        "tag": "run_app",
        "exit_code": None,
        "status": 0,
        "hostname": "höst-𝄞",
        "cluster": None,
        "image": "",
        "run_as": "rstudio-connect",
        "something_new": {"nested": [1, 2, {"x": None}]},
    },
    {"key": "k2", "status": 2, "exit_code": 137, "start_time": "2024-11-25T22:26:14Z"},
    {"key": "k3", "status": 1, "exit_code": 0, "tag": "run_app", "content_guid": GUID},
    {},
]
TEXTS = [name for name in JOBS[0] if not name.endswith("_time") and name != "something_new"]


@pytest.fixture
def jobs(server: Server, client: cj.Client) -> cj.Jobs:
    server.jobs(Answer(json.dumps(JOBS, ensure_ascii=False).encode()))
    return client.jobs(GUID)


@pytest.mark.parametrize("name", TEXTS)
def test_each_field_is_what_json_reads(jobs: cj.Jobs, name: str) -> None:
    wanted = [job.get(name) for job in JOBS]
    assert jobs.column(name) == wanted
    if name != "content_guid":
        assert [getattr(job, name) for job in jobs] == wanted


def test_times_keep_their_nanoseconds_and_their_offset(jobs: cj.Jobs) -> None:
    first = jobs[0]
    assert first.start_time == datetime(2024, 12, 6, 19, 9, 29, 948016, UTC)
    assert first.start_time_ns == 1_733_512_169_948_016_766
    assert first.last_heartbeat_time == datetime(2006, 1, 2, 22, 4, 5, tzinfo=UTC)
    assert first.queued_time is None  # year 1 is how Go says "none"
    assert first.end_time is None
    assert jobs[1].start_time_ns == 1_732_573_574_000_000_000


def test_the_content_is_the_one_asked_for_where_the_server_does_not_say(jobs: cj.Jobs) -> None:
    assert [job.content_guid for job in jobs] == [GUID] * 4
    assert jobs.column("content_guid") == [GUID, None, GUID, None]


def test_jobs_behave_as_a_sequence(jobs: cj.Jobs) -> None:
    from collections.abc import Sequence

    assert len(jobs) == 4
    assert [job.key for job in jobs] == ["k1", "k2", "k3", None]
    assert [job.key for job in reversed(jobs)] == [None, "k3", "k2", "k1"]
    assert jobs[-4].key == "k1"
    assert [job.key for job in jobs[1:3]] == ["k2", "k3"]
    assert [job.key for job in jobs[::-2]] == [None, "k2"]
    assert [job.key for job in jobs[2:][0:1]] == ["k3"]
    assert len(jobs[4:]) == 0
    assert not jobs[4:]
    assert jobs[0] in jobs
    assert not isinstance(jobs, Sequence)
    with pytest.raises(IndexError, match="4 rows; there is no row 4"):
        jobs[4]
    with pytest.raises(IndexError):
        jobs[-5]
    with pytest.raises(TypeError, match="must be a whole number, not str"):
        jobs["k1"]  # type: ignore[call-overload]


def test_jobs_can_be_chosen(jobs: cj.Jobs) -> None:
    assert [job.key for job in jobs.active()] == ["k1"]
    assert jobs.find("k3").exit_code == 0
    assert [job.key for job in jobs.filter(tag="run_app")] == ["k1", "k3"]
    assert [job.key for job in jobs.filter(tag="run_app", status=1)] == ["k3"]
    assert [job.key for job in jobs.filter(status={1, 2})] == ["k2", "k3"]
    assert [job.key for job in jobs.filter(status=None)] == [None]
    assert jobs.filter(tag="run_app").filter(status=0).column("key") == ["k1"]
    assert jobs.latest.key == "k1"
    assert [job.failed for job in jobs] == [False, True, False, False]
    assert [job.state for job in jobs] == ["active", "finalized", "finished", None]
    with pytest.raises(LookupError, match="has the key 'k9'"):
        jobs.find("k9")
    with pytest.raises(TypeError, match="no column 'colour'"):
        jobs.filter(colour="red")
    with pytest.raises(LookupError, match="no jobs"):
        _ = jobs[4:].latest


def test_a_job_cannot_be_changed(jobs: cj.Jobs) -> None:
    job = jobs[0]
    with pytest.raises(AttributeError, match="cannot be changed"):
        job.status = 2
    with pytest.raises(AttributeError):
        job.colour = "red"  # type: ignore[attr-defined]


def test_an_empty_list_is_no_jobs(server: Server, client: cj.Client) -> None:
    server.jobs(as_json([]))
    jobs = client.jobs(GUID)
    assert list(jobs) == []
    assert repr(jobs) == "<Jobs: 0 rows>"
    assert jobs.to_pandas().shape == (0, len(jobs.columns))


def test_a_log_keeps_every_character(server: Server, client: cj.Client) -> None:
    texts = [
        "plain",
        "",
        "nul\0nul",
        "line\nbreak",
        "𝄞 4 bytes",
        "\x1b[31mred",
        "é" * 5000,
        "\u2028",
    ]
    entries = [entry(text, "stderr" if n % 2 else "stdout", n) for n, text in enumerate(texts)]
    server.job(as_json(JOBS[0]))
    server.job(as_json({"entries": entries}), part="/log")
    log = client.job(GUID, "k1").log()
    assert [each.data for each in log] == texts
    assert log.column("data") == texts
    assert [each.source for each in log] == [each["source"] for each in entries]
    assert log[3] == list(log)[3]
    assert [each.timestamp_ns for each in log][:2] == [
        1_733_512_140_948_016_766,
        1_733_512_141_948_016_766,
    ]
    assert {each.job_key for each in log} == {"k1"}
    assert str(log[5]) == "\\x1b[31mred"
    assert str(log[7]) == "\\u2028"
    assert [each.data for each in log[1:4]] == texts[1:4]


def test_a_long_log_is_read_in_order(server: Server, client: cj.Client) -> None:
    texts = [f"line {n} {'é' if n % 1000 == 0 else ''}" for n in range(10_000)]
    server.job(as_json(JOBS[0]))
    server.job(as_json({"entries": [entry(text) for text in texts]}), part="/log")
    log = client.job(GUID, "k1").log(10_000)
    assert [each.data for each in log] == texts
    assert "maxLogLines=10000" in server.requests[-1][0]


def test_a_log_is_filtered(server: Server, client: cj.Client) -> None:
    lines = [entry(f"{n} {'Error: é' if n % 7 == 0 else 'fine'}", "stdout") for n in range(5000)]
    lines[6]["source"] = lines[4999]["source"] = "stderr"
    del lines[8]["source"]
    server.job(as_json(JOBS[0]))
    server.job(as_json({"entries": lines}), part="/log")
    log = client.job(GUID, "k1").log()
    assert [each.data for each in log.stderr] == [lines[6]["data"], lines[4999]["data"]]
    assert len(log.stdout) == 4997
    wanted = [line["data"] for line in lines if "Error" in line["data"]]
    assert [each.data for each in log.grep("error: .", invert=False)] == []
    assert [each.data for each in log.grep(r"Error: .")] == wanted
    assert [each.data for each in log.grep(re.compile("ERROR", re.IGNORECASE))] == wanted
    assert len(log.grep("Error", invert=True)) == 5000 - len(wanted)
    assert [each.data for each in log.grep("Error").grep("^70 ")] == [lines[70]["data"]]
    assert log[10:20].grep("Error").column("data") == [lines[14]["data"]]
    with pytest.raises(ValueError, match=r"re.escape"):
        log.grep("(")
    for wrong in (7, None, b"x", re.compile(b"x")):
        with pytest.raises(TypeError, match="regular expression"):
            log.grep(wrong)  # type: ignore[arg-type]


def test_an_error_is_explained_or_absent(server: Server, client: cj.Client) -> None:
    server.job(as_json(JOBS[0]))
    job = client.job(GUID, "k1")
    server.job(Answer(status=204), part="/error")
    assert job.error() is None
    reason = {"code": "c", "summary": "It broke.", "help_url": "https://x/"}
    server.job(as_json(reason), part="/error")
    error = job.error()
    assert error is not None
    assert (error.code, error.summary, error.help_url) == ("c", "It broke.", "https://x/")
    assert str(error) == "It broke."


def test_many_content_items_fail_one_by_one(server: Server, client: cj.Client) -> None:
    server.jobs(as_json([{"key": "a1"}, {"key": "a2"}]), "a")
    server.jobs(as_json([{"key": "c1"}]), "c")
    jobs = client.jobs_many(["a", "b", "c"], max_concurrent=2)
    assert [(job.content_guid, job.key) for job in jobs] == [("a", "a1"), ("a", "a2"), ("c", "c1")]
    assert isinstance(jobs.failures["b"], cj.NotFoundError)
    assert jobs.failures["b"].code == 4
    assert len(client.jobs_many([])) == 0
    with pytest.raises(TypeError, match="for one there is jobs"):
        client.jobs_many("a")


def test_content_is_found_by_name(server: Server, client: cj.Client) -> None:
    item = {"guid": GUID, "name": "x", "title": None, "app_mode": "shiny", "owner_guid": "o"}
    server.routes["GET /v1/content"] = lambda: as_json([item])
    found = client.content("x").first
    assert (found.guid, found.name, found.title, found.app_mode) == (GUID, "x", None, "shiny")
    server.jobs(as_json([]))
    assert len(client.jobs(found)) == 0
    server.routes["GET /v1/content"] = as_json([])
    with pytest.raises(cj.NotFoundError, match="named 'x'"):
        _ = client.content("x").first
