"""Functions of ours that the library may call, made so that no Ctrl-C is lost in them.

When a signal has arrived, CPython raises KeyboardInterrupt at the next entry of any Python function
on the main thread. If that is a ctypes callback, no ``try`` in it has begun yet: ctypes prints the
exception and drops it, and the Ctrl-C is gone. A generator that waits in a ``yield`` inside a
``try`` has no such gap: the exception is raised at that ``yield``, and kept.

But ``generator.send`` takes one argument, and callbacks take several. So what C calls is
``max(0, argument…, 1, key=generator.send)``, built of functions that are written in C: the
generator is sent each value in turn, and with the keys that it yields it decides whether ``max``
answers the first (0, go on) or the last (1, stop). The last is the callback's ``user_data``.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from ctypes import py_object, pythonapi
from functools import partial
from operator import attrgetter, neg
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from . import _abi

if TYPE_CHECKING:
    from collections.abc import Generator

    Relay = Generator[int, Any, None]

_F = TypeVar("_F")

# What is passed as user_data with each callback, and is the callback's answer when it stops a call.
USER_DATA = 1
GO_ON = 0


def relay(handler: Callable[..., object], arity: int, raised: list[BaseException]) -> Relay:
    """A generator that gathers ``arity`` arguments and calls ``handler`` with them, for ever.

    Keys that fall make ``max`` answer its first value; keys that rise, its last. Once something was
    raised, here or in the handler, it is kept in ``raised`` and the keys rise.
    """
    key = 0
    values: list[Any] = []
    try:
        while True:
            values.append((yield key))
            key -= 1
            if len(values) == arity + 2:
                arguments, values = values[1:-1], []
                handler(*arguments)
    except GeneratorExit:
        return
    except BaseException as caught:  # noqa: BLE001  (raised again when the library has returned)
        raised.append(caught)
    yield from _rising()


def _rising() -> Relay:
    key = 1
    while True:
        try:
            while True:
                yield key
                key += 1
        except GeneratorExit:  # noqa: PERF203
            return
        except BaseException:  # noqa: BLE001, S110  (a second Ctrl-C: the first is kept already)
            pass


def _max(key: Any) -> Any:
    """What C calls."""
    return partial[Any](max, GO_ON, key=key)


def callback(
    kind: Callable[[Any], _F],
    handler: Callable[..., object],
    arity: int,
    raised: list[BaseException],
) -> _F:
    """``handler`` as a C function of the type ``kind``, to be kept until the call has returned."""
    started = relay(handler, arity, raised)
    next(started)
    return kind(_max(started.send))


class _ThisThread(threading.local):
    """Calls the ``send`` that the calling thread has set, found by C code alone.

    A client has one log function for all threads, and a generator serves one at a time.
    """

    send: Any = staticmethod(id)
    __call__ = property(attrgetter("send"))


_log_receiver = _ThisThread()


def keep_forever(function: _F) -> _F:
    """Never frees a callback, so that C may call it until the process ends."""
    pythonapi.Py_IncRef(py_object(function))
    return function


# The one log function of all clients: it may be called for as long as a tail of any of them lives.
LOG = keep_forever(_abi.LOG_FN(_max(_log_receiver)))


def _watch() -> Relay:
    """Keys for ``max(0, 1)`` that make it answer 0, or 1 once after each Ctrl-C."""
    struck = second = False
    key = 0
    while True:
        try:
            yield key
        except GeneratorExit:
            return
        except BaseException:  # noqa: BLE001  (the stream says that it was cancelled)
            struck = True
        key = int(second and struck)
        struck = struck and not second
        second = not second


class _StreamCheck(threading.local):
    """Whether Ctrl-C has struck, asked while another library pulls an Arrow stream of a tail.

    Our own waits see to it themselves, and put this one to sleep.
    """

    def __init__(self) -> None:
        started = _watch()
        next(started)
        self.send: Any = started.send

    __call__ = property(attrgetter("send"))

    @contextmanager
    def asleep(self) -> Generator[None, None, None]:
        """Asks nothing within a ``with`` block."""
        before, self.send = self.send, neg
        try:
            yield
        finally:
            self.send = before


stream_check = _StreamCheck()
STREAM_INTERRUPT = keep_forever(_abi.INTERRUPT_FN(_max(stream_check)))


class LogListener:
    """Collects what the library logs on this thread within a ``with`` block."""

    __slots__ = ("_before", "messages", "raised")

    def __init__(self, raised: list[BaseException]) -> None:
        self.raised = raised
        self.messages: list[tuple[int, bytes | None]] = []

    def _note(self, level: int, message: bytes | None) -> None:
        self.messages.append((level, message))

    def __enter__(self) -> None:
        started = relay(self._note, 2, self.raised)
        next(started)
        self._before = _log_receiver.send
        _log_receiver.send = started.send

    def __exit__(self, *_: object) -> None:
        _log_receiver.send = self._before
