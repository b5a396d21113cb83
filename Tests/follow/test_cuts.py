"""Follows over real sockets, of real processes that write, through a proxy that cuts.

What is delivered is compared with the sandbox's whole log: each line once, in order within its source,
without a flag. A failure names its seed.
"""

from __future__ import annotations

import json
import os
import pathlib
import random
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "bindings/python/src"), str(ROOT / "Tests/follow")]

import connectjobs as cj  # noqa: E402
from cutting_proxy import CuttingProxy  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = os.environ.get("CONNECT_SANDBOX") or str(ROOT / ".build/release/connect-sandbox")
KEY = "a-long-enough-key"
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


class Sandbox:
    """A Connect of one kind, with a content item that writes lines."""

    def __init__(self, folder: pathlib.Path, framing: str, replay: str, keep: str) -> None:
        item = folder / "writer"
        item.mkdir()
        (item / "write.py").write_text(WRITER)
        manifest = {"command": [sys.executable, "write.py"], "env": {"SEED": "7"},
                    "app_mode": "quarto-static"}
        (item / "content.json").write_text(json.dumps(manifest))
        self.process = subprocess.Popen(
            [PROGRAM, "--port", "0", "--api-key", KEY, "--content", str(folder),
             "--tail-framing", framing, replay, "--max-log-lines-keep", keep,
             "--finalize-delay-ms", "50"],
            stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[-1]
        self.port = int(self.address.rpartition(":")[2])
        self.client = cj.Client(self.address, KEY, proxy="")
        self.guid = str(self.client.content("writer")[0].guid)

    def start_job(self) -> str:
        request = urllib.request.Request(
            f"{self.address}/__api__/v1/content/{self.guid}/render", data=b"{}", method="POST",
            headers={"Authorization": f"Key {KEY}", "Content-Type": "application/json"})
        known = {job.key for job in self.client.jobs(self.guid)}
        urllib.request.urlopen(request).close()
        while True:
            new = [job.key for job in self.client.jobs(self.guid) if job.key not in known]
            if new:
                return str(new[0])

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module", params=BEHAVIOURS, ids=" ".join)
def sandbox(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sandbox]:
    running = Sandbox(tmp_path_factory.mktemp("content"), *request.param)
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
