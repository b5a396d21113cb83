"""Printing log lines where a person reads them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

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
_VISIBLE = {code: ascii(chr(code))[1:-1] for code in _UNSAFE}


def visible(line: str) -> str:
    """The line with nothing in it that could drive a terminal."""
    return line if line.isprintable() else line.translate(_VISIBLE)


def print_batches(batches: Iterable[Log], file: TextIO | None = None) -> None:
    """Prints lines as they come; to a terminal, made safe."""
    out = sys.stdout if file is None else file
    shown = visible if out.isatty() else str
    for batch in batches:
        out.write("".join(f"{shown(line)}\n" for line in batch.column("data")))
        out.flush()
