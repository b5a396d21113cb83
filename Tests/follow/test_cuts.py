"""Follows over real sockets, of real processes that write, through a proxy that cuts.

What is delivered is compared with the sandbox's whole log: each line once, in order within its source,
without a flag. A failure names its seed.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

import connectjobs as cj
from cutting_proxy import CuttingProxy
from real_server import KEY, Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEDULES = 200
WRITER = """
import os, random, sys, time
draw = random.Random(int(os.environ["SEED"]) + time.time_ns())
for n in range(draw.randint(0, 400)):
    stream = sys.stderr if draw.random() < 0.2 else sys.stdout
    text = draw.choice(["same", "", f"line {n}", "é 数据 🎉 " * draw.randint(1, 20), "x" * 3000])
    print(text, file=stream, flush=True)
    if draw.random() < 0.03:
        time.sleep(0.02)
"""
BEHAVIOURS = [
    (framing, replay, keep)
    for framing in ("ndjson", "concatenated", "sse", "array")
    for replay in ("--tail-replay", "--no-tail-replay")
    for keep in ("first", "last")
]


@pytest.fixture(scope="module", params=BEHAVIOURS, ids=" ".join)
def sandbox(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    framing, replay, keep = request.param
    running = Sandbox(
        tmp_path_factory.mktemp("content"), "--tail-framing", framing, replay,
        "--max-log-lines-keep", keep, writer=WRITER)
    yield running
    running.close()


def follow(sandbox: Sandbox, seed: int) -> None:
    key = sandbox.start_job()
    proxy = CuttingProxy(("127.0.0.1", sandbox.port), seed, most=6)
    try:
        with cj.Client(proxy.address, KEY, proxy="") as client:
            tail = client.tail(sandbox.guid, key)
            seen = [(line.source, line.data) for line in tail]
            summary = tail.summary()[0]
            tail.close()
    finally:
        proxy.close()
    log = sandbox.client.job(sandbox.guid, key).log(max_log_lines=1_000_000)
    for source in ("stdout", "stderr"):
        wanted = [line.data for line in log if line.source == source]
        got = [data for name, data in seen if name == source]
        assert got == wanted, f"seed {seed}, {proxy.cuts} cuts: {len(got)} of {len(wanted)} lines"
    assert summary.end_reason == "finalized", f"seed {seed}"
    assert not summary.gap_possible, f"seed {seed}"
    assert not summary.repeat_possible, f"seed {seed}"


@pytest.mark.parametrize("turn", range(SCHEDULES // len(BEHAVIOURS) + 1))
def test_each_line_once_through_cuts(sandbox: Sandbox, turn: int) -> None:
    follow(sandbox, random.Random(turn).getrandbits(32))
