"""A Connect from before the Jobs API: jobs and logs come from its older endpoints, a follow polls."""

from __future__ import annotations

import http.server
import threading
import warnings

import pytest

import connectjobs as cj
from real_server import KEY, Sandbox, counted_writer

OLD = ("--server-version", "2022.09.0")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory):
    running = Sandbox(tmp_path_factory.mktemp("old"), *OLD, writer=counted_writer(300))
    yield running
    running.close()


def test_jobs_and_logs_are_read_and_one_warning_says_from_where(old: Sandbox) -> None:
    key = old.start_job()
    with warnings.catch_warnings(record=True) as said, cj.Client(
        old.address, KEY, proxy=""
    ) as client:
        warnings.simplefilter("always")
        job = client.job(old.guid, key).wait(timeout=20, finalized=True)
        assert job.state == "finalized"
        assert [each.key for each in client.jobs(old.guid) if each.key == key] == [key]
        assert job.start_time is not None
        log = job.log()
        assert len(log) == 300
        for source in ("stdout", "stderr"):
            numbers = [int(line.data.split()[1]) for line in log if line.source == source]
            assert numbers == sorted(numbers)
        assert sorted(int(line.data.split()[1]) for line in log) == list(range(300))
        assert len(job.log(max_log_lines=7)) == 7
        many = client.jobs_many([old.guid, old.guid])
        assert key in [each.key for each in many]
    assert len([each for each in said if "2022.10.0" in str(each.message)]) == 1


@pytest.mark.parametrize("lines", [None, 5])
def test_a_follow_polls_and_gives_each_line_once(old: Sandbox, lines: int | None) -> None:
    with cj.Client(old.address, KEY, proxy="") as client:
        key = old.start_job()
        tail = client.tail(old.guid, key, lines=lines)
        seen = [int(line.data.split()[1]) for line in tail]
        summary = tail.summary()[0]
        tail.close()
    if lines is None:
        assert sorted(seen) == list(range(300))
    assert len(set(seen)) == len(seen)
    assert summary.end_reason == "finalized"
    assert not summary.gap_possible
    assert not summary.repeat_possible


def test_all_jobs_of_an_item_are_followed(old: Sandbox) -> None:
    with cj.Client(old.address, KEY, proxy="") as client:
        first = old.start_job()
        seen: dict[str, list[int]] = {}
        with client.tail(old.guid) as tail:
            second = None
            for line in tail:
                seen.setdefault(line.job_key, []).append(int(line.data.split()[1]))
                second = second or old.start_job()
                if [len(seen.get(key, [])) for key in (first, second)] == [300, 300]:
                    break
    assert sorted(seen[first]) == sorted(seen[second]) == list(range(300))


def test_what_is_no_connect_at_all_is_told_as_before() -> None:
    class Nothing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        with cj.Client(address, KEY, proxy="") as client:
            for call in (lambda: client.jobs("a"), lambda: list(client.tail("a", "k"))):
                with pytest.raises(cj.UnsupportedError, match="no such endpoint"):
                    call()
    finally:
        server.shutdown()
