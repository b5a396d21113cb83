"""The machine and the versions that a result belongs to."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version

PACKAGES = ["requests", "orjson", "pandas", "pyarrow", "polars", "duckdb", "posit-sdk"]


def first_line(*command: str) -> str:
    """What a program says of its version."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return f"no {command[0]}"
    return done.stdout.strip().splitlines()[0] if done.stdout.strip() else ""


def processor() -> str:
    """Its name."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = re.search(r"model name\s*: (.*)", file.read())
    return found.group(1) if found else platform.machine()


def package(name: str) -> str:
    """A Python package and its version."""
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"


def debian(name: str) -> str:
    """A Debian package and its version."""
    said = first_line("dpkg-query", "-W", "-f=${Version}", name)
    return f"{name} {said}"


def described() -> str:
    """All of it, as a paragraph."""
    load = os.getloadavg()[0]
    parts = [
        (
            f"{processor()}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}, "
            f"load {load:.1f} at the end"
        ),
        first_line("swift", "--version"),
        first_line("curl", "--version").split(" (")[0],
        first_line("nginx", "-v"),
        f"Python {platform.python_version()}",
        *map(package, PACKAGES),
        *map(debian, ["r-base-core", "r-cran-httr", "r-cran-jsonlite", "libsimdjson-dev"]),
    ]
    return "; ".join(parts) + "."
