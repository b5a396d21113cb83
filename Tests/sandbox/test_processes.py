"""Jobs are real processes, and none outlives the sandbox."""

import contextlib
import os
import pathlib
import signal
import time

import pytest
from conftest import eventually, is_alive, shell

# A child and a grandchild in the job's group, their pids in the log.
FAMILY = "sh -c 'echo $$; exec sleep 600' & echo $$; sleep 600"
STUBBORN = "trap '' TERM; " + FAMILY.replace("sh -c '", "sh -c 'trap \"\" TERM; ")


def family(server, name):
    job = server.render(name)
    pids = eventually(lambda: len(lines := server.log(job)) == 2 and lines)
    return job, [int(entry["data"]) for entry in pids]


def test_a_job_runs_in_its_folder_with_connect_s_environment(sandbox, tmp_path):
    names = "CONNECT_SERVER CONNECT_API_KEY CONNECT_CONTENT_GUID CONNECT_CONTENT_JOB_KEY MINE"
    script = f"pwd; for n in {names}; do printenv $n; done; ps -o pgid= -p $$; ulimit -c >/dev/null"
    server = sandbox({"show": shell(script, env={"MINE": "yes"})})
    job = server.run("show")
    row = server.ask(job).json()
    folder, address, key, guid, job_key, mine, group = [e["data"] for e in server.log(job)]
    assert pathlib.Path(folder).name == "show"
    assert (address, key, mine) == (server.server, "a-key", "yes")
    assert (guid, job_key) == (row["content_guid"], row["key"])
    assert group.strip() == row["pid"]


def test_a_program_of_the_folder(sandbox, tmp_path):
    folder = tmp_path / "content0" / "own"
    folder.mkdir(parents=True)
    (folder / "run.sh").write_text("#!/bin/sh\necho here\n")
    (folder / "run.sh").chmod(0o755)
    server = sandbox({"own": {"command": ["./run.sh"]}})
    assert server.log(server.run("own"))[0]["data"] == "here"


def test_a_kill_reaches_the_whole_group(sandbox):
    server = sandbox({"family": shell(FAMILY)})
    job, pids = family(server, "family")
    assert int(server.ask(job).json()["pid"]) in pids
    assert all(map(is_alive, pids))
    server.ask(job, "DELETE")
    server.wait(job, status=1, limit=2)
    eventually(lambda: not any(map(is_alive, pids)), 1)


def test_a_job_that_will_not_go_is_shot(sandbox):
    server = sandbox({"stubborn": shell(STUBBORN)}, "--kill-grace-ms", "500")
    job, pids = family(server, "stubborn")
    server.ask(job, "DELETE")
    time.sleep(0.3)
    assert server.ask(job).json()["status"] == 0 and all(map(is_alive, pids))
    assert server.wait(job, limit=2)["exit_code"] == 137
    assert not any(map(is_alive, pids))


def test_what_a_job_leaves_behind_ends_with_it(sandbox):
    server = sandbox({"leaves": shell("sh -c 'echo $$; exec sleep 600' & sleep .3; echo done")})
    job = server.run("leaves")
    assert not is_alive(int(server.log(job)[0]["data"]))


def test_a_process_that_left_the_group_does_not_hold_the_job_open(sandbox):
    server = sandbox({"escapes": shell("setsid sh -c 'echo $$; exec sleep 600' & sleep .3")})
    began = time.monotonic()
    job = server.run("escapes")
    assert time.monotonic() - began < 3
    os.kill(int(server.log(job)[0]["data"]), signal.SIGKILL)


@pytest.mark.parametrize("script", [FAMILY, STUBBORN], ids=["willing", "stubborn"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_sandbox_takes_its_jobs_with_it(sandbox, tmp_path, monkeypatch, how, script):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    server = sandbox({"family": shell(script)})
    job, pids = family(server, "family")
    connection, response = server.open(job + "/tail")
    with contextlib.closing(connection):
        response.readline()
        assert list(tmp_path.glob("connect-sandbox-*"))
        assert server.stop(how) < 2.2
        assert server.process.returncode == (0 if how != signal.SIGKILL else -9)
        eventually(lambda: not any(map(is_alive, pids)), 1)
        eventually(lambda: not list(tmp_path.glob("connect-sandbox-*")), 1)
        eventually(lambda: not leftovers(tmp_path), 1)


def leftovers(folder):
    """Guards that have not ended: their one argument is the temporary folder."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in entry.read_bytes() and b"--guard" in entry.read_bytes():
                found.append(entry)
        except OSError:
            pass
    return found


def test_a_folder_for_logs_is_kept(sandbox, tmp_path):
    server = sandbox({"say": shell("echo hello")}, "--data", str(tmp_path / "kept"))
    server.run("say")
    server.stop()
    (log,) = (tmp_path / "kept").iterdir()
    assert b"hello" in log.read_bytes()
