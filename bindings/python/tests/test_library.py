"""Finding the library, and saying what was tried where it is not found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import connectjobs as cj
from support import compiled, environment

if TYPE_CHECKING:
    from pathlib import Path

OPEN = """
import connectjobs as cj
try:
    cj.Client("https://x", "k")
except cj.LibraryError as error:
    print(error)
"""


def _said(**variables: str) -> str:
    env = {**environment(), "CONNECTJOBS_LIBRARY": "", **variables}
    done = subprocess.run(
        [sys.executable, "-c", OPEN], env=env, check=True, capture_output=True, text=True
    )
    assert done.stderr == ""
    return done.stdout.strip()


def test_it_was_loaded_from_where_it_was_said() -> None:
    assert cj.library_path() == os.path.abspath(os.environ["CONNECTJOBS_LIBRARY"])


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    said = _said(CONNECTJOBS_LIBRARY=str(tmp_path / "none.so"))
    assert f"{tmp_path / 'none.so'} of CONNECTJOBS_LIBRARY (no such file)" in said
    assert "\n" not in said


def test_a_file_that_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "text.so").write_text("no library")
    said = _said(CONNECTJOBS_LIBRARY=str(tmp_path / "text.so"))
    assert "text.so of CONNECTJOBS_LIBRARY (" in said


def test_nothing_anywhere_names_each_place() -> None:
    said = _said(LD_LIBRARY_PATH="")
    assert os.path.join("connectjobs", "libconnectjobs.so (no such file)") in said
    assert "libconnectjobs.so.0 of the system's loader (not found)" in said
    assert "libconnectjobs.so of the system's loader (not found)" in said
    assert "set CONNECTJOBS_LIBRARY" in said


def test_another_abi(tmp_path: Path) -> None:
    library = compiled(tmp_path, "int cjobs_abi_version(void) { return 7; }")
    said = _said(CONNECTJOBS_LIBRARY=library)
    assert "its ABI number is 7, this package needs 1" in said


def test_another_library(tmp_path: Path) -> None:
    said = _said(CONNECTJOBS_LIBRARY=compiled(tmp_path, "int nothing;"))
    assert "(not libconnectjobs)" in said


def test_a_library_that_lacks_a_function(tmp_path: Path) -> None:
    library = compiled(tmp_path, "int cjobs_abi_version(void) { return 1; }")
    assert "a function is missing" in _said(CONNECTJOBS_LIBRARY=library)


def test_the_systems_loader_finds_it(tmp_path: Path) -> None:
    shutil.copy(cj.library_path(), tmp_path / "libconnectjobs.so.0")
    assert _said(LD_LIBRARY_PATH=str(tmp_path)) == ""


def test_a_machine_without_a_usable_libcurl(tmp_path: Path) -> None:
    """A file of that name which is no libcurl, where the loader looks first."""
    os.rename(compiled(tmp_path, "int nothing;"), tmp_path / "libcurl.so.4")
    code = OPEN.replace("LibraryError", "ConfigurationError")
    env = environment(LD_LIBRARY_PATH=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, check=True, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert "libcurl" in done.stdout
    assert "nstall" in done.stdout


def test_importing_is_light() -> None:
    heavy = {"asyncio", "subprocess", "tempfile", "pandas", "numpy", "logging", "pathlib", "shutil"}
    code = "import sys, connectjobs; print(*sys.modules)"
    env = environment()
    command = [sys.executable, "-S", "-c", code]
    loaded = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
    assert heavy.isdisjoint(loaded.split())


@pytest.mark.parametrize("name", cj.__all__)
def test_what_is_named_is_there(name: str) -> None:
    assert getattr(cj, name) is not None
