"""Streaming a whole log into a file."""

from __future__ import annotations

import os
from ctypes import byref, string_at
from typing import TYPE_CHECKING, Any

from . import _abi, _arguments
from ._call import Call, as_file_error
from ._callbacks import USER_DATA
from ._errors import FileError
from ._show.progress import display_for

if TYPE_CHECKING:
    from typing import BinaryIO, Callable

    from ._arguments import Path, Seconds
    from ._client import Client
    from ._job import Job
    from ._show.progress import Display, Progress


def download(
    client: Client,
    job: Job,
    target: Path | BinaryIO,
    *,
    overwrite: bool,
    progress: Progress | bool | None,
    timeout: Seconds | None,
) -> None:
    """Stores the log under a path, or writes it to a binary file."""
    write = getattr(target, "write", None)
    to_file = write is not None and not isinstance(target, os.PathLike)
    path = b"" if to_file else _arguments.path(target)
    timeout_ms = _arguments.milliseconds("timeout", timeout, never=0)
    display = display_for(progress, f"log of {job.key}")
    call = Call()
    options = byref(call.options(timeout_ms))
    ends = (_reporter(call, display), USER_DATA, options)
    try:
        if to_file:
            writer = call.callback(_abi.WRITE_FN, _writer(write))
            client._run("cjobs_job_download", *job._place(), None, writer, *ends, call=call)  # noqa: SLF001
        else:
            flags = _abi.DOWNLOAD_OVERWRITE if overwrite else 0
            name = "cjobs_job_download_file"
            client._run(name, *job._place(), path, flags, *ends, call=call)  # noqa: SLF001
    except FileError as error:
        raise as_file_error(error, path) from None
    finally:
        if display is not None:
            display.end()


def _reporter(call: Call, display: Display | None) -> Any:
    if display is None:
        return _abi.PROGRESS_FN()

    def report(received: int, total: int) -> None:
        display.show(received, None if total < 0 else total)

    return call.callback(_abi.PROGRESS_FN, report)


def _writer(write: Any) -> Callable[[int, int], None]:
    """Writes all of each piece, also where ``write`` takes a part of it."""

    def put(address: int, length: int) -> None:
        rest = string_at(address, length)
        while rest:
            written = write(rest)
            rest = rest[written:] if isinstance(written, int) else b""

    return put
