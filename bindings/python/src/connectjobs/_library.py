"""Finding, loading and probing ``libconnectjobs.so``.

It is looked for in three places and nowhere else: the file that ``CONNECTJOBS_LIBRARY`` names,
inside this package, and where the system's loader looks. That happens when it is first needed, so
importing the package costs nothing and works without it.
"""

from __future__ import annotations

import os
from ctypes import CDLL
from typing import NamedTuple

from . import _abi
from ._errors import LibraryError

VERSION = "0.1.0"  # of this package
VARIABLE = "CONNECTJOBS_LIBRARY"
_FILE = "libconnectjobs.so"
_SONAME = "libconnectjobs.so.0"

_loaded: CDLL | None = None


class _Candidate(NamedTuple):
    """One place to look: what the loader is given, and what a person is told."""

    name: str
    shown: str


def library() -> CDLL:
    """The loaded library, every function declared.

    Raises:
        LibraryError: It was not found or cannot be used; the text lists what was tried.
    """
    global _loaded  # noqa: PLW0603  (loaded once, for all)
    if _loaded is None:
        _loaded = _find()
    return _loaded


def library_path() -> str:
    """The file that was loaded, or the name that the system's loader was given.

    >>> cj.library_path().endswith(".so")
    True
    """
    return str(library()._name)  # noqa: SLF001


def _find() -> CDLL:
    tried: list[str] = []
    for candidate in _candidates():
        found = _load(candidate)
        if isinstance(found, CDLL):
            return found
        tried.append(f"{candidate.shown} ({found})")
    raise LibraryError(
        f"libconnectjobs cannot be used; tried {', '.join(tried)}. "
        f"Build it, and set {VARIABLE} to the path of {_FILE}."
    )


def _candidates() -> list[_Candidate]:
    """An explicit choice is the only one: another library in its place would be a surprise."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        path = os.path.abspath(chosen)
        return [_Candidate(path, f"{path} of {VARIABLE}")]
    inside = os.path.join(os.path.dirname(os.path.abspath(__file__)), _FILE)
    return [
        _Candidate(inside, inside),
        _Candidate(_SONAME, f"{_SONAME} of the system's loader"),
        _Candidate(_FILE, f"{_FILE} of the system's loader"),
    ]


def _load(candidate: _Candidate) -> CDLL | str:
    """The library, or why not."""
    is_path = os.sep in candidate.name
    if is_path and not os.path.exists(candidate.name):
        return "no such file"
    try:
        loaded = CDLL(candidate.name)
    except OSError as problem:
        return str(problem) if is_path else "not found"
    return _refusal(loaded) or loaded


def _refusal(loaded: CDLL) -> str | None:
    """Why a library that did load cannot be used; None where it can."""
    try:
        abi = loaded.cjobs_abi_version()
    except AttributeError:
        return "not libconnectjobs"
    if abi != _abi.ABI_VERSION:
        return f"its ABI number is {abi}, this package needs {_abi.ABI_VERSION}"
    try:
        _abi.declare(loaded)
    except AttributeError as problem:
        return f"a function is missing: {problem}"
    return None
