"""What a notebook shows: in a real kernel, by nbclient, and piece by piece."""

from __future__ import annotations

import re
import time
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import nbformat.v4
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from connectjobs._show import live, progress, tables
from support import GUID, KEY, Answer, Server, as_json, entry, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import connectjobs as cj

EVIL = "<script>alert('x')</script>\x1b[31m&amp;"
START = """
import connectjobs as cj
client = cj.Client({address!r}, {key!r}, proxy="", max_retries=0)
job = client.job({guid!r}, "k1")
"""


class Kernel:
    """A notebook whose cells are given one at a time."""

    def __init__(self, folder: Path) -> None:
        self._new: Any = nbformat.v4
        self._notebook = self._new.new_notebook()
        self.client = NotebookClient(
            self._notebook, timeout=60, resources={"metadata": {"path": str(folder)}}
        )
        self.client.km = self.client.create_kernel_manager()

    def run(self, code: str) -> list[Any]:
        """A cell's outputs, as they are when it has ended."""
        cells: list[Any] = self._notebook.cells
        cells.append(self._new.new_code_cell(code))
        self.client.execute_cell(cells[-1], len(cells) - 1)
        outputs: list[Any] = cells[-1].outputs
        return outputs


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    made = Kernel(tmp_path_factory.mktemp("notebook"))
    with made.client.setup_kernel(env=environment()):
        yield made


@pytest.fixture
def opened(kernel: Kernel, server: Server) -> Kernel:
    """With a client and the job k1 of a server."""
    server.job(as_json({"key": "k1", "status": 2, "exit_code": 3}))
    kernel.run(START.format(address=server.address, key=KEY, guid=GUID))
    return kernel


def _html(outputs: list[Any]) -> str:
    return "".join(str(each.get("data", {}).get("text/html", "")) for each in outputs)


def test_jobs_and_logs_are_tables(opened: Kernel, server: Server) -> None:
    server.jobs(as_json([{"key": EVIL, "status": 2, "exit_code": 3}, {"key": "k2", "status": 0}]))
    html = _html(opened.run(f"client.jobs({GUID!r})"))
    assert "<table>" in html
    assert "Jobs: 2 rows" in html
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;\\x1b[31m&amp;amp;" in html
    server.job(as_json({"entries": [entry(f"line {n}") for n in range(1000)]}), part="/log")
    html = _html(opened.run("job.log()"))
    assert "Log: 1000 rows" in html
    assert "… 980 more rows …" in html
    shown = re.findall(r"line \d+", html)
    assert shown == [f"line {n}" for n in [*range(10), *range(990, 1000)]]
    assert "<table>" in _html(opened.run("job"))


def test_a_job_is_followed_in_one_cell(opened: Kernel, server: Server) -> None:
    lines = [entry(f"line {n}", second=n // 10) for n in range(500)]
    server.followed(*lines, entry(EVIL, "stderr", 59))
    outputs = opened.run("ended = job.follow()")
    assert len(outputs) == 1  # replaced in place
    html = _html(outputs)
    assert "job k1: finalized, exit code 3, 501 lines" in html
    assert "… 461 lines before …" in html
    assert "line 499" in html
    assert re.search(r'<span style="color:[^"]+">&lt;script&gt;', html)
    assert "<script" not in html
    assert "line 499" in outputs[0]["data"]["text/plain"]
    assert "3" in str(opened.run("ended.exit_code"))


def test_a_flood_is_bounded(opened: Kernel, server: Server) -> None:
    """A megabyte and a thousand messages a second are more than a notebook takes."""
    line = '{"source":"stdout","timestamp":"2024-12-06T19:09:00.%09dZ","data":"%s"}\n'
    many = "".join(line % (n, f"line {n} " + "<&> 𝄞" * 40) for n in range(60_000)).encode()
    server.job(Answer(many), part="/tail")
    server.job(as_json({"entries": []}), part="/log")
    opened.run(
        "from connectjobs._show import notebook\n"
        "sent = []\n"
        "whole = notebook.Cell.replace\n"
        "def counted(self, html, text):\n"
        "    sent.append(len(html.encode()) + len(text.encode()))\n"
        "    whole(self, html, text)\n"
        "notebook.Cell.replace = counted\n"
        "import time; begun = time.monotonic()"
    )
    outputs = opened.run("job.follow(); seconds = time.monotonic() - begun")
    assert "60,000 lines" in _html(outputs)
    said = opened.run("print(len(sent), max(sent), seconds)")[0]["text"].split()
    opened.run("notebook.Cell.replace = whole")
    count, largest, seconds = int(said[0]), int(said[1]), float(said[2])
    assert count <= seconds / 0.25 + 2
    assert largest < 150_000  # at four a second, 600 kB a second


def test_interrupt_ends_a_follow_and_a_call(opened: Kernel, server: Server) -> None:
    server.job(as_json({"key": "k1", "status": 0}))
    server.followed(entry("one"), then="silence")
    server.jobs(server.never, "silent")
    for code in ("job.follow()", "client.jobs('silent')", "next(job.tail(lines=0))"):
        interrupt = (
            "import threading, os, signal, time\n"
            "struck = []\n"
            "def interrupt():\n"
            "    time.sleep(1)\n"
            "    struck.append(time.monotonic())\n"
            "    os.kill(os.getpid(), signal.SIGINT)  # what a kernel's manager does\n"
            "threading.Thread(target=interrupt).start()\n"
            "try:\n"
            f"    {code}\n"
            "except KeyboardInterrupt:\n"
            "    print(f'interrupted after {time.monotonic() - struck[0]:.3f} s')\n"
        )
        outputs = opened.run(interrupt)
        said = "".join(each.get("text", "") for each in outputs)
        assert "interrupted after" in said, (code, outputs)
        seconds = float(said.split()[2])
        print(f"{code}: Interrupt after {seconds * 1000:.0f} ms")
        assert seconds < 2
        if "follow" in code:
            assert "job k1: interrupted; the job goes on, 1 line" in _html(outputs)


def test_a_follow_that_fails_says_so(opened: Kernel, server: Server) -> None:
    server.job(as_json({"key": "k1", "status": 0}))
    server.followed(entry("one"), then="silence")
    with pytest.raises(CellExecutionError, match="TimedOutError"):
        opened.run("job.follow(timeout=0.6)")


def test_a_download_shows_its_progress(opened: Kernel, server: Server) -> None:
    server.job(Answer(b"x" * 3_000_000, kind="text/plain"), part="/download")
    outputs = opened.run("job.download('with tqdm')")
    assert "log of k1" in str(outputs)
    hidden = "import sys\nsys.modules['tqdm'] = sys.modules['tqdm.auto'] = None\n"
    outputs = opened.run(hidden + "job.download('without tqdm')")
    said = "".join(each.get("text", "") for each in outputs)
    assert said.endswith("log of k1: 2.9 MiB of 2.9 MiB (100%)\n")
    assert opened.run("job.download('quietly', progress=False)") == []


def test_progress_outside_a_notebook(
    server: Server, client: cj.Client, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    server.job(as_json({"key": "k1"}))
    server.job(Answer(b"x" * 3_000_000, kind="text/plain"), part="/download")
    job = client.job(GUID, "k1")
    job.download(tmp_path / "quiet")
    assert capfd.readouterr() == ("", "")
    job.download(tmp_path / "shown", progress=True)
    assert "log of k1: 100%" in capfd.readouterr().err


def test_a_plain_line_is_not_written_too_often(capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    line = progress.Line("a log", sys.stdout)
    for received in range(0, 10_000_000, 1000):
        line.show(received, None)
    line.end()
    said = capsys.readouterr().out
    assert said.count("\r") < 10
    assert said.endswith("\ra log: 9.5 MiB\n")


def test_a_page_is_of_bounded_size() -> None:
    page = live.Page("job k", shown=3)
    rows = [SimpleNamespace(source="stderr", data="<" * 10_000) for _ in range(50)]
    page.add(rows)  # type: ignore[arg-type]
    assert page.left_out == 47
    assert len(page.html()) < 8_000
    assert "9,700 more characters" in page.html()
    assert "following, 50 lines" in page.text()


def test_cells_say_what_is_there() -> None:
    assert tables.cell(None) == "<i>none</i>"
    assert tables.cell("a<b") == "a&lt;b"
    assert tables.cell(datetime(2024, 12, 6, 19, tzinfo=timezone.utc)) == (
        "2024-12-06 19:00:00&nbsp;UTC"
    )
    assert tables.shortened("\x1b" + "x" * 500, 10) == "\\x1bxxxxxxxxx … 491 more characters"


def test_rendering_a_long_log_is_quick(server: Server, client: cj.Client) -> None:
    server.job(as_json({"key": "k1"}))
    server.job(as_json({"entries": [entry(f"{n}") for n in range(100_000)]}), part="/log")
    log = client.job(GUID, "k1").log()
    begun = time.monotonic()
    html = log._repr_html_()
    print(f"rendered in {time.monotonic() - begun:.3f} s")
    assert len(html) < 20_000
