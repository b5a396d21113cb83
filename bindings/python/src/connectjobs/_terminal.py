"""Printing log lines where a person reads them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from ._log import LogEntry

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
_VISIBLE = {code: ascii(chr(code))[1:-1] for code in _UNSAFE}


def visible(line: str) -> str:
    """The line with nothing in it that could drive a terminal."""
    return line if line.isprintable() else line.translate(_VISIBLE)


def print_entries(entries: Iterable[LogEntry], file: TextIO | None = None) -> None:
    """Prints each line as it comes; to a terminal, made safe."""
    out = sys.stdout if file is None else file
    safe = out.isatty()
    for entry in entries:
        print(str(entry) if safe else entry.data, file=out, flush=True)
