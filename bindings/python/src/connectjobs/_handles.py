"""Owners of what the library hands over.

An owner is made before the call that fills it, and frees what it holds when the last reference to
it goes. So nothing is lost when Ctrl-C strikes between the two, and a handle that another thread is
still using stays alive until that thread has come back: "closing" is letting go of the owner.
"""

from __future__ import annotations

from typing import Any, ClassVar

from . import _abi
from ._library import library


class Handle:
    """Owns the handle that ``pointer`` points at, if any."""

    __slots__ = ("__weakref__", "_free", "pointer")

    _type: ClassVar[Any]
    _free_name: ClassVar[str]

    def __init__(self) -> None:
        self.pointer: Any = self._type()
        # Bound here: while the interpreter ends, module names may be gone before this object is.
        self._free = getattr(library(), self._free_name)

    def __del__(self) -> None:
        if self.pointer:
            self._free(self.pointer)
            self.pointer = None


class ErrorHandle(Handle):
    """A ``cjobs_error``."""

    __slots__ = ()
    _type = _abi.ErrorPointer
    _free_name = "cjobs_error_free"


class ClientHandle(Handle):
    """A ``cjobs_client``."""

    __slots__ = ()
    _type = _abi.ClientPointer
    _free_name = "cjobs_client_close"


class TableHandle(Handle):
    """A ``cjobs_table``."""

    __slots__ = ()
    _type = _abi.TablePointer
    _free_name = "cjobs_table_free"


class TailHandle(Handle):
    """A ``cjobs_tail``."""

    __slots__ = ()
    _type = _abi.TailPointer
    _free_name = "cjobs_tail_close"


class HooksHandle(Handle):
    """A ``cjobs_hooks``."""

    __slots__ = ()
    _type = _abi.HooksPointer
    _free_name = "cjobs_hooks_close"
