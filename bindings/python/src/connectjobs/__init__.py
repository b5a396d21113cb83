"""List, follow, download, explain and kill the jobs of Posit Connect content.

    import connectjobs as cj

    with cj.Client() as client:  # CONNECT_SERVER and CONNECT_API_KEY
        jobs = client.jobs("https://host/connect/#/apps/01234567-89ab-cdef-0123-456789abcdef")
        for entry in jobs.latest.tail():
            print(entry.data)

The work is done by ``libconnectjobs.so``; this package is a thin layer over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._client import Client
from ._content import (
    ContentItem,
    ContentItems,
    JobFollow,
    KillOrder,
    KillOrders,
    LoggedError,
    TailSummary,
)
from ._errors import (
    BadRequestError,
    BusyError,
    CallbackError,
    CancelledError,
    ClosedError,
    ConfigurationError,
    ConflictError,
    ConnectJobsError,
    ConnectJobsWarning,
    FileError,
    ForbiddenError,
    ForkedError,
    HookError,
    HTTPError,
    InternalError,
    InvalidArgumentError,
    JobFailed,
    LibraryError,
    NetworkError,
    NotFoundError,
    OutOfMemoryError,
    ProtocolError,
    RateLimitedError,
    ServerError,
    TargetExistsError,
    TargetIsFolderError,
    TimedOutError,
    TLSError,
    TooLargeError,
    UnauthenticatedError,
    UnsupportedError,
)
from ._job import Job
from ._jobs import Jobs, JobsOfMany
from ._library import VERSION, library_path
from ._log import Log, LogEntry
from ._tail import Batches, Tail

if TYPE_CHECKING:
    from ._hooks import Hook, HookCounts, Hooks, HookStats
    from ._sandbox import Sandbox, sandbox

__version__ = VERSION

__all__ = [
    "BadRequestError",
    "Batches",
    "BusyError",
    "CallbackError",
    "CancelledError",
    "Client",
    "ClosedError",
    "ConfigurationError",
    "ConflictError",
    "ConnectJobsError",
    "ConnectJobsWarning",
    "ContentItem",
    "ContentItems",
    "FileError",
    "ForbiddenError",
    "ForkedError",
    "HTTPError",
    "Hook",
    "HookCounts",
    "HookError",
    "HookStats",
    "Hooks",
    "InternalError",
    "InvalidArgumentError",
    "Job",
    "JobFailed",
    "JobFollow",
    "Jobs",
    "JobsOfMany",
    "KillOrder",
    "KillOrders",
    "LibraryError",
    "Log",
    "LogEntry",
    "LoggedError",
    "NetworkError",
    "NotFoundError",
    "OutOfMemoryError",
    "ProtocolError",
    "RateLimitedError",
    "Sandbox",
    "ServerError",
    "TLSError",
    "Tail",
    "TailSummary",
    "TargetExistsError",
    "TargetIsFolderError",
    "TimedOutError",
    "TooLargeError",
    "UnauthenticatedError",
    "UnsupportedError",
    "library_path",
    "sandbox",
]

# What not every program needs is only loaded when it is asked for.
_LATER = {
    "Hook": "_hooks",
    "HookCounts": "_hooks",
    "HookStats": "_hooks",
    "Hooks": "_hooks",
    "Sandbox": "_sandbox",
    "sandbox": "_sandbox",
}


def __getattr__(name: str) -> object:
    """One of the names that are loaded later."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f".{_LATER[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """All names, also those that are loaded later."""
    return sorted({*globals(), *__all__})
