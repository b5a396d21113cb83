#!/usr/bin/env python3
"""Whether the README's examples are the files, and whether these work.

    Tests/readme.py

Each of the three is run against the sandbox, with a job that ends by itself. Ends with "N passed,
N failed". CONNECTJOBS_LIBRARY and CONNECT_SANDBOX: the library and the sandbox (default: those of
.build/release).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = Path(os.environ.get("CONNECTJOBS_LIBRARY", ROOT / ".build/release/libconnectjobs.so"))
SANDBOX = os.environ.get("CONNECT_SANDBOX", str(ROOT / ".build/release/connect-sandbox"))
LANGUAGES = {"c": "hello.c", "python": "hello.py", "r": "hello.R"}
LINES = [f"line {number}" for number in range(1, 13)]
JOB = f"for line in $(seq {len(LINES)}); do echo line $line; sleep 0.4; done"

passed = failed = 0


def check(name: str, holds: bool, otherwise: str = "") -> bool:
    """Counts one check, and says how it went."""
    global passed, failed
    if holds:
        passed += 1
        print(f"ok {name}")
    else:
        failed += 1
        print(f"not ok {name}")
        print("\n".join(f"  {line}" for line in otherwise.splitlines()[-20:]))
    return holds


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command at the root, with what it wrote; one that hangs counts as failed."""
    words = [str(word) for word in command]
    try:
        return subprocess.run(
            words,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=120,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return subprocess.CompletedProcess(words, 1, str(problem))


def examples(readme: str) -> Iterator[tuple[str, str]]:
    """The language and the text of each block of code."""
    for block in re.finditer(r"^```(\w+)\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL):
        yield block[1], block[2]


def works(name: str, content: Path, *command: str | Path, **environment: str) -> None:
    """Whether an example follows a job of a fresh sandbox from its first line to its last."""
    with subprocess.Popen(
        [SANDBOX, "--port", "0", "--api-key", "k", "--content", str(content)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as sandbox:
        try:
            server = next((w for w in sandbox.stdout.readline().split() if "://" in w), "")
            done = run(*command, CONNECT_SERVER=server, CONNECT_API_KEY="k", **environment)
        finally:
            sandbox.terminate()
    said = re.findall(r"line \d+$", done.stdout, re.MULTILINE)
    check(f"{name} follows the job to its end", done.returncode == 0 and said == LINES, done.stdout)


def main() -> int:
    """All checks."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = list(examples(readme))
    for language, name in LANGUAGES.items():
        text = (ROOT / "examples" / name).read_text(encoding="utf-8")
        check(f"the README has examples/{name} as it is", (language, text) in blocks)
    long = [line for line in readme.splitlines() if len(line) > 100]
    check("the README's lines have at most 100 columns", not long, "\n".join(long))

    with tempfile.TemporaryDirectory(prefix="connectjobs readme ") as folder:
        work = Path(folder)
        item = work / "content" / "ticker-app"
        item.mkdir(parents=True)
        settings = {"name": "ticker-app", "start": True, "command": ["sh", "-c", JOB]}
        (item / "content.json").write_text(json.dumps(settings), encoding="utf-8")
        content = item.parent

        flags = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Iinclude", "examples/hello.c"]
        link = [f"-L{LIBRARY.parent}", "-lconnectjobs", "-o", work / "hello"]
        built = run("gcc", *flags, *link)
        if check("hello.c is built without a warning", built.returncode == 0, built.stdout):
            works("hello.c", content, work / "hello", LD_LIBRARY_PATH=str(LIBRARY.parent))

        python = {"PYTHONPATH": "bindings/python/src", "CONNECTJOBS_LIBRARY": str(LIBRARY)}
        works("hello.py", content, sys.executable, "examples/hello.py", **python)

        library = work / "r"
        library.mkdir()
        install = ["R", "CMD", "INSTALL", "--no-test-load", f"--library={library}", "bindings/r"]
        built = run(*install)
        if check("the R package is installed", built.returncode == 0, built.stdout):
            r = {"R_LIBS": str(library), "CONNECTJOBS_LIBRARY": str(LIBRARY)}
            works("hello.R", content, "Rscript", "examples/hello.R", **r)

    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
