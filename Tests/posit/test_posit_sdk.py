"""Posit's own client, unchanged, against the sandbox: what `run.sh` installs and starts.

CONNECT_SERVER and CONNECT_API_KEY say where the sandbox is; posit-sdk reads them itself.
"""

import time

import pytest
from posit import connect
from posit.connect.errors import ClientError


@pytest.fixture(scope="module")
def client():
    with connect.Client() as client:
        yield client


def find(client, name):
    item = client.content.find_one(name=name)
    assert item is not None and item["name"] == name
    return item


def eventually(condition, limit=10):
    end = time.monotonic() + limit
    while not (value := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return value


def test_it_is_told_the_version_and_the_user(client):
    assert client.version == "2025.01.0"
    assert client.me["username"] == "sandbox"


def test_it_finds_content_by_name(client):
    names = {item["name"] for item in client.content.find()}
    assert names == {"clock", "report", "broken", "foreign"}
    assert client.content.find_one(name="none") is None
    clock = find(client, "clock")
    assert client.content.get(clock["guid"])["title"] == "A clock"


def test_it_lists_and_finds_jobs(client):
    jobs = find(client, "clock").jobs
    (row,) = jobs
    assert len(jobs) == 1 and row["status"] == 0 and row["tag"] == "run_api"
    assert jobs.find(row["key"])["pid"] == row["pid"]
    assert jobs.find_by(key=row["key"])["id"] == row["id"]
    assert jobs.find_by(status=2) is None
    with pytest.raises(ClientError) as failure:
        jobs.find("none")
    assert (failure.value.http_status, failure.value.error_code) == (404, 4)


def test_it_renders_content_and_waits_for_the_task(client):
    report = find(client, "report")
    task = report.render()
    task.wait_for()
    assert task.is_finished and task.error_code == 0 and not task.error_message
    assert "rendered" in task["output"]
    job = eventually(lambda: report.jobs.find_by(status=2))
    assert job["exit_code"] == 0


def test_a_rendering_that_fails_says_so(client):
    task = find(client, "broken").render()
    task.wait_for(max_attempts=10)
    assert task.error_code == 3 and "code 3" in task.error_message


def test_it_destroys_a_job(client):
    jobs = find(client, "clock").jobs
    (row,) = jobs
    row.destroy()
    ended = eventually(lambda: jobs.find_by(key=row["key"], status=2))
    assert ended["exit_code"] == 143
    with pytest.raises(ClientError) as failure:
        row.destroy()
    assert (failure.value.http_status, failure.value.error_code) == (409, 163)


def test_refusals_reach_it(client):
    with pytest.raises(ClientError) as failure:
        list(find(client, "foreign").jobs)
    assert (failure.value.http_status, failure.value.error_code) == (403, 19)
    with connect.Client(client.cfg.url.replace("/__api__", ""), "wrong") as stranger:
        with pytest.raises(ClientError) as failure:
            stranger.content.find()
    assert (failure.value.http_status, failure.value.error_code) == (401, 30)
