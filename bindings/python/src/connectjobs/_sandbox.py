"""A Connect on this machine, for examples and tests: ``connect-sandbox``, started and stopped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ._client import Client
from ._errors import ConfigurationError
from ._library import library_path

if TYPE_CHECKING:
    import subprocess
    import tempfile

    from ._arguments import Path

_PROGRAM = "connect-sandbox"
_READY = "listening on "
_PATIENCE = 10.0

# What the sandbox holds unless it is given a folder: an app that runs, and a report that fails.
_CONTENT = {
    "ticker": (
        """{"title": "A ticker", "app_mode": "python-api", "tag": "run_api", "start": true,
            "command": ["sh", "ticker.sh"]}""",
        "i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.1; done\n",
    ),
    "broken-report": (
        """{"title": "A report that fails", "app_mode": "quarto-static", "tag": "build_report",
            "start": true, "command": ["sh", "broken-report.sh"]}""",
        "echo reading sales.csv\necho 'sales.csv: no such file' >&2\nexit 3\n",
    ),
}


class Sandbox:
    """A running sandbox; ``with`` gives a client of it, and ends it.

    Attributes:
        server: Its address, once it has been started.
        api_key: The key that it wants.

    >>> box = cj.sandbox()
    >>> with box as own:
    ...     own.server == box.server
    True
    """

    def __init__(
        self, content: Path | None, program: Path | None, options: tuple[str, ...]
    ) -> None:
        self.server = ""
        self.api_key = "sandbox-" + os.urandom(8).hex()
        self._content = content
        self._program = program
        self._options = options
        self._process: subprocess.Popen[str] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._client: Client | None = None

    def __enter__(self) -> Client:
        try:
            self.server = self._start()
            self._client = Client(self.server, self.api_key, proxy="")
        except BaseException:
            self._stop()
            raise
        return self._client

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()
        self._stop()

    def _start(self) -> str:
        """Starts it and reads its address."""
        import subprocess

        command = [_program(self._program), "--port", "0", "--api-key", self.api_key]
        command += ["--content", self._content_folder(), *self._options]
        self._process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for this program, which then ends it
        )
        return _address(self._process)

    def _content_folder(self) -> str:
        if self._content is not None:
            return os.fsdecode(self._content)
        import tempfile

        self._folder = tempfile.TemporaryDirectory(prefix="connectjobs-")
        for name, (manifest, script) in _CONTENT.items():
            folder = os.path.join(self._folder.name, name)
            os.mkdir(folder)
            _write(os.path.join(folder, "content.json"), manifest)
            _write(os.path.join(folder, f"{name}.sh"), script)
        return self._folder.name

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _end(process)
        if self._folder is not None:
            self._folder.cleanup()


def sandbox(content: Path | None = None, *options: str, program: Path | None = None) -> Sandbox:
    """A local Connect that runs real processes as jobs: ``with cj.sandbox() as client: …``.

    Args:
        content: A folder of content items; None is two tiny ones, "ticker" with an active job and
            "broken-report" with a failed one.
        options: Further options of ``connect-sandbox``.
        program: The program; None looks for ``connect-sandbox`` next to the library and in PATH.

    Raises:
        ConfigurationError: It was not found, or did not start.

    >>> with cj.sandbox() as own:
    ...     sorted(item.name for item in own.content())
    ['broken-report', 'ticker']
    """
    return Sandbox(content, program, options)


def _program(given: Path | None) -> str:
    if given is not None:
        return os.fsdecode(given)
    beside = os.path.join(os.path.dirname(library_path()), _PROGRAM)
    if os.path.dirname(beside) and os.access(beside, os.X_OK):
        return beside
    import shutil

    found = shutil.which(_PROGRAM)
    if found is None:
        raise ConfigurationError(
            f"{_PROGRAM} was not found, neither as {beside} nor in PATH; "
            "build it (swift build -c release --product connect-sandbox), or name it by program="
        )
    return found


def _address(process: subprocess.Popen[str]) -> str:
    """What the program says when it is ready; it ends its output where it cannot start."""
    assert process.stdout is not None  # noqa: S101  (for the type checker)
    for line in process.stdout:
        if _READY in line:
            return line.partition(_READY)[2].strip()
    raise ConfigurationError(
        f"{_PROGRAM} ended with exit code {process.wait()} before it was ready; "
        "what it wrote to stderr says why"
    )


def _end(process: subprocess.Popen[str]) -> None:
    """SIGTERM, upon which it ends its jobs; SIGKILL when that takes too long."""
    import subprocess

    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _write(path: str, content: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)
