"""The wheel: built, tagged, and used in empty environments out of the source tree's reach."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import connectjobs as cj
from support import GUID, REPOSITORY, Server, as_json, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = REPOSITORY / "bindings" / "python"
VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")

# Prints which files of the source tree it has anything to do with, and does a little of everything.
USE = """
import re, sys
import connectjobs as cj
with cj.Client(sys.argv[1], "key", proxy="") as client:
    jobs = client.jobs(sys.argv[2])
    print([job.key for job in jobs], [entry.data for entry in jobs[0].tail()])
with open("/proc/self/maps") as maps:
    mapped = {line.split(None, 5)[-1].strip() for line in maps if "/" in line}
files = mapped | {getattr(module, "__file__", None) or "" for module in sys.modules.values()}
print(sorted(file for file in files | set(sys.path) if file.startswith(sys.argv[3])))
print(cj.library_path().startswith(sys.prefix), sys.version_info[:2])
"""


def _run(*command: object, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command that knows nothing of this process's environment."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **variables}
    return subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env=env,
        check=False,
        capture_output=True,
        text=True,
    )


def _well(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout


def _copy(folder: Path) -> Path:
    """The project's folder at its place in a tree, so that building leaves no trace in the real."""
    target = folder / "bindings" / "python"
    kept = shutil.ignore_patterns("build", "*.egg-info", "*.so", "__pycache__", ".*", "tests")
    shutil.copytree(PROJECT, target, ignore=kept)
    return target


def _build(project: Path, kind: str, folder: Path, **variables: str) -> Path:
    command = [sys.executable, "-m", "build", "--no-isolation", f"--{kind}", "-o", folder, project]
    _well(_run(*command, folder=folder, **variables))
    return next(folder.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    project = _copy(folder / "tree")
    return _build(project, "wheel", folder, CONNECTJOBS_LIBRARY=cj.library_path())


def test_it_has_the_library_and_the_licence_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "connectjobs/libconnectjobs.so" in names
    assert "connectjobs/py.typed" in names
    assert any(name.endswith("/LICENSE") for name in names)
    assert not [name for name in names if "libcurl" in name or "tests" in name]
    assert (PROJECT / "LICENSE").read_text() == (REPOSITORY / "LICENSE").read_text()
    modules = {f.relative_to(PROJECT / "src").as_posix() for f in PROJECT.rglob("src/**/*.py")}
    assert modules <= set(names)


def test_its_tag_is_the_one_that_auditwheel_finds(wheel: Path) -> None:
    tag = re.fullmatch(r"connectjobs-0\.1\.0-py3-none-(manylinux_2_(\d+)_\w+)\.whl", wheel.name)
    assert tag
    found = _well(_run(sys.executable, "-m", "auditwheel", "show", wheel, folder=wheel.parent))
    assert f'consistent with the following platform tag: "{tag[1]}"' in " ".join(found.split())


def _pythons() -> Iterator[tuple[str, str | None]]:
    """Each version, and where it is on this machine."""
    managed = Path.home() / ".pyenv" / "versions"
    for version in VERSIONS:
        found = sorted(managed.glob(f"{version}.*/bin/python"))
        yield version, str(found[-1]) if found else shutil.which(f"python{version}")


@pytest.mark.parametrize(("version", "python"), list(_pythons()), ids=VERSIONS)
def test_it_works_in_an_empty_environment(
    wheel: Path, tmp_path: Path, server: Server, version: str, python: str | None
) -> None:
    if python is None:
        pytest.skip(f"Python {version} is not on this machine")
    server.jobs(as_json([{"key": "k1", "status": 2}]))
    server.job(as_json({"key": "k1", "status": 2}))
    server.followed(entry("one"), entry("two"))
    place = tmp_path / "empty environment"
    _well(_run(python, "-m", "venv", place, folder=tmp_path))
    inside = place / "bin" / "python"
    install = [inside, "-m", "pip", "install", "--quiet", "--no-index", wheel]
    _well(_run(*install, folder=tmp_path, PIP_DISABLE_PIP_VERSION_CHECK="1"))
    said = _well(_run(inside, "-c", USE, server.address, GUID, REPOSITORY, folder=tmp_path))
    numbers = tuple(map(int, version.split(".")))
    assert said.splitlines() == ["['k1'] ['one', 'two']", "[]", f"True {numbers}"]
    said = _well(_run(inside, "-m", "connectjobs", "--version", folder=tmp_path))
    assert said.startswith("connectjobs 0.1.0")


def _tree_with_swift(folder: Path) -> Path:
    """A source tree and a `swift` that makes the library in no time, and counts how often."""
    project = _copy(folder)
    (folder / "Package.swift").touch()
    (folder / "include").mkdir()
    (folder / "Sources" / "ConnectJobs").mkdir(parents=True)
    (folder / "Sources" / "ConnectJobs" / "Client.swift").touch()
    (folder / "bin").mkdir()
    swift = folder / "bin" / "swift"
    swift.write_text(
        f"#!/bin/sh\necho $PWD $* >>{folder}/built\nmkdir -p .build/release\n"
        f"cp '{cj.library_path()}' .build/release/libconnectjobs.so\n"
    )
    swift.chmod(0o755)
    return project


def test_pip_builds_the_library_where_it_must(tmp_path: Path) -> None:
    project = _tree_with_swift(tmp_path)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    install = [sys.executable, "-m", "pip", "install", "--no-build-isolation", "--no-deps"]
    for turn in ("first", "second"):
        _well(_run(*install, "--target", tmp_path / turn, project, folder=tmp_path, PATH=path))
        assert (tmp_path / turn / "connectjobs" / "libconnectjobs.so").is_file()
    built = (tmp_path / "built").read_text().splitlines()
    assert built == [f"{tmp_path} build -c release --product connectjobs"]  # once
    newer = tmp_path / "Sources" / "ConnectJobs" / "Client.swift"
    os.utime(newer, (2**31, 2**31))
    _well(_run(*install, "--target", tmp_path / "third", project, folder=tmp_path, PATH=path))
    assert len((tmp_path / "built").read_text().splitlines()) == 2


def test_without_swift_it_says_what_to_do(tmp_path: Path) -> None:
    project = _tree_with_swift(tmp_path)
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", project]
    done = _run(*command, folder=tmp_path, PATH="/usr/bin:/bin")
    assert done.returncode != 0
    assert "swift was not found. Install Swift" in done.stdout + done.stderr
    done = _run(*command, folder=tmp_path, CONNECTJOBS_LIBRARY="/no/such/file.so")
    assert done.returncode != 0
    assert "there is no such file" in done.stdout + done.stderr


def test_the_source_distribution(tmp_path: Path) -> None:
    """It makes the same wheel where it is told of a library, and says so where it is not."""
    archive = _build(_copy(tmp_path / "tree"), "sdist", tmp_path)
    shutil.rmtree(tmp_path / "tree")
    shutil.unpack_archive(archive, tmp_path)
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", unpacked]
    done = _run(*command, folder=tmp_path)
    assert done.returncode != 0
    assert "the library that it needs is built from" in " ".join(
        (done.stdout + done.stderr).split()
    )
    (tmp_path / "out").mkdir()
    made = _build(unpacked, "wheel", tmp_path / "out", CONNECTJOBS_LIBRARY=cj.library_path())
    assert "connectjobs/libconnectjobs.so" in zipfile.ZipFile(made).namelist()
