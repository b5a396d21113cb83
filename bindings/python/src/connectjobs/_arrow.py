"""Arrow's PyCapsule interface: the library's export in capsules, and their end.

A capsule may have a destructor, but ours could only be a Python function, and a capsule may well
die while an exception is on its way, when no Python function can be called. So they have none:
each is kept here, and freed when it is seen that nobody else has it any more.
"""

from __future__ import annotations

import sys
from ctypes import PYFUNCTYPE, addressof, byref, c_char_p, c_void_p, py_object, pythonapi
from typing import TYPE_CHECKING, Any

from . import _abi_arrow
from ._call import run

if TYPE_CHECKING:
    from ctypes import Structure

    from ._handles import TailHandle
    from ._table import Table

_new = PYFUNCTYPE(py_object, c_void_p, c_char_p, c_void_p)(("PyCapsule_New", pythonapi))
_requested = PYFUNCTYPE(c_void_p, py_object, c_char_p)(("PyCapsule_GetPointer", pythonapi))

_SCHEMA = b"arrow_schema"
_ARRAY = b"arrow_array"
_STREAM = b"arrow_array_stream"


class _Export:
    """A struct that the library fills, and the capsule that hands it over."""

    __slots__ = ("capsule", "content")

    def __init__(self, struct: type[Structure], name: bytes) -> None:
        self.content: Any = struct()
        self.capsule: Any = _new(addressof(self.content), name, None)

    def is_over(self) -> bool:
        """Whether nobody has the capsule any more."""
        return sys.getrefcount(self.capsule) <= _ALONE

    def __del__(self) -> None:
        release = self.content.release
        if release:  # else a consumer has moved it out
            release(self.content)


_probe = _Export(_abi_arrow.ArrowSchema, _SCHEMA)
_ALONE = sys.getrefcount(_probe.capsule)
_exports: dict[int, _Export] = {}


def _export(struct: type[Structure], name: bytes) -> tuple[Any, object]:
    """A struct and its capsule, which is kept as long as somebody has that."""
    export = _Export(struct, name)
    capsule = export.capsule  # held here before others may look whether it is over
    _exports[id(export)] = export
    return export.content, capsule


def _let_go() -> None:
    """Frees those that are over; only single steps, as other threads may do the same."""
    for key, export in list(_exports.items()):
        if export.is_over():
            _exports.pop(key, None)


def schema_capsule(table: Table) -> object:
    """The table's columns, their names and types."""
    _let_go()
    schema, capsule = _export(_abi_arrow.ArrowSchema, _SCHEMA)
    run("cjobs_table_export", table.pointer, byref(schema), None)
    return capsule


def array_capsules(table: Table) -> tuple[object, object]:
    """The table's columns and its rows, as one struct array, without a copy."""
    _let_go()
    schema, of_schema = _export(_abi_arrow.ArrowSchema, _SCHEMA)
    array, of_array = _export(_abi_arrow.ArrowArray, _ARRAY)
    run("cjobs_table_export", table.pointer, byref(schema), byref(array))
    return of_schema, of_array


def table_stream(table: Table) -> object:
    """The same as a stream of one array."""
    _let_go()
    stream, capsule = _export(_abi_arrow.ArrowArrayStream, _STREAM)
    run("cjobs_table_stream", table.pointer, byref(stream))
    return capsule


def tail_stream(handle: TailHandle) -> object:
    """A tail's batches as they come; the tail is the stream's from now on."""
    _let_go()
    stream, capsule = _export(_abi_arrow.ArrowArrayStream, _STREAM)
    run("cjobs_tail_stream", handle.pointer, byref(stream))
    return capsule


def check_requested(requested: object, columns: int) -> None:
    """A schema that is asked for is a wish, unless it is of another number of columns.

    Which type it wishes a column to have is the consumer's to bring about: by Arrow's rules a
    producer may give its own types.

    Raises:
        ValueError: It cannot be meant for these rows.
    """
    if requested is None:
        return
    wanted = _abi_arrow.ArrowSchema.from_address(_requested(requested, _SCHEMA))
    if wanted.format != b"+s" or wanted.n_children != columns:
        raise ValueError(
            f"the requested schema has {wanted.n_children} columns, and these rows have {columns}; "
            "convert them first, and choose columns afterwards"
        )
