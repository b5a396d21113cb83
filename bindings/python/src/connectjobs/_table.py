"""Reading a table's columns in place: no row is made before somebody asks for it."""

from __future__ import annotations

from ctypes import byref, c_char, c_int64
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

_INT32 = 4
_INT64 = 8


class Column(Generic[_T]):
    """One column: values by row, None where there is none."""

    def __init__(self, handle: TableHandle, raw: _abi.Column) -> None:
        self._handle = handle  # the buffers live as long as the table
        self.raw = raw
        self.type: int = raw.type
        self._offset: int = raw.offset
        bits = (raw.offset + raw.length + 7) // 8
        self._validity = _view(raw.validity, bits) if raw.null_count else None

    def __getitem__(self, row: int) -> _T | None:
        return None if self.is_null(row) else self._value(self._offset + row)

    def is_null(self, row: int) -> bool:
        """Whether the row has no value."""
        if self._validity is None:
            return False
        place = self._offset + row
        return not self._validity[place >> 3] >> (place & 7) & 1

    def values(self, rows: Selection) -> list[_T | None]:
        """The values of some rows."""
        if self._validity is None and isinstance(rows, range) and rows.step == 1 and rows:
            return self._run(self._offset + rows.start, self._offset + rows.stop)
        return [self[row] for row in rows]

    def _value(self, place: int) -> _T:
        """The value at a place of the buffers, which is there."""
        raise NotImplementedError

    def _run(self, first: int, end: int) -> list[_T | None]:
        """The values of places that all have one."""
        return [self._value(place) for place in range(first, end)]


class TextColumn(Column[str]):
    """Texts, one after another."""

    def __init__(self, handle: TableHandle, raw: _abi.Column) -> None:
        super().__init__(handle, raw)
        self._texts = Texts(raw.values, raw.offsets, raw.offset + raw.length)

    def _value(self, place: int) -> str:
        return self._texts[place]

    def _run(self, first: int, end: int) -> list[str | None]:
        return self._texts.run(first, end)


class DictionaryColumn(Column[str]):
    """Codes of texts that repeat."""

    def __init__(self, handle: TableHandle, raw: _abi.Column) -> None:
        super().__init__(handle, raw)
        self.codes = _numbers(raw.values, "i", raw.offset + raw.length, _INT32)
        texts = Texts(raw.dictionary_values, raw.dictionary_offsets, raw.dictionary_length)
        self.categories = texts.run(0, raw.dictionary_length)

    def _value(self, place: int) -> str:
        return self.categories[self.codes[place]] or ""

    def _run(self, first: int, end: int) -> list[str | None]:
        return list(map(self.categories.__getitem__, self.codes[first:end].tolist()))


class NumberColumn(Column[int]):
    """Whole numbers; times are nanoseconds since 1970 UTC."""

    def __init__(self, handle: TableHandle, raw: _abi.Column) -> None:
        super().__init__(handle, raw)
        count = raw.offset + raw.length
        if raw.type == _abi.TYPE_INT32:
            self._numbers = _numbers(raw.values, "i", count, _INT32)
        else:
            self._numbers = _numbers(raw.values, "q", count, _INT64)

    def _value(self, place: int) -> int:
        return int(self._numbers[place])

    def _run(self, first: int, end: int) -> list[int | None]:
        return list(self._numbers[first:end].tolist())


class BoolColumn(Column[bool]):
    """One bit a row."""

    def __init__(self, handle: TableHandle, raw: _abi.Column) -> None:
        super().__init__(handle, raw)
        self._bits = _view(raw.values, (raw.offset + raw.length + 7) // 8)

    def _value(self, place: int) -> bool:
        return bool(self._bits[place >> 3] >> (place & 7) & 1)


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

    def run(self, first: int, end: int) -> list[str | None]:
        """Several that follow each other; plain ASCII, the usual case, is decoded in one piece."""
        if first == end:
            return []
        bounds = self._offsets[first : end + 1].tolist()
        start = bounds[0]
        whole = self._bytes[start : bounds[-1]]
        decoded = str(whole, "utf-8", "replace")
        if len(decoded) == len(whole):
            return [decoded[a - start : b - start] for a, b in zip(bounds, bounds[1:])]
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
        return _KINDS[raw.type](self._handle, raw)

    def slice(self, first: int, count: int) -> Table:
        """Some rows that follow each other, without a copy."""
        part = TableHandle()
        run("cjobs_table_slice", self.pointer, first, count, byref(part.pointer))
        return Table(part)


def _view(address: int | None, length: int) -> memoryview:
    """Bytes in place; whoever calls keeps the table alive."""
    if not address or not length:
        return memoryview(b"")
    return memoryview((c_char * length).from_address(address)).cast("B")


def _numbers(address: int | None, kind: Literal["i", "q"], count: int, size: int) -> memoryview:
    return _view(address, count * size).cast(kind)
