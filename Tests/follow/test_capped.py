"""Follows of a server that cuts `/log` at a few lines: the download has the others.

Lines of the download have no source, so they are told apart by what they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import connectjobs as cj
from cutting_proxy import CuttingProxy
from real_server import KEY, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

CAP = 25
LINES = 300
WRITER = f"""
import sys, time
for n in range({LINES}):
    if n % 5 == 0:
        print(f"err {{n}}", file=sys.stderr, flush=True)
    else:
        print(f"out {{n}}", flush=True)
    if n % 40 == 0:
        time.sleep(0.05)
"""
WANTED = {
    "err": [f"err {n}" for n in range(0, LINES, 5)],
    "out": [f"out {n}" for n in range(LINES) if n % 5],
}
BEHAVIOURS = [
    (replay, keep)
    for replay in ("--tail-replay", "--no-tail-replay")
    for keep in ("first", "last")
]


@pytest.fixture(scope="module", params=BEHAVIOURS, ids=" ".join)
def sandbox(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    replay, keep = request.param
    running = Sandbox(
        tmp_path_factory.mktemp("content"), replay, "--max-log-lines-keep", keep,
        "--max-log-lines-cap", str(CAP), writer=WRITER)
    yield running
    running.close()


def followed(address: str, sandbox: Sandbox, key: str) -> tuple[list[str], cj.JobFollow]:
    with cj.Client(address, KEY, proxy="") as client, client.tail(sandbox.guid, key) as tail:
        seen = [line.data for line in tail]
        return seen, tail.summary()[0]


def check(seen: list[str], summary: cj.JobFollow, story: str) -> None:
    """Whether what was said is true; where nothing was said, all is there once and in order."""
    assert summary.end_reason == "finalized", story
    for stream, wanted in WANTED.items():
        got = [text for text in seen if text.startswith(stream)]
        if not summary.gap_possible:
            assert set(got) == set(wanted), f"{story}: {len(set(got))} of {len(wanted)}"
        if not summary.repeat_possible:
            assert len(got) == len(set(got)), f"{story}: repeated in silence"
        if not summary.gap_possible and not summary.repeat_possible:
            assert got == wanted, f"{story}: out of order"


def test_a_log_that_is_over_comes_whole(sandbox: Sandbox) -> None:
    key = sandbox.start_job()
    sandbox.client.job(sandbox.guid, key).wait(timeout=30)
    seen, summary = followed(sandbox.address, sandbox, key)
    check(seen, summary, "a job that is over")
    assert len(seen) == LINES
    assert not summary.gap_possible


def test_a_job_that_writes_is_followed_whole(sandbox: Sandbox) -> None:
    seen, summary = followed(sandbox.address, sandbox, sandbox.start_job())
    check(seen, summary, "a job that writes")


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_missing_in_silence_through_cuts(sandbox: Sandbox, seed: int) -> None:
    key = sandbox.start_job()
    proxy = CuttingProxy(("127.0.0.1", sandbox.port), seed, most=4)
    try:
        seen, summary = followed(proxy.address, sandbox, key)
    finally:
        proxy.close()
    check(seen, summary, f"seed {seed}, {proxy.cuts} cuts")
