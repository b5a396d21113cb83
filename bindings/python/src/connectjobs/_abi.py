"""The C interface as ctypes sees it: constants, structs, and each function's signature.

It restates ``include/connectjobs.h`` (a test compares the two) and does nothing. Each handle has a
pointer type of its own, so that a client can never be passed where a table is due.
"""

from __future__ import annotations

from ctypes import (
    CFUNCTYPE,
    POINTER,
    Structure,
    c_char,
    c_char_p,
    c_int,
    c_int32,
    c_int64,
    c_size_t,
    c_uint32,
    c_void_p,
    sizeof,
)
from typing import TYPE_CHECKING, Any, TypeVar

from ._abi_arrow import ArrowArray, ArrowArrayStream, ArrowSchema

if TYPE_CHECKING:
    from ctypes import CDLL

ABI_VERSION = 1

OK = 0
DONE = 1
TIMEOUT = 2

INVALID_ARGUMENT = -1
CONFIGURATION = -2
UNAUTHENTICATED = -3
FORBIDDEN = -4
NOT_FOUND = -5
UNSUPPORTED = -6
CONFLICT = -7
BAD_REQUEST = -8
RATE_LIMITED = -9
SERVER = -10
HTTP = -11
NETWORK = -12
TLS = -13
TIMED_OUT = -14
PROTOCOL = -15
TOO_LARGE = -16
CANCELLED = -17
IO = -18
HOOK = -19
CALLBACK = -20
CLOSED = -21
BUSY = -22
FORKED = -23
NO_MEMORY = -24
INTERNAL = -25

LOG_DEBUG = 1
LOG_WARNING = 2

TYPE_TEXT = 1
TYPE_DICTIONARY = 2
TYPE_INT32 = 3
TYPE_INT64 = 4
TYPE_BOOL = 5
TYPE_TIMESTAMP = 6

JOB_ACTIVE = 0
JOB_FINISHED = 1
JOB_FINALIZED = 2

DOWNLOAD_OVERWRITE = 1

EVENT_ENTRY = 1
EVENT_JOB_SEEN = 2
EVENT_JOB_ENDED = 3
EVENT_KILL_ORDERED = 4
HOOKS_ALLOW_WRITABLE = 1
ON_FAILURE_COUNT = 0
ON_FAILURE_END = 1

UNTIL_FINISHED = 1
UNTIL_FINALIZED = 2

START_FIRST = 0
START_NOW = 1
START_LAST = 2
START_TIME = 3

INTERRUPT_FN = CFUNCTYPE(c_int, c_void_p)
LOG_FN = CFUNCTYPE(None, c_int32, c_char_p, c_void_p)
WRITE_FN = CFUNCTYPE(c_int, c_void_p, c_size_t, c_void_p)
PROGRESS_FN = CFUNCTYPE(c_int, c_int64, c_int64, c_void_p)


class Error(Structure):
    """``cjobs_error``: opaque."""


class Client(Structure):
    """``cjobs_client``: opaque."""


class Table(Structure):
    """``cjobs_table``: opaque."""


class Tail(Structure):
    """``cjobs_tail``: opaque."""


class Cancel(Structure):
    """``cjobs_cancel``: opaque."""


class Hooks(Structure):
    """``cjobs_hooks``: opaque."""


ErrorPointer = POINTER(Error)
ClientPointer = POINTER(Client)
TablePointer = POINTER(Table)
TailPointer = POINTER(Tail)
CancelPointer = POINTER(Cancel)
HooksPointer = POINTER(Hooks)


class ClientOptions(Structure):
    """``cjobs_client_options``."""

    _fields_ = (
        ("struct_size", c_size_t),
        ("server", c_char_p),
        ("api_key", c_char_p),
        ("auth_header", c_char_p),
        ("headers", POINTER(c_char_p)),
        ("ca_file", c_char_p),
        ("proxy", c_char_p),
        ("user_agent", c_char_p),
        ("insecure", c_int32),
        ("max_retries", c_int32),
        ("connect_timeout_ms", c_int64),
        ("request_timeout_ms", c_int64),
        ("idle_timeout_ms", c_int64),
        ("max_response_bytes", c_int64),
        ("max_entry_bytes", c_int64),
        ("interrupt", INTERRUPT_FN),
        ("interrupt_data", c_void_p),
        ("log", LOG_FN),
        ("log_data", c_void_p),
    )


class CallOptions(Structure):
    """``cjobs_call_options``."""

    _fields_ = (
        ("struct_size", c_size_t),
        ("timeout_ms", c_int64),
        ("cancel", CancelPointer),
        ("max_response_bytes", c_int64),
        ("hooks", HooksPointer),
        ("interrupt", INTERRUPT_FN),
        ("interrupt_data", c_void_p),
    )


class TailOptions(Structure):
    """``cjobs_tail_options``."""

    _fields_ = (
        ("struct_size", c_size_t),
        ("start", c_int32),
        ("lines", c_int64),
        ("since_ns", c_int64),
        ("max_batch_rows", c_int64),
        ("max_batch_bytes", c_int64),
        ("retry_budget_ms", c_int64),
    )


class HooksOptions(Structure):
    """``cjobs_hooks_options``."""

    _fields_ = (("struct_size", c_size_t), ("flags", c_uint32))


class HookOptions(Structure):
    """``cjobs_hook_options``, with its function as a plain address."""

    _fields_ = (
        ("struct_size", c_size_t),
        ("library", c_char_p),
        ("function", c_void_p),
        ("context", c_void_p),
        ("on_failure", c_int32),
    )


class Column(Structure):
    """``cjobs_column``, with its pointers as plain addresses."""

    _fields_ = (
        ("struct_size", c_size_t),
        ("type", c_int32),
        ("length", c_int64),
        ("offset", c_int64),
        ("null_count", c_int64),
        ("validity", c_void_p),
        ("values", c_void_p),
        ("offsets", c_void_p),
        ("dictionary_length", c_int64),
        ("dictionary_values", c_void_p),
        ("dictionary_offsets", c_void_p),
    )


_S = TypeVar("_S", bound=Structure)


def sized(struct: type[_S], **members: Any) -> _S:
    """One of the structs that begin with their own size, the other members zero."""
    return struct(struct_size=sizeof(struct), **members)


_ERROR = POINTER(ErrorPointer)
_TABLE = POINTER(TablePointer)
_CALL = POINTER(CallOptions)
_TEXTS = POINTER(c_char_p)
_BIND = (HooksPointer, c_int32, c_char_p, POINTER(HookOptions), POINTER(c_int64), _ERROR)

# Name: (what it returns, what it takes). Only what this package calls.
SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "cjobs_version": (c_char_p, ()),
    "cjobs_abi_version": (c_int32, ()),
    "cjobs_error_http_status": (c_int32, (ErrorPointer,)),
    "cjobs_error_api_code": (c_int64, (ErrorPointer,)),
    "cjobs_error_operation": (c_char_p, (ErrorPointer,)),
    "cjobs_error_url": (c_char_p, (ErrorPointer,)),
    "cjobs_error_retryable": (c_int32, (ErrorPointer,)),
    "cjobs_error_message": (c_char_p, (ErrorPointer,)),
    "cjobs_error_free": (None, (ErrorPointer,)),
    "cjobs_client_open": (c_int32, (POINTER(ClientOptions), POINTER(ClientPointer), _ERROR)),
    "cjobs_client_close": (None, (ClientPointer,)),
    "cjobs_client_server": (c_char_p, (ClientPointer,)),
    "cjobs_table_rows": (c_int64, (TablePointer,)),
    "cjobs_table_columns": (c_int64, (TablePointer,)),
    "cjobs_table_name": (c_char_p, (TablePointer, c_int64)),
    "cjobs_table_column": (c_int32, (TablePointer, c_int64, POINTER(Column), _ERROR)),
    "cjobs_table_slice": (c_int32, (TablePointer, c_int64, c_int64, _TABLE, _ERROR)),
    "cjobs_table_take": (c_int32, (TablePointer, POINTER(c_int64), c_int64, _TABLE, _ERROR)),
    "cjobs_table_join": (
        c_int32,
        (
            TablePointer,
            c_int64,
            c_int64,
            c_int64,
            c_char,
            c_char_p,
            c_int64,
            POINTER(c_int64),
            _ERROR,
        ),
    ),
    "cjobs_table_stream": (c_int32, (TablePointer, POINTER(ArrowArrayStream), _ERROR)),
    "cjobs_table_free": (None, (TablePointer,)),
    "cjobs_table_export": (
        c_int32,
        (TablePointer, POINTER(ArrowSchema), POINTER(ArrowArray), _ERROR),
    ),
    "cjobs_content_list": (c_int32, (ClientPointer, c_char_p, _CALL, _TABLE, _ERROR)),
    "cjobs_jobs_list": (c_int32, (ClientPointer, c_char_p, _CALL, _TABLE, _ERROR)),
    "cjobs_jobs_list_many": (
        c_int32,
        (ClientPointer, _TEXTS, c_size_t, c_int32, _CALL, _TABLE, _ERROR),
    ),
    "cjobs_job_get": (c_int32, (ClientPointer, c_char_p, c_char_p, _CALL, _TABLE, _ERROR)),
    "cjobs_job_log": (
        c_int32,
        (ClientPointer, c_char_p, c_char_p, c_int64, _CALL, _TABLE, _ERROR),
    ),
    "cjobs_job_download": (
        c_int32,
        (
            ClientPointer,
            c_char_p,
            c_char_p,
            c_char_p,
            WRITE_FN,
            PROGRESS_FN,
            c_void_p,
            _CALL,
            _ERROR,
        ),
    ),
    "cjobs_job_download_file": (
        c_int32,
        (
            ClientPointer,
            c_char_p,
            c_char_p,
            c_char_p,
            c_uint32,
            PROGRESS_FN,
            c_void_p,
            _CALL,
            _ERROR,
        ),
    ),
    "cjobs_job_error": (c_int32, (ClientPointer, c_char_p, c_char_p, _CALL, _TABLE, _ERROR)),
    "cjobs_job_kill": (
        c_int32,
        (ClientPointer, c_char_p, _TEXTS, c_size_t, c_int64, _CALL, _TABLE, _ERROR),
    ),
    "cjobs_job_kill_active": (c_int32, (ClientPointer, c_char_p, c_int64, _CALL, _TABLE, _ERROR)),
    "cjobs_job_wait": (
        c_int32,
        (ClientPointer, c_char_p, c_char_p, c_int32, c_int64, _CALL, _TABLE, _ERROR),
    ),
    "cjobs_tail_open": (
        c_int32,
        (
            ClientPointer,
            _TEXTS,
            _TEXTS,
            c_size_t,
            POINTER(TailOptions),
            _CALL,
            POINTER(TailPointer),
            _ERROR,
        ),
    ),
    "cjobs_tail_next": (c_int32, (TailPointer, c_int64, _TABLE, _ERROR)),
    "cjobs_tail_fd": (c_int, (TailPointer,)),
    "cjobs_tail_cancel": (None, (TailPointer,)),
    "cjobs_tail_summary": (c_int32, (TailPointer, _TABLE, _ERROR)),
    "cjobs_tail_stream": (c_int32, (TailPointer, POINTER(ArrowArrayStream), _ERROR)),
    "cjobs_tail_close": (None, (TailPointer,)),
    "cjobs_hooks_open": (c_int32, (POINTER(HooksOptions), POINTER(HooksPointer), _ERROR)),
    "cjobs_hooks_bind": (c_int32, _BIND),
    "cjobs_hooks_bind_batch": (c_int32, _BIND),
    "cjobs_hooks_unbind": (c_int32, (HooksPointer, c_int64, _ERROR)),
    "cjobs_hooks_load_manifest": (c_int32, (HooksPointer, c_char_p, c_void_p, _ERROR)),
    "cjobs_hooks_stats": (c_int32, (HooksPointer, _TABLE, _ERROR)),
    "cjobs_hooks_close": (None, (HooksPointer,)),
}


def declare(library: CDLL) -> None:
    """Gives each function of a library its signature; AttributeError where one is missing."""
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
