"""Reading a table's columns in place: no row is made before somebody asks for it."""

from __future__ import annotations

from ctypes import (
    POINTER,
    PYFUNCTYPE,
    byref,
    c_char,
    c_int,
    c_int64,
    c_ssize_t,
    c_void_p,
    cast,
    py_object,
    pythonapi,
)
from itertools import repeat
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from . import _abi
from ._call import run, text
from ._handles import TableHandle
from ._library import library

if TYPE_CHECKING:
    from collections.abc import Sequence

    Selection = Sequence[int]

_T = TypeVar("_T")

# The texts that are decoded at once, and what separates them then: log lines rarely have it.
_PIECE = 4096
_SEPARATOR = "\x1e"

_INT32 = 4
_INT64 = 8


class Column(Generic[_T]):
    """One column: values by row, None where there is none."""

    def __init__(self, handle: TableHandle, place: int, raw: _abi.Column) -> None:
        self._handle = handle  # the buffers live as long as the table
        self._place = place
        self.type: int = raw.type
        self.length: int = raw.length
        self.offset: int = raw.offset
        bits = (raw.offset + raw.length + 7) // 8
        self.validity = _view(raw.validity, bits) if raw.null_count else None

    def __getitem__(self, row: int) -> _T | None:
        return None if self.is_null(row) else self._value(self.offset + row)

    def is_null(self, row: int) -> bool:
        """Whether the row has no value."""
        if self.validity is None:
            return False
        place = self.offset + row
        return not self.validity[place >> 3] >> (place & 7) & 1

    def values(self, rows: Selection) -> list[_T | None]:
        """The values of some rows."""
        if not isinstance(rows, range) or rows.step != 1:
            return [self[row] for row in rows]
        if not rows:
            return []
        first, end = self.offset + rows.start, self.offset + rows.stop
        values = self._run(first, end)
        if self.validity is None:
            return values
        return [
            value if is_there == "1" else None
            for value, is_there in zip(values, _digits(self.validity, first, end))
        ]

    def _value(self, place: int) -> _T:
        """The value at a place of the buffers, which is there."""
        raise NotImplementedError

    def _run(self, first: int, end: int) -> list[_T | None]:
        """The values of places; anything where there is none."""
        return [self._value(place) for place in range(first, end)]


class TextColumn(Column[str]):
    """Texts, one after another."""

    def __init__(self, handle: TableHandle, place: int, raw: _abi.Column) -> None:
        super().__init__(handle, place, raw)
        self._texts = Texts(raw.values, raw.offsets, raw.offset + raw.length)

    def _value(self, place: int) -> str:
        return self._texts[place]

    def _run(self, first: int, end: int) -> list[str | None]:
        values: list[str | None] = []
        for begin in range(first, end, _PIECE):
            stop = min(begin + _PIECE, end)
            values += self._joined(begin, stop) or self._texts.run(begin, stop)
        return values

    def _joined(self, first: int, end: int) -> list[str] | None:
        """Some thousand texts decoded as one and split up; None where one has the separator."""
        count = end - first
        if count == 1:
            return None
        capacity = self._texts.size(first, end) + count
        room, length = bytearray(capacity), c_int64()
        run(
            "cjobs_table_join",
            self._handle.pointer,
            self._place,
            first - self.offset,
            count,
            _SEPARATOR.encode(),
            byref(c_char.from_buffer(room)),
            capacity,
            byref(length),
        )
        pieces = str(room, "utf-8", "replace").split(_SEPARATOR)
        del pieces[-1]
        return pieces if len(pieces) == count else None


class DictionaryColumn(Column[str]):
    """Codes of texts that repeat."""

    def __init__(self, handle: TableHandle, place: int, raw: _abi.Column) -> None:
        super().__init__(handle, place, raw)
        self.codes = _numbers(raw.values, "i", raw.offset + raw.length, _INT32)
        texts = Texts(raw.dictionary_values, raw.dictionary_offsets, raw.dictionary_length)
        self.categories = texts.run(0, raw.dictionary_length)

    def _value(self, place: int) -> str:
        return self.categories[self.codes[place]] or ""

    def _run(self, first: int, end: int) -> list[str | None]:
        if len(self.categories) < 2:  # noqa: PLR2004  (none: all rows are null)
            return (self.categories or [None]) * (end - first)
        return list(map(self.categories.__getitem__, self.codes[first:end].tolist()))


class NumberColumn(Column[int]):
    """Whole numbers; times are nanoseconds since 1970 UTC."""

    def __init__(self, handle: TableHandle, place: int, raw: _abi.Column) -> None:
        super().__init__(handle, place, raw)
        count = raw.offset + raw.length
        if raw.type == _abi.TYPE_INT32:
            self.numbers = _numbers(raw.values, "i", count, _INT32)
        else:
            self.numbers = _numbers(raw.values, "q", count, _INT64)

    def _value(self, place: int) -> int:
        return int(self.numbers[place])

    def _run(self, first: int, end: int) -> list[int | None]:
        return list(self.numbers[first:end].tolist())


class BoolColumn(Column[bool]):
    """One bit a row."""

    def __init__(self, handle: TableHandle, place: int, raw: _abi.Column) -> None:
        super().__init__(handle, place, raw)
        self.bits = _view(raw.values, (raw.offset + raw.length + 7) // 8)

    def _value(self, place: int) -> bool:
        return bool(self.bits[place >> 3] >> (place & 7) & 1)


class NoColumn(Column[Any]):
    """One that this version of the library does not give: all null."""

    def __init__(self) -> None:
        """There is nothing to read."""

    def __getitem__(self, row: int) -> None:
        return None

    def values(self, rows: Selection) -> list[Any]:
        """As many times None."""
        return list(repeat(None, len(rows)))


_KINDS: dict[int, type[Column[Any]]] = {
    _abi.TYPE_TEXT: TextColumn,
    _abi.TYPE_DICTIONARY: DictionaryColumn,
    _abi.TYPE_INT32: NumberColumn,
    _abi.TYPE_INT64: NumberColumn,
    _abi.TYPE_BOOL: BoolColumn,
    _abi.TYPE_TIMESTAMP: NumberColumn,
}


class Texts:
    """UTF-8 and the offsets at which each text begins and ends."""

    __slots__ = ("_bytes", "_offsets")

    def __init__(self, values: int | None, offsets: int | None, count: int) -> None:
        self._offsets = _numbers(offsets, "q", count + 1 if offsets else 0, _INT64)
        self._bytes = _view(values, self._offsets[count] if offsets else 0)

    def __getitem__(self, place: int) -> str:
        begin, end = self._offsets[place], self._offsets[place + 1]
        return str(self._bytes[begin:end], "utf-8", "replace")

    def size(self, first: int, end: int) -> int:
        """How many bytes some that follow each other have."""
        return int(self._offsets[end] - self._offsets[first])

    def run(self, first: int, end: int) -> list[str | None]:
        """Several that follow each other."""
        return [self[place] for place in range(first, end)]


class Table:
    """A table of the library: its columns by name."""

    __slots__ = ("_columns", "_handle", "_places", "rows")

    def __init__(self, handle: TableHandle) -> None:
        self._handle = handle
        functions, pointer = library(), handle.pointer
        self.rows: int = functions.cjobs_table_rows(pointer)
        self._places = {
            text(functions.cjobs_table_name(pointer, place)): place
            for place in range(functions.cjobs_table_columns(pointer))
        }
        self._columns: dict[str, Column[Any]] = {}

    @property
    def filled(self) -> bool:
        """Whether the library gave a table at all."""
        return bool(self._handle.pointer)

    @property
    def pointer(self) -> Any:
        """The library's table; borrowed."""
        return self._handle.pointer

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return list(self._places)

    def column(self, name: str) -> Column[Any]:
        """The column of that name, all null where there is none."""
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = self._read(name)
        return column

    def _read(self, name: str) -> Column[Any]:
        place = self._places.get(name)
        if place is None:
            return NoColumn()
        raw = _abi.sized(_abi.Column)
        run("cjobs_table_column", self.pointer, c_int64(place), byref(raw))
        return _KINDS[raw.type](self._handle, place, raw)

    def slice(self, first: int, count: int) -> Table:
        """Some rows that follow each other, without a copy."""
        part = TableHandle()
        run("cjobs_table_slice", self.pointer, first, count, byref(part.pointer))
        return Table(part)

    def take(self, rows: Sequence[int]) -> Table:
        """Some rows in any order, copied."""
        from array import array

        places = array("q", rows)
        address, count = places.buffer_info()
        part = TableHandle()
        first = cast(address, POINTER(c_int64))
        run("cjobs_table_take", self.pointer, first, count, byref(part.pointer))
        return Table(part)


def _digits(bits: memoryview, first: int, end: int) -> str:
    """Some bits, each as "1" or "0"."""
    begin = first >> 3
    some = bits[begin : (end + 7) >> 3]
    digits = f"{int.from_bytes(some, 'little'):0{8 * len(some)}b}"[::-1]
    return digits[first - 8 * begin : end - 8 * begin]


_READ_ONLY = 0x100  # PyBUF_READ
_memory = PYFUNCTYPE(py_object, c_void_p, c_ssize_t, c_int)(("PyMemoryView_FromMemory", pythonapi))


def _view(address: int | None, length: int) -> memoryview:
    """Bytes in place; whoever calls keeps the table alive."""
    if not address or not length:
        return memoryview(b"")
    view: memoryview = _memory(address, length, _READ_ONLY)
    return view


def _numbers(address: int | None, kind: Literal["i", "q"], count: int, size: int) -> memoryview:
    return _view(address, count * size).cast(kind)
