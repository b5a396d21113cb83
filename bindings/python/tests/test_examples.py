"""The notebook and the search over many content items, as a person runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from distributed import LocalCluster
from nbclient import NotebookClient

import connectjobs as cj
from support import REPOSITORY, environment, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXAMPLES = REPOSITORY / "examples"
NOTEBOOK = EXAMPLES / "notebook.ipynb"


@pytest.fixture(scope="module")
def box() -> Iterator[cj.Sandbox]:
    """A sandbox whose report has failed and whose app runs."""
    made = cj.sandbox(EXAMPLES / "content")
    with made as client:
        report = client.jobs(client.content("sales-report").first).latest
        report.wait(timeout=30, finalized=True)
        until(lambda: len(client.jobs(client.content("ticker-app").first).active()), 10)
        yield made


def _variables(box: cj.Sandbox) -> dict[str, str]:
    return environment(CONNECT_SERVER=box.server, CONNECT_API_KEY=box.api_key, no_proxy="*")


def test_the_notebook_is_kept_without_outputs() -> None:
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    assert not [cell for cell in cells if cell.get("outputs")]


def test_the_notebook(box: cj.Sandbox, tmp_path: Path) -> None:
    read: Any = nbformat.read
    notebook = read(NOTEBOOK, as_version=4)
    resources = {"metadata": {"path": str(tmp_path)}}
    runner = NotebookClient(notebook, timeout=60, resources=resources)
    runner.execute(env=_variables(box))
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    said = [json.dumps(cell.outputs, ensure_ascii=False) for cell in cells]
    assert all(name in said[0] for name in ("sales-report", "ticker-app", "nightly-shell"))
    assert "Jobs: 1 row" in said[1]
    assert "finalized, exit code 1" in said[2]
    assert "undefined columns selected" in said[2]
    assert "color:#" in said[2]
    assert "process-failed" in said[3]
    assert "undefined columns selected" in said[4]
    assert "ended with exit code 1" in said[5]
    assert "The last" in said[5]
    assert "ACME" in said[6]
    assert "active" in said[6]
    assert "image/png" in said[7]
    assert "build_report" in said[8]
    log = (tmp_path / "sales-report.log").read_text()
    assert "undefined columns selected" in log
    assert box.api_key not in "".join(said)


def _search(box: cj.Sandbox, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(EXAMPLES / "python" / "many_content_items.py"), *words],
        env=_variables(box),
        check=False,
        capture_output=True,
        text=True,
        timeout=90,
    )


def test_many_content_items_are_searched(box: cj.Sandbox) -> None:
    done = _search(box, "undefined columns")
    assert (done.returncode, done.stderr) == (0, "1 lines in 3 content items\n")
    assert done.stdout.startswith("sales-report  ")
    assert "undefined columns selected" in done.stdout
    assert _search(box, "(").returncode == 1


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_many_content_items_are_searched_by_a_cluster(
    box: cj.Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment().items():
        monkeypatch.setenv(name, value)  # the workers know the package, but no server and no key
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        done = _search(box, "undefined columns", "--dask", cluster.scheduler_address)
    assert done.returncode == 0, done.stderr
    assert "1 lines in 3 content items" in done.stderr
    assert done.stdout.startswith("sales-report  ")
    assert box.api_key not in done.stdout + done.stderr
