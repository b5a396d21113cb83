"""Hooks: functions of other libraries, and of Python, that see the lines and jobs that pass by."""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import byref, c_int64
from itertools import compress
from typing import TYPE_CHECKING, Any, Callable, Literal, Union

from . import _abi, _arguments
from ._call import run
from ._handles import HooksHandle, TableHandle
from ._rows import Field, Record, Row, Rows
from ._table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._arguments import Path
    from ._log import Log

    Event = Literal["entry", "job_seen", "job_ended", "kill_ordered"]
    OnFailure = Literal["count", "end"]
    Filter = Callable[[Log], Union[Log, Sequence[bool], None]]

_EVENTS = {
    "entry": _abi.EVENT_ENTRY,
    "job_seen": _abi.EVENT_JOB_SEEN,
    "job_ended": _abi.EVENT_JOB_ENDED,
    "kill_ordered": _abi.EVENT_KILL_ORDERED,
}
# What every function pointer of ctypes is.
_CFUNCTION: type = ctypes.CFUNCTYPE(None).__mro__[1]
_ON_FAILURE = {"count": _abi.ON_FAILURE_COUNT, "end": _abi.ON_FAILURE_END}


class Hook:
    """A function that is bound; ``unbind()`` takes it out again."""

    def __init__(self, hooks: Hooks, name: str, number: int | None) -> None:
        self._hooks = hooks
        self._name = name
        self._number = number  # None: a function of Python

    def __repr__(self) -> str:
        return f"<Hook {self._name}>"

    def unbind(self) -> None:
        """Takes it out; a batch that has begun goes on with it.

        Raises:
            InvalidArgumentError: It has been taken out before.
        """
        self._hooks._unbind(self, self._number)  # noqa: SLF001


class HookCounts(Record):
    """What a native hook has done so far.

    ``drops`` are lines dropped or withheld; ``time_ns`` is the time of all batches together.
    """

    __slots__ = ()
    _shown = ("name", "calls", "drops", "errors")

    hook = Field[int]()
    event = Field[str]()
    name = Field[str]()
    calls = Field[int]()
    drops = Field[int]()
    errors = Field[int]()
    batches = Field[int]()
    time_ns = Field[int]()
    longest_ns = Field[int]()
    last_error = Field[str]()


class HookStats(Rows[HookCounts]):
    """One row a native hook, in the order of binding."""

    def _item(self, row: int) -> HookCounts:
        return HookCounts(Row(self._table, row))


class Hooks:
    """The hooks of a client, in the order of binding; ``client.hooks`` is one.

    A native function sees the log and every tail of the client, and the jobs that pass by, without
    a step through Python. A Python function gets each batch of lines after that.

    A plugin is code in this process: a wrong signature crashes it. Libraries and manifests that
    others may write are refused; ``client.hooks = Hooks(allow_writable=True)`` loads them too.
    What is hooked does not see ``job.download()`` and ``job.error()``.

    Args:
        allow_writable: Load files that others may write.
    """

    def __init__(self, *, allow_writable: bool = False) -> None:
        options = _abi.sized(
            _abi.HooksOptions, flags=_abi.HOOKS_ALLOW_WRITABLE if allow_writable else 0
        )
        self._handle = HooksHandle()
        self._filters: list[tuple[Hook, Filter]] = []
        self._kept: list[object] = []  # the library may call them for as long as this lives
        self._bound: set[int] = set()
        run("cjobs_hooks_open", byref(options), byref(self._handle.pointer))

    def __repr__(self) -> str:
        return f"<Hooks: {len(self)} bound>"

    def __len__(self) -> int:
        return len(self._bound) + len(self._filters)

    def __bool__(self) -> bool:
        """A set is there, also without hooks."""
        return True

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError("hooks are bound to functions of this process and cannot be pickled")

    def bind(
        self,
        event: Event,
        signature: str | Filter,
        function: object = None,
        *,
        library: Path | None = None,
        on_failure: OnFailure = "count",
        context: int | None = None,
        batch: bool = False,
    ) -> Hook:
        """Binds a function to an event.

        Args:
            event: ``"entry"``, a line; ``"job_seen"``, ``"job_ended"``, ``"kill_ordered"``.
            signature: How a native function is called, such as ``"verdict keep(source,
                timestamp_ns)"`` or ``'void syslog(6, "%s", ..., data)'``; the header of the library
                is the manual. Or a Python function, for ``"entry"``: it gets each batch as a
                ``Log``, and returns what is left of it, or a bool for each line, or None for all.
                What it raises ends the loop or the call.
            function: The native function itself: an address, a ``numba.cfunc``, a function pointer
                of cffi or ctypes. None looks the name up in ``library``.
            library: With a slash a path, else a name for the system's loader; None is this program.
            on_failure: ``"end"`` ends the call with HookError where the function fails;
                ``"count"`` counts it in ``stats()``. A line that was to be rewritten or decided
                about is withheld.
            context: An address for the argument ``context``.
            batch: The function gets whole batches, as a ``cjobs_batch_fn``; ``signature`` is its
                name.

        >>> job = client.jobs(client.content("broken-report").first).latest
        >>> hook = client.hooks.bind("entry", lambda log: log.grep("reading"))
        >>> [entry.data for entry in job.log()]
        ['reading sales.csv']
        >>> hook.unbind()
        """
        if event not in _EVENTS:
            raise ValueError(f"event must be one of {', '.join(_EVENTS)}, not {event!r}")
        if on_failure not in _ON_FAILURE:
            raise ValueError(f"on_failure must be 'count' or 'end', not {on_failure!r}")
        if not isinstance(signature, str):
            return self._bind_filter(event, signature, function, library)
        options = _abi.sized(_abi.HookOptions, context=context, on_failure=_ON_FAILURE[on_failure])
        if function is not None:
            options.function = native_address(function)
            self._kept.append(function)
        if library is not None:
            options.library = _library(library)
        number = c_int64()
        run(
            "cjobs_hooks_bind_batch" if batch else "cjobs_hooks_bind",
            self._handle.pointer,
            _EVENTS[event],
            _arguments.optional_text("signature", signature),
            byref(options),
            byref(number),
        )
        self._bound.add(number.value)
        return Hook(self, signature, number.value)

    def _bind_filter(
        self, event: str, function: Filter, native: object, library: Path | None
    ) -> Hook:
        if not callable(function):
            raise TypeError(
                f"signature must be a text or a function, not {type(function).__qualname__}"
            )
        if event != "entry" or native is not None or library is not None:
            raise ValueError("a Python function can be bound to 'entry', and is given alone")
        name = getattr(function, "__qualname__", type(function).__qualname__)
        hook = Hook(self, name, None)
        self._filters.append((hook, function))
        return hook

    def load_manifest(self, path: Path, *, context: int | None = None) -> None:
        """Binds all hooks that a plugin's manifest names, or none."""
        before = len(self.stats())
        run("cjobs_hooks_load_manifest", self._handle.pointer, _arguments.path(path), context)
        self._bound.update(each.hook for each in self.stats()[before:] if each.hook is not None)

    def stats(self) -> HookStats:
        """What the native hooks have done so far."""
        table = TableHandle()
        run("cjobs_hooks_stats", self._handle.pointer, byref(table.pointer))
        return HookStats(Table(table))

    @property
    def filters(self) -> bool:
        """Whether functions of Python are bound."""
        return bool(self._filters)

    def passed(self, log: Log) -> Log:
        """What the functions of Python leave of a batch."""
        for _, function in list(self._filters):
            log = _left(log, function(log), function)
        return log

    def give_to(self, options: _abi.CallOptions) -> None:
        """Has a call run the native hooks."""
        options.hooks = self._handle.pointer

    def _unbind(self, hook: Hook, number: int | None) -> None:
        if number is not None:
            run("cjobs_hooks_unbind", self._handle.pointer, number)
            self._bound.discard(number)
        else:
            self._filters = [each for each in self._filters if each[0] is not hook]


def _left(log: Log, answer: Log | Sequence[bool] | None, function: Filter) -> Log:
    from ._log import Log

    if answer is None or isinstance(answer, Log):
        return log if answer is None else answer
    try:
        kept = [bool(each) for each in answer]
    except TypeError:
        kept = []
    if len(kept) != len(log):
        raise TypeError(
            f"the hook {function!r} must return a Log, a bool for each of {len(log)} lines or "
            f"None, not {answer!r:.80}"
        )
    return log._at(list(compress(range(len(log)), kept)))  # noqa: SLF001


def _library(library: Path) -> bytes:
    """As the library wants it: what is a path has a slash."""
    name = _arguments.path(library)
    is_path = isinstance(library, os.PathLike) and b"/" not in name
    return b"./" + name if is_path else name


def native_address(function: object) -> int:
    """The address of a native function, however it is known to Python.

    Raises:
        TypeError: It is none; a Python function is bound without a signature.
    """
    address: object = function
    if isinstance(function, _CFUNCTION):
        pointer: Any = function
        address = ctypes.cast(pointer, ctypes.c_void_p).value
    elif type(function).__module__ == "_cffi_backend":
        address = int(sys.modules["_cffi_backend"].FFI().cast("uintptr_t", function))
    elif not isinstance(function, int):
        address = getattr(function, "address", None)
    if not isinstance(address, int) or isinstance(address, bool):
        raise TypeError(
            f"function must be an address, a numba cfunc or a function pointer of cffi or ctypes, "
            f"not {type(function).__qualname__}; a Python function is bound without a signature"
        )
    if not 0 < address < 1 << 8 * ctypes.sizeof(ctypes.c_void_p):
        raise ValueError("the function's address is none")
    return address


def checked_hooks(given: object) -> Hooks:
    """What a client's hooks are set to.

    Raises:
        TypeError: These are none.
    """
    if not isinstance(given, Hooks):
        raise TypeError(f"hooks must be Hooks, not {type(given).__qualname__}")
    return given
