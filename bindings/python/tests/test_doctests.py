"""The examples of the documentation, run against a sandbox with its default content."""

from __future__ import annotations

import doctest
import inspect
import io
from typing import TYPE_CHECKING, Any

import pytest

import connectjobs as cj
from support import until

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE | doctest.FAIL_FAST


def _examples() -> Iterator[doctest.DocTest]:
    """Those of all public names and their members; each stands for itself."""
    finder = doctest.DocTestFinder()
    for name in cj.__all__:
        found = getattr(cj, name)
        if inspect.isclass(found) or inspect.isroutine(found):
            module: Any = inspect.getmodule(found)
            yield from (test for test in finder.find(found, name, module=module) if test.examples)


EXAMPLES = list(_examples())


@pytest.fixture(scope="module")
def client() -> Iterator[cj.Client]:
    with cj.sandbox() as opened:
        report = opened.jobs(opened.content("broken-report").first).latest
        report.wait(timeout=30, finalized=True)
        until(lambda: len(opened.jobs(opened.content("ticker").first).latest.log()) > 3, 20)
        yield opened


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda test: test.name)
def test_an_example_says_what_it_shows(
    client: cj.Client, example: doctest.DocTest, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    example.globs = {"cj": cj, "client": client}
    said = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=_OPTIONS)
    runner.run(example, out=said.write, clear_globs=False)
    assert runner.summarize(verbose=False).failed == 0, said.getvalue()


@pytest.mark.parametrize("name", cj.__all__)
def test_a_public_name_is_documented(name: str) -> None:
    found = getattr(cj, name)
    assert inspect.getdoc(found)
    if inspect.isclass(found):
        for member, value in vars(found).items():
            if not member.startswith("_") and (
                inspect.isroutine(value) or isinstance(value, property)
            ):
                assert inspect.getdoc(value), f"{name}.{member}"


def test_what_people_use_has_an_example() -> None:
    shown = {example.name for example in EXAMPLES}
    names = {
        f"{name}.{member}"
        for name in ("Client", "Job", "Jobs", "Log", "Tail")
        for member, value in vars(getattr(cj, name)).items()
        if not member.startswith("_") and inspect.isroutine(value)
    }
    assert names - shown == set()
