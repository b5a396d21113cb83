"""Puts the library into the wheel, after building it where that is needed.

The library is the file that CONNECTJOBS_LIBRARY names, or else the source tree's own, which
``swift build`` makes when it is missing or older than a source. All else is in pyproject.toml.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

VARIABLE = "CONNECTJOBS_LIBRARY"
FILE = "libconnectjobs.so"
BUILD = ("swift", "build", "-c", "release", "--product", "connectjobs")
TREE = Path(__file__).resolve().parents[2]
BUILT = TREE / ".build" / "release" / FILE


def library() -> Path:
    """The library that goes into the wheel; SystemExit with what to do where there is none."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        if not Path(chosen).is_file():
            raise SystemExit(f"{VARIABLE} names {chosen}, and there is no such file.")
        return Path(chosen)
    if not (TREE / "Package.swift").is_file():
        raise SystemExit(
            "This source distribution is the Python part of connectjobs; the library that it "
            f"needs is built from the project's repository. Set {VARIABLE} to a {FILE} that was "
            "built there, or install from the repository: pip install ./bindings/python"
        )
    if not is_fresh():
        build()
    return BUILT


def is_fresh() -> bool:
    """Whether the library is there and no source is newer."""
    if not BUILT.is_file():
        return False
    sources = [TREE / "Package.swift", *(TREE / "include").rglob("*")]
    for folder in (TREE / "Sources").iterdir():
        if folder.name != "ConnectSandbox":
            sources += folder.rglob("*")
    made = BUILT.stat().st_mtime
    return all(source.stat().st_mtime <= made for source in sources)


def build() -> None:
    """Builds the library in the source tree."""
    if shutil.which(BUILD[0]) is None:
        raise SystemExit(
            f"{BUILT} must be built, and swift was not found. Install Swift 6.3 (swift.org), or "
            f"set {VARIABLE} to a {FILE} that was built elsewhere."
        )
    print(f"Building {FILE}: {' '.join(BUILD)} (some minutes the first time)", flush=True)
    done = subprocess.run(BUILD, cwd=TREE, check=False)
    if done.returncode or not BUILT.is_file():
        raise SystemExit(f"{' '.join(BUILD)} failed in {TREE}; what it printed says why.")


def platform_tag(binary: Path) -> str:
    """The oldest manylinux whose C library has each symbol that the library wants."""
    wanted = {int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)\b", binary.read_bytes())}
    return f"manylinux_2_{max(wanted)}_{platform.machine()}"


class WithLibrary(build_py):
    """The package's files, and the library beside them."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "connectjobs" / FILE
            shutil.copyfile(library(), target)
            target.chmod(0o755)


class ForAnyPython(bdist_wheel):
    """A wheel for this kind of machine and every Python 3: the library knows no Python."""

    def get_tag(self) -> tuple[str, str, str]:
        return "py3", "none", platform_tag(Path(self.bdist_dir or "", "connectjobs", FILE))


class ForOneMachine(Distribution):
    """Of a package that has machine code."""

    def has_ext_modules(self) -> bool:
        return True


setup(cmdclass={"build_py": WithLibrary, "bdist_wheel": ForAnyPython}, distclass=ForOneMachine)
