"""One call of the library: its error, its interruption, and what it said on the way."""

from __future__ import annotations

import sys
import threading
import warnings
from ctypes import byref
from typing import Any, Callable

from . import _abi
from ._callbacks import USER_DATA, LogListener, callback
from ._errors import (
    ConnectJobsError,
    ConnectJobsWarning,
    FileError,
    TargetExistsError,
    TargetIsFolderError,
    error_class,
)
from ._handles import ErrorHandle
from ._library import library

_PACKAGE = __name__.partition(".")[0]


def on_main_thread() -> bool:
    """Whether Ctrl-C would arrive here; Python runs signal handlers on the main thread only."""
    return threading.current_thread() is threading.main_thread()


class Call:
    """The host's side of one call; make one for each."""

    __slots__ = ("_options", "_raised")

    def __init__(self) -> None:
        self._raised: list[BaseException] = []
        self._options: _abi.CallOptions | None = None

    def options(self, timeout_ms: int = 0) -> _abi.CallOptions:
        """The call's options: its timeout and, on the main thread, Ctrl-C."""
        options = _abi.sized(_abi.CallOptions, timeout_ms=timeout_ms)
        if on_main_thread():
            options.interrupt = callback(_abi.INTERRUPT_FN, self._check, 0, self._raised)
            options.interrupt_data = USER_DATA
        self._options = options  # alive until the call has returned
        return options

    def callback(self, kind: Any, handler: Callable[..., object]) -> Any:
        """A function of two arguments and user_data; what it raises ends the call."""
        return callback(kind, handler, 2, self._raised)

    def _check(self) -> None:
        """Asked at least every 50 ms; a pending signal has been raised before this is reached."""
        if self._raised:
            raise self._raised[0]

    def run(self, name: str, *arguments: Any) -> int:
        """Calls the function of that name, an error object appended; its status, if not negative.

        Raises:
            ConnectJobsError: The status was negative.
            BaseException: What a callback or a signal handler raised meanwhile.
        """
        function = getattr(library(), name)
        error = ErrorHandle()
        listener = LogListener(self._raised)
        with listener:
            status: int = function(*arguments, byref(error.pointer))
        self._options = None
        if listener.messages:
            _pass_on(listener.messages)
        if self._raised:
            raise self._raised.pop(0)
        if status < 0:
            raise _exception(status, error)
        return status


def run(name: str, *arguments: Any) -> int:
    """A call that does not wait, and so needs no options."""
    return Call().run(name, *arguments)


def text(value: bytes | None) -> str:
    """A string of the library."""
    return "" if value is None else value.decode("utf-8", "replace")


def _exception(status: int, error: ErrorHandle) -> ConnectJobsError:
    functions, pointer = library(), error.pointer
    return error_class(status)(
        text(functions.cjobs_error_message(pointer)) or f"the call failed with status {status}",
        http_status=functions.cjobs_error_http_status(pointer),
        code=functions.cjobs_error_api_code(pointer),
        operation=text(functions.cjobs_error_operation(pointer)),
        url=text(functions.cjobs_error_url(pointer)),
        retryable=bool(functions.cjobs_error_retryable(pointer)),
    )


def as_file_error(error: FileError, path: bytes) -> FileError:
    """The same error as the built-in that fits what is at ``path``."""
    import os

    kind: type[FileError]
    if os.path.isdir(path):
        kind = TargetIsFolderError
    elif os.path.lexists(path):
        kind = TargetExistsError
    else:
        return error
    return kind(error.message, operation=error.operation)


def _pass_on(messages: list[tuple[int, bytes | None]]) -> None:
    """Warnings to ``warnings``; the rest to ``logging``, if this program has imported it at all."""
    logging = sys.modules.get("logging")
    for level, message in messages:
        if level >= _abi.LOG_WARNING:
            warnings.warn(text(message), ConnectJobsWarning, stacklevel=_caller())
        elif logging is not None:
            logging.getLogger(_PACKAGE).debug("%s", text(message))


def _caller() -> int:
    """The stacklevel, for who called this function, of the first frame outside the package."""
    level, frame = 1, sys._getframe(1)  # noqa: SLF001
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        level, frame = level + 1, frame.f_back
    return level
