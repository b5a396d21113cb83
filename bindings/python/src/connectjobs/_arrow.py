"""Arrow's PyCapsule interface: the library's export in capsules that free what nobody took."""

from __future__ import annotations

import sys
from ctypes import (
    PYFUNCTYPE,
    addressof,
    byref,
    c_char_p,
    c_int,
    c_size_t,
    c_void_p,
    py_object,
    pythonapi,
    sizeof,
)
from typing import TYPE_CHECKING, Any, Callable

from . import _abi
from ._call import run
from ._callbacks import keep_forever

if TYPE_CHECKING:
    from ctypes import Structure

    from ._table import Table

# A capsule in its destructor has no references left: it may only be passed on as an address.
_DESTRUCTOR = PYFUNCTYPE(None, c_void_p)
_new = PYFUNCTYPE(py_object, c_void_p, c_char_p, _DESTRUCTOR)(("PyCapsule_New", pythonapi))
_is_valid = PYFUNCTYPE(c_int, c_void_p, c_char_p)(("PyCapsule_IsValid", pythonapi))
_pointer = PYFUNCTYPE(c_void_p, c_void_p, c_char_p)(("PyCapsule_GetPointer", pythonapi))
_allocate = PYFUNCTYPE(c_void_p, c_size_t, c_size_t)(("PyMem_RawCalloc", pythonapi))
_free = PYFUNCTYPE(None, c_void_p)(("PyMem_RawFree", pythonapi))


def _destructor(struct: type[Structure], name: bytes) -> Any:
    """Releases the capsule's struct, unless a consumer has moved it out, and frees its memory.

    All names are bound as defaults: this may run when the interpreter has cleared its modules.
    """

    def destroy(
        capsule: int,
        valid: Callable[..., Any] = _is_valid,
        pointer: Callable[..., Any] = _pointer,
        free: Callable[..., Any] = _free,
        ending: Callable[[], bool] = sys.is_finalizing,
    ) -> None:
        if ending() or not valid(capsule, name):
            return
        address = pointer(capsule, name)
        content = struct.from_address(address)
        if content.release:
            content.release(content)
        free(address)

    return keep_forever(_DESTRUCTOR(destroy))


_SCHEMA = b"arrow_schema"
_ARRAY = b"arrow_array"
_destroy_schema = _destructor(_abi.ArrowSchema, _SCHEMA)
_destroy_array = _destructor(_abi.ArrowArray, _ARRAY)


def schema_capsule(table: Table) -> object:
    """The table's columns, their names and types."""
    schema, capsule = _capsule(_abi.ArrowSchema, _SCHEMA, _destroy_schema)
    run("cjobs_table_export", table.pointer, byref(schema), None)
    return capsule


def array_capsules(table: Table) -> tuple[object, object]:
    """The table's columns and its rows, as one struct array, without a copy."""
    schema, schema_owner = _capsule(_abi.ArrowSchema, _SCHEMA, _destroy_schema)
    array, array_owner = _capsule(_abi.ArrowArray, _ARRAY, _destroy_array)
    run("cjobs_table_export", table.pointer, byref(schema), byref(array))
    return schema_owner, array_owner


def _capsule(struct: type[Structure], name: bytes, destructor: Any) -> tuple[Any, object]:
    """An empty struct and the capsule that owns it; it is filled afterwards."""
    address = _allocate(1, sizeof(struct))
    if not address:
        raise MemoryError
    content = struct.from_address(address)
    return content, _new(addressof(content), name, destructor)
