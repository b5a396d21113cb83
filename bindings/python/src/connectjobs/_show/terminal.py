"""Printing log lines where a person reads them."""

from __future__ import annotations

import sys
from itertools import repeat, starmap
from typing import TYPE_CHECKING

from connectjobs._times import time_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from connectjobs._log import Log

# Controls (the tab aside), and what turns the direction of text or breaks a line unseen.
_UNSAFE = (
    *range(0x09),
    *range(0x0A, 0x20),
    *range(0x7F, 0xA0),
    0x2028,
    0x2029,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
)
_RED, _PLAIN = "\x1b[31m", "\x1b[0m"
_VISIBLE = {code: ascii(chr(code))[1:-1] for code in _UNSAFE}


def visible(line: str) -> str:
    """The line with nothing in it that could drive a terminal."""
    return line if line.isprintable() else line.translate(_VISIBLE)


def print_batches(
    batches: Iterable[Log], file: TextIO | None = None, *, times: bool = False
) -> None:
    """Prints lines as they come; to a terminal, made safe, and those of stderr in red.

    Args:
        batches: The lines.
        file: Where to; None is stdout.
        times: Whether each begins with its time.
    """
    out = sys.stdout if file is None else file
    write = _to_terminal if out.isatty() else _as_they_are
    for batch in batches:
        stamps = map(_stamp, batch.column("timestamp")) if times else repeat("")
        lines = zip(stamps, batch.column("source"), batch.column("data"))
        out.write("".join(starmap(write, lines)))
        out.flush()


def _as_they_are(stamp: str, _: str | None, line: str) -> str:
    return f"{stamp}{line}\n"


def _to_terminal(stamp: str, source: str | None, line: str) -> str:
    shown = visible(line)
    return f"{stamp}{_RED}{shown}{_PLAIN}\n" if source == "stderr" else f"{stamp}{shown}\n"


def _stamp(nanoseconds: int | None) -> str:
    at = time_of(nanoseconds)
    return f"{'?':<24} " if at is None else f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z "
