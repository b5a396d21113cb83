"""Handles: closed, collected, forked, pickled, shared by threads, and alive at the end."""

from __future__ import annotations

import copy
import gc
import multiprocessing
import pickle
import threading
import time
from typing import Any

import pytest

import connectjobs as cj
from support import GUID, KEY, Answer, Server, as_json, entry, finish, script

JOBS = [{"key": f"k{n}", "status": 0} for n in range(5)]


@pytest.fixture
def filled(server: Server) -> Server:
    server.jobs(as_json(JOBS))
    server.job(as_json({"key": "k1", "status": 0}))
    server.job(as_json({"entries": [entry("one"), entry("two")]}), part="/log")
    server.job(server.lines(entry("one"), then="silence"), part="/tail")
    return server


def test_a_closed_client_says_so(filled: Server, client: cj.Client) -> None:
    job = client.job(GUID, "k1")
    client.close()
    client.close()
    assert client.closed
    assert "closed" in repr(client)
    uses: list[Any] = [
        client.content,
        lambda: client.jobs(GUID),
        lambda: client.jobs_many([GUID]),
        lambda: client.kill(GUID, "k1"),
        lambda: client.kill_active(GUID),
        lambda: client.tail(GUID, "k1"),
        client.__enter__,
        job.log,
        job.tail,
        job.error,
        job.kill,
        job.wait,
        job.refresh,
        lambda: job.download("/nowhere/log"),
    ]
    for use in uses:
        with pytest.raises(cj.ClosedError, match="closed"):
            use()


def test_children_outlive_the_client(filled: Server) -> None:
    client = cj.Client(filled.address, KEY, proxy="")
    jobs, log, tail = client.jobs(GUID), client.job(GUID, "k1").log(), client.tail(GUID, "k1")
    client.close()
    del client
    gc.collect()
    assert [job.key for job in jobs] == [job["key"] for job in JOBS]
    assert [each.data for each in log] == ["one", "two"]
    assert next(tail).data == "one"


def test_rows_outlive_their_table(client: cj.Client, filled: Server) -> None:
    jobs = client.jobs(GUID)
    job, part = jobs[2], jobs[1:3]
    del jobs
    gc.collect()
    assert job.key == "k2"
    assert part.column("key") == ["k1", "k2"]


def test_handles_go_in_any_order(filled: Server) -> None:
    def some() -> list[Any]:
        client = cj.Client(filled.address, KEY, proxy="")
        tail = client.tail(GUID, "k1")
        next(tail)
        return [client, client.jobs(GUID), client.job(GUID, "k1").log(), tail, tail.summary()]

    for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [3, 0, 4, 2, 1], [2, 4, 0, 1, 3]):
        handles: list[Any] = some()
        for place in order:
            handles[place] = None
            gc.collect()


def test_a_client_closed_while_it_is_used(filled: Server) -> None:
    def slow() -> Answer:
        time.sleep(0.3)
        return as_json(JOBS)

    filled.jobs(slow, "slow")
    client = cj.Client(filled.address, KEY, proxy="")
    got: list[int] = []
    thread = threading.Thread(target=lambda: got.append(len(client.jobs("slow"))))
    thread.start()
    time.sleep(0.1)
    client.close()
    thread.join(5)
    assert got == [5]


def test_32_threads_share_a_client(client: cj.Client, filled: Server) -> None:
    wrong: list[object] = []
    start = threading.Barrier(32)

    def work(n: int) -> None:
        try:
            start.wait()
            for _ in range(10):
                keys = client.jobs(GUID).column("key")
                texts = [each.data for each in client.job(GUID, "k1").log()]
                if (keys, texts) != ([job["key"] for job in JOBS], ["one", "two"]):
                    wrong.append((n, keys, texts))
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_threads_tail_at_once(client: cj.Client, filled: Server) -> None:
    seen: list[str] = []

    def work() -> None:
        with client.tail(GUID, "k1") as tail:
            seen.append(next(tail).data)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert seen == ["one"] * 8


def test_pickling_keeps_the_settings_not_the_connections(filled: Server) -> None:
    with cj.Client(filled.address, KEY, proxy="", max_retries=0, headers={"X-A": "b"}) as client:
        for again in (pickle.loads(pickle.dumps(client)), copy.copy(client), copy.deepcopy(client)):
            with again:
                assert len(again.jobs(GUID)) == 5
                assert filled.requests[-1][1]["X-A"] == "b"
                assert again.server == client.server


def test_jobs_and_lines_can_be_pickled_and_tables_say_why_not(
    client: cj.Client, filled: Server
) -> None:
    jobs = client.jobs(GUID)
    again = pickle.loads(pickle.dumps(list(jobs)))
    assert again == list(jobs)
    assert [each.data for each in again[1].log()] == ["one", "two"]
    log = client.job(GUID, "k1").log()
    assert pickle.loads(pickle.dumps(list(log))) == list(log)
    for what in (jobs, log, client.tail(GUID, "k1")):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(what)


def test_a_forked_child_uses_the_client_and_not_the_tail(filled: Server) -> None:
    code = f"""
import os, sys
import connectjobs as cj
client = cj.Client(sys.argv[1], "key", proxy="")
jobs = client.jobs("{GUID}")
tail = client.tail("{GUID}", "k1")
next(tail), next(tail)
child = os.fork()
try:
    next_is = next(tail) if child == 0 else "parent's"
except cj.ForkedError as error:
    next_is = "refused"
assert len(jobs) == len(client.jobs("{GUID}")) == 5
if child == 0:
    tail.close()
    client.close()
    print("child", next_is)
    sys.stdout.flush()
    os._exit(0)
os.waitpid(child, 0)
assert len(client.jobs("{GUID}")) == 5
print("parent", tail.summary()[0].entries)
"""
    assert finish(script(code, filled.address)) == "child refused\nparent 2\n"


def _keys(client: cj.Client) -> list[str]:
    return client.jobs(GUID).column("key")


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_workers_use_a_client_that_the_parent_used(filled: Server, method: str) -> None:
    with cj.Client(filled.address, KEY, proxy="") as client:
        wanted = _keys(client)
        with multiprocessing.get_context(method).Pool(2) as pool:
            assert pool.map(_keys, [client] * 4) == [wanted] * 4
        assert _keys(client) == wanted


def test_a_fork_while_threads_call(filled: Server) -> None:
    code = f"""
import os, sys, threading, warnings
import connectjobs as cj
warnings.simplefilter("ignore", DeprecationWarning)
client = cj.Client(sys.argv[1], "key", proxy="")
stop = threading.Event()
def work():
    while not stop.is_set():
        client.jobs("{GUID}")
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for n in range(10):
    child = os.fork()
    if child == 0:
        os._exit(0 if len(client.jobs("{GUID}")) == 5 else 1)
    assert os.waitpid(child, 0)[1] == 0
stop.set()
for thread in threads: thread.join()
print("done")
"""
    assert finish(script(code, filled.address), 60) == "done\n"


AT_EXIT = {
    "all open": "",
    "in a cycle": "cycle = [tail, client]; cycle.append(cycle)",
    "in a module": "import builtins; builtins.kept = [client, tail, jobs, log]",
    "arrow capsules": "import builtins; builtins.kept = jobs.__arrow_c_array__()",
    "a daemon thread that waits": (
        "import threading, time; "
        "threading.Thread(target=lambda: list(tail), daemon=True).start(); time.sleep(0.3)"
    ),
    "an exception with its frames": (
        "import builtins\ntry: client.jobs('none')\nexcept Exception as e: builtins.kept = e"
    ),
    "an exit from within": "import sys; sys.exit(0)",
}


@pytest.mark.parametrize("what", AT_EXIT)
def test_the_interpreter_ends_with_handles_open(filled: Server, what: str) -> None:
    code = f"""
import sys
import connectjobs as cj
client = cj.Client(sys.argv[1], "key", proxy="", max_retries=0)
jobs, log = client.jobs("{GUID}"), client.job("{GUID}", "k1").log()
tail = client.tail("{GUID}", "k1")
print(next(tail).data)
{AT_EXIT[what]}
"""
    assert finish(script(code, filled.address)) == "one\n"


def test_no_key_is_shown_anywhere(filled: Server) -> None:
    with cj.Client(filled.address, KEY, proxy="") as client:
        jobs = client.jobs(GUID)
        for shown in (client, jobs, jobs[0], client.tail(GUID, "k1"), client.job(GUID, "k1").log()):
            assert KEY not in repr(shown)
            assert KEY not in str(shown)
    with pytest.raises(cj.ConfigurationError) as caught:
        cj.Client("ftp://x", KEY)
    assert KEY not in repr(caught.value)
