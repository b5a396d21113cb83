"""A sandbox with a content item that writes lines, for follows of real processes."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import urllib.request

import connectjobs as cj

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CONNECT_SANDBOX") or str(ROOT / ".build/release/connect-sandbox")
KEY = "a-long-enough-key"


def counted_writer(count: int) -> str:
    """A program that writes numbered lines to both sources, in bursts."""
    return f"""
import sys, time
for n in range({count}):
    print("line", n, file=sys.stderr if n % 5 == 0 else sys.stdout, flush=True)
    if n % 40 == 0:
        time.sleep(0.05)
"""


class Sandbox:
    """A Connect of one kind, with one content item."""

    def __init__(self, folder: pathlib.Path, *options: str, writer: str) -> None:
        self.folder = folder
        item = folder / "writer"
        item.mkdir()
        (item / "write.py").write_text(writer)
        manifest = {"command": [sys.executable, "write.py"], "env": {"SEED": "7"},
                    "app_mode": "quarto-static"}
        (item / "content.json").write_text(json.dumps(manifest))
        self.process = subprocess.Popen(
            [PROGRAM, "--port", "0", "--api-key", KEY, "--content", str(folder),
             "--finalize-delay-ms", "50", *options],
            stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[-1]
        self.port = int(self.address.rpartition(":")[2])
        self.client = cj.Client(self.address, KEY, proxy="")
        self.guid = str(self.client.content("writer")[0].guid)

    def start_job(self, *, is_wanted: bool = True) -> str:
        """The key of a new job, if that is wanted."""
        request = urllib.request.Request(
            f"{self.address}/__api__/v1/content/{self.guid}/render", data=b"{}", method="POST",
            headers={"Authorization": f"Key {KEY}", "Content-Type": "application/json"})
        known = {job.key for job in self.client.jobs(self.guid)} if is_wanted else set()
        urllib.request.urlopen(request).close()
        while is_wanted:
            new = [job.key for job in self.client.jobs(self.guid) if job.key not in known]
            if new:
                return str(new[0])
        return ""

    def close(self) -> None:
        """Ends it and its jobs."""
        self.client.close()
        self.process.terminate()
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()
