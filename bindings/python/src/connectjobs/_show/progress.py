"""How far a download is: by tqdm where that is installed, by a plain line otherwise."""

from __future__ import annotations

import sys
import time
import warnings
from typing import TYPE_CHECKING, Any, Callable, Protocol

from .notebook import in_notebook

if TYPE_CHECKING:
    from typing import TextIO

    Progress = Callable[[int, "int | None"], object]

_INTERVAL = 0.5  # seconds between two lines


class Display(Protocol):
    """Something that is told how far it is, and then ended."""

    def show(self, received: int, total: int | None) -> None:
        """So many bytes, of so many (None: not known)."""

    def end(self) -> None:
        """Nothing more is to come."""


def display_for(progress: Progress | bool | None, what: str) -> Display | None:
    """What shows the progress of a download.

    Args:
        progress: A function that is told; True shows it; False does not; None does in a notebook.
        what: The name of what is loaded.

    Raises:
        TypeError: It is none of these.
    """
    if progress is None:
        progress = in_notebook()
    if progress is False:
        return None
    if progress is True:
        return _bar(what)
    if not callable(progress):
        raise TypeError(
            f"progress must be a function, True, False or None, not {type(progress).__qualname__}"
        )
    return _Told(progress)


class _Told:
    """A function of the caller's."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def show(self, received: int, total: int | None) -> None:
        self._progress(received, total)

    def end(self) -> None:
        """The function has been told all."""


def _bar(what: str) -> Display:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tqdm's own, where its notebook widgets are missing
            from tqdm.auto import tqdm

            made: Any = tqdm(desc=what, unit="B", unit_scale=True, unit_divisor=1024)
    except ImportError:
        return Line(what, sys.stderr)
    return _Tqdm(made)


class _Tqdm:
    """tqdm's bar."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def show(self, received: int, total: int | None) -> None:
        self._bar.total = total
        self._bar.update(received - self._bar.n)  # less than 0 where a cut download begins anew

    def end(self) -> None:
        self._bar.close()


class Line:
    """One line that is written again and again, a few times a second at most."""

    def __init__(self, what: str, file: TextIO) -> None:
        self._what = what
        self._file = file
        self._next = 0.0
        self._last = ""

    def show(self, received: int, total: int | None) -> None:
        of = f" of {_size(total)} ({received / total:.0%})" if total else ""
        self._last = f"{self._what}: {_size(received)}{of}"
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _INTERVAL
            self._write("")

    def end(self) -> None:
        if self._last:
            self._write("\n")

    def _write(self, ending: str) -> None:
        self._file.write(f"\r{self._last}{ending}")
        self._file.flush()


def _size(count: int) -> str:
    """Bytes as a person reads them."""
    size, units = float(count), ["bytes", "KiB", "MiB", "GiB", "TiB"]
    while size >= 1024 and len(units) > 1:  # noqa: PLR2004
        size, units = size / 1024, units[1:]
    return f"{size:.0f} {units[0]}" if units[0] == "bytes" else f"{size:.1f} {units[0]}"
