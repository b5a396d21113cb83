"""Arrow's C interfaces as ctypes sees them; a part of ``_abi``."""

from __future__ import annotations

from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int64, c_void_p


class ArrowSchema(Structure):
    """The C Data Interface's struct; only its place in memory and ``release`` matter here."""


class ArrowArray(Structure):
    """The C Data Interface's struct; only its place in memory and ``release`` matter here."""


class ArrowArrayStream(Structure):
    """The C Stream Interface's struct; only its place in memory and ``release`` matter here."""


SCHEMA_RELEASE_FN = CFUNCTYPE(None, POINTER(ArrowSchema))
ARRAY_RELEASE_FN = CFUNCTYPE(None, POINTER(ArrowArray))
STREAM_RELEASE_FN = CFUNCTYPE(None, POINTER(ArrowArrayStream))

ArrowSchema._fields_ = (
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_void_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", c_void_p),
    ("dictionary", c_void_p),
    ("release", SCHEMA_RELEASE_FN),
    ("private_data", c_void_p),
)
ArrowArray._fields_ = (
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", c_void_p),
    ("children", c_void_p),
    ("dictionary", c_void_p),
    ("release", ARRAY_RELEASE_FN),
    ("private_data", c_void_p),
)

ArrowArrayStream._fields_ = (
    ("get_schema", c_void_p),
    ("get_next", c_void_p),
    ("get_last_error", c_void_p),
    ("release", STREAM_RELEASE_FN),
    ("private_data", c_void_p),
)
