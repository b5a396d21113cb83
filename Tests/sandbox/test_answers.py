"""Status codes, error bodies and the shapes of objects."""

import re

import pytest
from conftest import KEY, shell

ABSENT = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def server(sandbox):
    return sandbox(
        {
            "good": shell("echo hello"),
            "bad": shell("echo oops >&2; exit 3"),
            "lost": {"command": ["no-such-program"]},
            "shot": shell("kill -9 $$"),
            "long": shell("exec sleep 600", title="A long one"),
            "foreign": shell("true", mine=False),
            "still": {"app_mode": "static"},
        }
    )


def refused(answer, status, code):
    assert answer.status == status
    body = answer.json()
    assert set(body) == {"code", "error", "payload"} and body["code"] == code and body["error"]
    return True


def test_the_key_is_checked(server):
    assert refused(server.ask("/v1/user", key=None), 401, 24)
    assert refused(server.ask("/v1/user", key="wrong"), 401, 30)
    basic = {"Authorization": "Basic eDp5"}
    assert refused(server.ask("/v1/user", key=None, headers=basic), 401, 24)
    behind_proxy = {"Authorization": 'Snowflake Token="x"', "X-RSC-Authorization": f"Key {KEY}"}
    assert server.ask("/v1/user", key=None, headers=behind_proxy).status == 200


def test_what_a_path_names_is_checked(server):
    guid = server.guid("good")
    for rest in ["", "/k", "/k/log", "/k/tail", "/k/download", "/k/error"]:
        assert refused(server.ask(f"/v1/content/not-a-guid/jobs{rest}"), 400, 3)
        assert refused(server.ask(f"/v1/content/{ABSENT}/jobs{rest}"), 404, 4)
        assert refused(server.ask(f"/v1/content/{server.guid('foreign')}/jobs{rest}"), 403, 19)
        if rest:
            assert refused(server.ask(f"/v1/content/{guid}/jobs{rest}"), 404, 4)
    assert refused(server.ask(f"/v1/content/{guid}/jobs/k", "DELETE"), 404, 4)
    assert refused(server.ask("/v1/no-such-endpoint"), 404, 2)
    assert refused(server.ask(f"/v1/content/{guid}/jobs/k/log/more"), 404, 2)
    assert refused(server.ask("/v1/tasks/none"), 404, 4)
    assert refused(server.ask("/variants/99/render", "POST"), 404, 4)
    assert refused(server.ask(f"/v1/content/{server.guid('still')}/render", "POST"), 400, 3)


def test_a_job_is_a_row_of_strings(server):
    job = server.run("good")
    row = server.ask(job).json()
    assert server.jobs("good") == [row]
    for name in ["id", "ppid", "pid", "key", "app_id", "content_id", "variant_id", "bundle_id"]:
        assert isinstance(row[name], str) and row[name], name
    assert row["content_guid"] == server.guid("good")
    assert (row["status"], row["exit_code"], row["tag"]) == (2, 0, "run_app")
    assert row["remote_id"] is None and row["image"] is None
    instant = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z"
    for name in ["queued_time", "start_time", "last_heartbeat_time", "end_time"]:
        assert re.fullmatch(instant, row[name]), name


def test_jobs_come_newest_first(server):
    first, second = server.run("good"), server.run("good")
    assert [job["key"] for job in server.jobs("good")] == [
        second.rsplit("/", 1)[1],
        first.rsplit("/", 1)[1],
    ]


def test_an_error_explains_a_failure_and_only_that(server):
    assert server.ask(server.run("good") + "/error").status == 204
    bad = server.run("bad")
    assert server.ask(bad).json()["exit_code"] == 3
    error = server.ask(bad + "/error").json()
    assert set(error) == {"code", "summary", "help_url"}
    assert error["code"] == "process-failed" and "3" in error["summary"]
    lost = server.run("lost")
    assert server.ask(lost).json()["pid"] is None
    assert server.ask(lost + "/error").json()["code"] == "process-not-started"
    assert "no-such-program" in server.log(lost)[0]["data"]
    shot = server.run("shot")
    assert server.ask(shot).json()["exit_code"] == 137
    assert server.ask(shot + "/error").json()["code"] == "process-signaled"


def test_a_kill_order_holds_integers(server):
    job = server.render("long")
    row = server.wait(job, status=0)
    answer = server.ask(job, "DELETE")
    order = answer.json()
    assert answer.status == 200 and order["result"] == "Order to kill job registered"
    assert order["app_id"] == int(row["app_id"]) and order["job_id"] == int(row["id"])
    assert order["job_key"] == row["key"] and order["app_guid"] == row["content_guid"]
    assert server.wait(job)["exit_code"] == 143
    assert server.ask(job + "/error").status == 204
    assert refused(server.ask(job, "DELETE"), 409, 163)


def test_content_is_found_and_changed(server):
    (row,) = server.ask("/v1/content?name=long").json()
    assert row["title"] == "A long one" and row["app_role"] == "owner"
    assert row["dashboard_url"] == f"{server.server}/connect/#/apps/{row['guid']}"
    assert server.ask("/v1/content?name=none").json() == []
    assert len(server.ask("/v1/content").json()) == 7
    path = f"/v1/content/{row['guid']}"
    assert server.ask(path, "PATCH", body='{"title": "Other"}').json()["title"] == "Other"
    assert server.ask(path).json()["title"] == "Other"
    assert refused(server.ask(path, "PATCH", body="{"), 400, 3)
    foreign = server.ask("/v1/content?name=foreign").json()[0]
    assert foreign["app_role"] == "viewer"
    assert refused(server.ask(f"/v1/content/{foreign['guid']}", "PATCH", body="{}"), 403, 19)


def test_a_rendering_is_a_task(server):
    guid = server.guid("bad")
    (variant,) = server.ask(f"/applications/{guid}/variants").json()
    assert variant["is_default"] is True
    task = server.ask(f"/variants/{variant['id']}/render", "POST").json()
    done = server.ask(f"/v1/tasks/{task['id']}?wait=10").json()
    assert done["finished"] is True and done["code"] == 3 and "code 3" in done["error"]
    later = server.ask(f"/v1/tasks/{task['id']}?first=0").json()
    assert later["output"] == ["oops"] and later["last"] == 1
    assert server.ask(f"/v1/tasks/{task['id']}?first=1").json()["output"] == []


def test_the_server_says_what_it_is(server, sandbox):
    assert server.ask("/server_settings", key=None).json()["version"] == "2025.01.0"
    assert server.ask("/v1/user").json()["username"] == "sandbox"
    hidden = sandbox({"good": shell("true")}, "--server-version", "")
    assert hidden.ask("/server_settings").json()["version"] == ""
    assert "content_guid" in hidden.ask(hidden.run("good")).json()


def test_a_path_prefix(sandbox):
    server = sandbox({"good": shell("echo $CONNECT_SERVER")}, "--path-prefix", "/some/where/")
    assert server.ask("/v1/content").status == 404
    server.prefix = "/some/where/__api__"
    assert server.log(server.run("good"))[0]["data"] == f"{server.server}/some/where"


def test_older_servers(sandbox):
    server = sandbox({"good": shell("true")}, "--server-version", "2024.12.0")
    row = server.ask(server.run("good")).json()
    assert "content_id" not in row and "content_guid" not in row


def test_servers_before_the_jobs_api(sandbox):
    say = shell("echo one; sleep .1; echo 'two \"2\"' >&2; exit 1")
    server = sandbox({"say": {**say, "start": True}}, "--server-version", "2022.09.0")
    guid = server.guid("say")
    for method, rest in [("GET", ""), ("GET", "/k"), ("GET", "/k/tail"), ("DELETE", "/k")]:
        answer = server.ask(f"/v1/content/{guid}/jobs{rest}", method)
        assert (answer.status, answer.body) == (404, b"404 page not found")
        assert answer.headers["content-type"].startswith("text/plain")
    while not (row := server.ask(f"/applications/{guid}/jobs").json()[0])["finalized"]:
        pass
    assert isinstance(row["id"], int) and isinstance(row["start_time"], int)
    assert "status" not in row and row["exit_code"] == 1
    whole = server.ask(f"/applications/{guid}/job/{row['key']}").json()
    stamp = r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{9} "
    assert re.fullmatch(stamp + "one\n", whole["stdout"])
    assert re.fullmatch(stamp + 'two "2"\n', whole["stderr"])
