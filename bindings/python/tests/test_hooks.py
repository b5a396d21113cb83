"""Hooks: native functions and Python ones, on logs, tails and jobs."""

from __future__ import annotations

import ctypes
import pickle
import shutil
import subprocess
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

import connectjobs as cj
from support import GUID, Server, as_json, c_compiler, entry

if TYPE_CHECKING:
    from pathlib import Path

LINES = ("first", "token=abc", "last")

PLUGIN = r"""
#include <string.h>
#include <stdint.h>
#include <stddef.h>
int keep(const char *source, int64_t timestamp_ns) { return timestamp_ns == 0 || source[3] == 'e'; }
char *redact(char *data, size_t length) {
  char *found = strstr(data, "token=");
  if (found != NULL) memset(found + 6, '*', strlen(found + 6));
  return length == 4 ? NULL : data;
}
int count_in(int *counter) { return ++*counter; }
"""


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "plugin.c").write_text(PLUGIN)
    library = folder / "plugin.so"
    compiler = c_compiler()
    subprocess.run(
        [compiler, "-shared", "-fPIC", "plugin.c", "-o", library], check=True, cwd=folder
    )
    return library


@pytest.fixture
def job(server: Server, client: cj.Client) -> cj.Job:
    server.followed(*(entry(line, second=number) for number, line in enumerate(LINES)))
    finished = {"key": "k1", "content_guid": GUID, "status": 2, "exit_code": 3}
    server.job(as_json(finished))
    server.jobs(as_json([finished]))
    return client.job(GUID, "k1")


def read(lines: Any) -> list[str]:
    return [line.data for line in lines]


def test_a_native_function_sees_every_line_of_logs_and_tails(
    job: cj.Job, client: cj.Client, plugin: Path
) -> None:
    client.hooks = cj.Hooks(allow_writable=True)
    client.hooks.bind("entry", "line redact(data, data_len)", library=plugin)
    wanted = ["first", "token=***"]  # the line of four characters is withheld
    assert read(job.log()) == wanted
    assert read(job.tail()) == wanted
    counts = client.hooks.stats()[0]
    assert (counts.calls, counts.errors, counts.drops) == (6, 2, 2)
    assert counts.last_error == "it returned NULL"


def test_what_others_may_write_is_refused(job: cj.Job, client: cj.Client, plugin: Path) -> None:
    plugin.chmod(0o777)
    with pytest.raises(cj.ConfigurationError, match="can be written by others"):
        client.hooks.bind("entry", "line redact(data, data_len)", library=plugin)
    plugin.chmod(0o755)


def test_an_address_is_bound_however_python_knows_it(
    job: cj.Job, client: cj.Client, plugin: Path
) -> None:
    loaded = ctypes.CDLL(str(plugin))
    address = ctypes.cast(loaded.keep, ctypes.c_void_p).value
    for function in (loaded.keep, address):
        hook = client.hooks.bind("entry", "verdict keep(source, timestamp_ns)", function)
        assert read(job.log()) == list(LINES)
        hook.unbind()
        with pytest.raises(cj.InvalidArgumentError):
            hook.unbind()
    counter = ctypes.c_int()
    client.hooks.bind(
        "job_ended", "int count_in(context)", loaded.count_in, context=ctypes.addressof(counter)
    )
    list(job.tail())
    assert counter.value == 1


def test_a_cffi_function_is_bound(job: cj.Job, client: cj.Client, plugin: Path) -> None:
    cffi = pytest.importorskip("cffi")
    ffi = cffi.FFI()
    ffi.cdef("int keep(const char *, int64_t);")
    library = ffi.dlopen(str(plugin))
    pointer = ffi.addressof(library, "keep")
    client.hooks.bind("entry", "verdict keep(source, timestamp_ns)", pointer)
    client.hooks.bind("entry", "verdict keep(source, timestamp_ns)", library.keep)
    assert read(job.log()) == list(LINES)
    assert client.hooks.stats().column("calls") == [3, 3]


def test_a_numba_function_is_bound(job: cj.Job, client: cj.Client) -> None:
    numba = pytest.importorskip("numba")
    drop_late = numba.cfunc("int32(int64)")(lambda time: time % 60_000_000_000 > 2_000_000_000)
    client.hooks.bind("entry", "verdict drop_late(timestamp_ns)", drop_late)
    assert read(job.log()) == list(LINES[:2])


def test_a_ctypes_callback_is_a_native_function(job: cj.Job, client: cj.Client) -> None:
    seen: list[bytes] = []

    observe = ctypes.CFUNCTYPE(None, ctypes.c_char_p)(seen.append)
    client.hooks.bind("entry", "void observe(data)", observe)
    tail = job.tail()
    del observe
    client.close()
    assert read(tail) == list(LINES)
    assert seen == [line.encode() for line in LINES]


def test_a_python_function_filters_batches(job: cj.Job, client: cj.Client) -> None:
    hook = client.hooks.bind("entry", lambda log: log.grep("token", invert=True))
    assert read(job.log()) == ["first", "last"]
    assert read(job.tail()) == ["first", "last"]
    assert [text for batch in job.tail().batches() for text in read(batch)] == ["first", "last"]
    hook.unbind()
    client.hooks.bind("entry", lambda log: [line.data != "last" for line in log])
    assert read(job.tail()) == ["first", "token=abc"]
    seen: list[str] = []
    client.hooks.bind("entry", lambda log: seen.extend(read(log)))
    assert read(job.log()) == ["first", "token=abc"]
    assert seen == ["first", "token=abc"]


def test_a_python_function_comes_after_the_native_ones(
    job: cj.Job, client: cj.Client, plugin: Path
) -> None:
    client.hooks = cj.Hooks(allow_writable=True)
    seen: list[str] = []
    client.hooks.bind("entry", lambda log: seen.extend(read(log)))
    client.hooks.bind("entry", "line redact(data, data_len)", library=plugin)
    job.log()
    assert seen == ["first", "token=***"]


def test_what_a_python_function_raises_ends_the_loop(job: cj.Job, client: cj.Client) -> None:
    def fail(log: cj.Log) -> None:
        raise LookupError("not today")

    client.hooks.bind("entry", fail)
    with pytest.raises(LookupError, match="not today"):
        job.log()
    with pytest.raises(LookupError, match="not today"):
        list(job.tail())


def test_a_python_function_that_answers_nonsense_is_told_so(job: cj.Job, client: cj.Client) -> None:
    answers: list[Any] = [[True], 7, "no"]
    for answer in answers:
        hook = client.hooks.bind("entry", Mock(return_value=answer))
        with pytest.raises(TypeError, match="a bool for each of 3 lines"):
            job.log()
        hook.unbind()


def test_a_failure_may_end_the_call(job: cj.Job, client: cj.Client) -> None:
    client.hooks.bind("entry", 'int atoi("-5")', library="libc.so.6", on_failure="end")
    with pytest.raises(cj.HookError, match="it returned -5"):
        job.log()
    with pytest.raises(cj.HookError, match="it returned -5"):
        list(job.tail())


def test_a_manifest_is_loaded(job: cj.Job, client: cj.Client, plugin: Path, tmp_path: Path) -> None:
    shutil.copy(plugin, tmp_path / "plugin.so")
    manifest = tmp_path / "plugin.json"
    manifest.write_text(
        '{"connectjobs_plugin": 1, "libraries": {"p": "./plugin.so"}, "hooks": [{"event": "entry",'
        '"library": "p", "call": "line redact(data, data_len)"}]}'
    )
    client.hooks = cj.Hooks(allow_writable=True)
    client.hooks.load_manifest(manifest)
    assert len(client.hooks) == 1
    assert read(job.log()) == ["first", "token=***"]
    manifest.write_text('{"connectjobs_plugin": 2}')
    with pytest.raises(cj.ConfigurationError, match="version 2"):
        client.hooks.load_manifest(manifest)


def test_what_cannot_be_bound_is_refused(client: cj.Client) -> None:
    bind: Any = client.hooks.bind
    with pytest.raises(cj.InvalidArgumentError, match="line 1, column 8"):
        bind("entry", "void f(nonsense)")
    with pytest.raises(cj.InvalidArgumentError, match="takes a format"):
        bind("entry", "int printf(data)", library="libc.so.6")
    with pytest.raises(ValueError, match="event must be one of"):
        bind("line", "void f()")
    with pytest.raises(ValueError, match="on_failure"):
        bind("entry", "void f()", on_failure="stop")
    with pytest.raises(ValueError, match="'entry'"):
        bind("job_ended", lambda log: None)
    with pytest.raises(TypeError, match="a text or a function"):
        bind("entry", 7)
    for function in ("f", True, print, lambda data: 0):
        with pytest.raises(TypeError, match="a Python function is bound without a signature"):
            bind("entry", "void f()", function)
    for address in (0, -1, 1 << 64):
        with pytest.raises(ValueError, match="address"):
            bind("entry", "void f()", address)
    assert len(client.hooks) == 0


def test_hooks_are_not_lost_without_a_word(job: cj.Job, client: cj.Client) -> None:
    pickle.loads(pickle.dumps(client)).close()
    client.hooks.bind("entry", lambda log: None)
    with pytest.raises(TypeError, match="a client with hooks"):
        pickle.dumps(client)
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(client.hooks)
    with pytest.raises(ValueError, match="hooks in Python"):
        job.tail().__arrow_c_stream__()
