"""The declarations against the header, which is the truth."""

from __future__ import annotations

import ctypes
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from connectjobs import _abi, _abi_arrow, _errors
from connectjobs._library import library
from support import REPOSITORY, c_compiler

if TYPE_CHECKING:
    from pathlib import Path

HEADER = REPOSITORY / "include" / "connectjobs.h"
SOURCE = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)
STRUCTS = {
    "cjobs_client_options": _abi.ClientOptions,
    "cjobs_call_options": _abi.CallOptions,
    "cjobs_tail_options": _abi.TailOptions,
    "cjobs_column": _abi.Column,
    "cjobs_hooks_options": _abi.HooksOptions,
    "cjobs_hook_options": _abi.HookOptions,
    "struct ArrowSchema": _abi_arrow.ArrowSchema,
    "struct ArrowArray": _abi_arrow.ArrowArray,
    "struct ArrowArrayStream": _abi_arrow.ArrowArrayStream,
}


def _prototypes() -> dict[str, tuple[str, list[str]]]:
    found = re.findall(r"^([\w ]+?[ *]+)(cjobs_\w+)\(([^)]*)\);", SOURCE, flags=re.MULTILINE)
    return {
        name: (result.strip(), [] if taken.strip() == "void" else taken.split(","))
        for result, name, taken in found
    }


PROTOTYPES = _prototypes()


def _c_type(declaration: str) -> str:
    """A parameter's type, without its name and without const."""
    words = " ".join(declaration.replace("*", " * ").split()).replace("const ", "")
    stars = words.count("*")
    return words.replace("*", "").split()[0 if "struct" not in words else 1] + "*" * stars


C_TYPES = {
    "void": None,
    "cjobs_status": ctypes.c_int32,
    "int": ctypes.c_int,
    "int32_t": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "size_t": ctypes.c_size_t,
    "int64_t*": ctypes.POINTER(ctypes.c_int64),
    "char": ctypes.c_char,
    "char*": ctypes.c_char_p,
    "char**": ctypes.POINTER(ctypes.c_char_p),
    "void*": ctypes.c_void_p,
    "cjobs_interrupt_fn": _abi.INTERRUPT_FN,
    "cjobs_write_fn": _abi.WRITE_FN,
    "cjobs_progress_fn": _abi.PROGRESS_FN,
    "cjobs_error*": _abi.ErrorPointer,
    "cjobs_error**": ctypes.POINTER(_abi.ErrorPointer),
    "cjobs_client*": _abi.ClientPointer,
    "cjobs_client**": ctypes.POINTER(_abi.ClientPointer),
    "cjobs_table*": _abi.TablePointer,
    "cjobs_table**": ctypes.POINTER(_abi.TablePointer),
    "cjobs_tail*": _abi.TailPointer,
    "cjobs_tail**": ctypes.POINTER(_abi.TailPointer),
    "cjobs_client_options*": ctypes.POINTER(_abi.ClientOptions),
    "cjobs_call_options*": ctypes.POINTER(_abi.CallOptions),
    "cjobs_tail_options*": ctypes.POINTER(_abi.TailOptions),
    "cjobs_column*": ctypes.POINTER(_abi.Column),
    "cjobs_hooks*": ctypes.POINTER(_abi.Hooks),
    "cjobs_hooks**": ctypes.POINTER(_abi.HooksPointer),
    "cjobs_hooks_options*": ctypes.POINTER(_abi.HooksOptions),
    "cjobs_hook_options*": ctypes.POINTER(_abi.HookOptions),
    "ArrowSchema*": ctypes.POINTER(_abi_arrow.ArrowSchema),
    "ArrowArray*": ctypes.POINTER(_abi_arrow.ArrowArray),
    "ArrowArrayStream*": ctypes.POINTER(_abi_arrow.ArrowArrayStream),
}


@pytest.mark.parametrize("name", _abi.SIGNATURES)
def test_a_signature_is_the_headers(name: str) -> None:
    result, arguments = _abi.SIGNATURES[name]
    declared_result, declared = PROTOTYPES[name]
    assert result == C_TYPES[_c_type(declared_result)]
    assert list(arguments) == [C_TYPES[_c_type(each)] for each in declared]


def test_every_function_has_argtypes_and_restype() -> None:
    for name, (result, arguments) in _abi.SIGNATURES.items():
        function = getattr(library(), name)
        assert function.argtypes == arguments
        assert function.restype == result


def test_constants_are_the_headers() -> None:
    defined = dict(re.findall(r"^#define CJOBS_(?:E_)?(\w+) \(?(-?\d+)\)?", SOURCE, re.MULTILINE))
    ours = {name: value for name, value in vars(_abi).items() if type(value) is int}
    assert ours
    for name, value in ours.items():
        assert int(defined[name]) == value, name


def test_every_negative_status_has_an_exception() -> None:
    numbers = {int(n) for n in re.findall(r"^#define CJOBS_E_\w+ \((-\d+)\)", SOURCE, re.MULTILINE)}
    assert set(_errors._BY_STATUS) == numbers


def test_structs_lie_in_memory_as_a_c_compiler_lays_them(tmp_path: Path) -> None:
    lines = []
    for name, struct in STRUCTS.items():
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        lines += [
            f'printf("{name}.{member[0]} %zu\\n", offsetof({name}, {member[0]}));'
            for member in struct._fields_
        ]
    program = tmp_path / "layout.c"
    program.write_text(
        "#include <connectjobs.h>\n#include <stdio.h>\nint main(void) {\n" + "\n".join(lines) + "}"
    )
    binary = tmp_path / "layout"
    subprocess.run([c_compiler(), f"-I{HEADER.parent}", program, "-o", binary], check=True)
    printed = subprocess.run([binary], check=True, capture_output=True, text=True).stdout
    expected = []
    for name, struct in STRUCTS.items():
        expected.append(f"{name} {ctypes.sizeof(struct)}")
        expected += [f"{name}.{m[0]} {getattr(struct, m[0]).offset}" for m in struct._fields_]
    assert printed.splitlines() == expected
