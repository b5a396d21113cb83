"""Rows of a table as Python knows them: a sequence of small objects, each made when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from . import _arguments
from ._times import time_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from typing_extensions import Self

    from ._table import Table

_T = TypeVar("_T")
_R = TypeVar("_R")


class Row:
    """A place in a table, read as a mapping is."""

    __slots__ = ("_row", "_table")

    def __init__(self, table: Table, row: int) -> None:
        self._table = table
        self._row = row

    def get(self, name: str) -> Any:
        """The value of that column; None where it is null."""
        return self._table.column(name)[self._row]

    def copied(self) -> dict[str, Any]:
        """Its values, without the table."""
        return {name: self.get(name) for name in self._table.names}


class Field(Generic[_T]):
    """A column as a read-only attribute; None where the server said nothing."""

    def __init__(self, column: str = "") -> None:
        self.column = column

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = self.column or name

    @overload
    def __get__(self, record: None, owner: type) -> Field[_T]: ...

    @overload
    def __get__(self, record: Record, owner: type) -> _T | None: ...

    def __get__(self, record: Record | None, owner: type) -> Field[_T] | _T | None:
        if record is None:
            return self
        return self.read(record.row.get(self.column))

    def __set__(self, record: Record, value: object) -> None:
        raise AttributeError(f"{type(record).__name__}.{self.column} cannot be changed")

    def read(self, value: Any) -> _T | None:
        """What the column holds, as the attribute shows it."""
        return value  # type: ignore[no-any-return]


class TimeField(Field[datetime]):
    """A column of times as datetimes in UTC."""

    def read(self, value: Any) -> datetime | None:
        """From nanoseconds."""
        return time_of(value)


class Record:
    """A row as an object with attributes; it cannot be changed."""

    __slots__ = ("row",)

    row: Row | dict[str, Any]
    _shown: tuple[str, ...] = ()

    def __init__(self, row: Row | dict[str, Any]) -> None:
        self.row = row

    def values(self) -> dict[str, Any]:
        """All columns by name, times as nanoseconds since 1970 UTC."""
        return self.row.copied() if isinstance(self.row, Row) else dict(self.row)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.values(),)

    def _repr_html_(self) -> str:
        """A table of one row, for a notebook."""
        from ._show.tables import html_table

        return html_table(type(self).__name__, self._shown, [self])

    def __repr__(self) -> str:
        parts = (f"{name}={_shown(getattr(self, name))}" for name in self._shown)
        return f"{type(self).__name__}({', '.join(parts)})"


def _shown(value: object) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else repr(value)


class Rows(Generic[_R]):
    """Some rows of a table, in an order: has a length, an index, slices, and can be iterated.

    Tools that know Arrow's PyCapsule interface take it as it is, without a copy:
    ``pyarrow.table(rows)``, ``polars.DataFrame(rows)``, ``pandas.DataFrame.from_arrow(rows)``,
    and a variable's name in duckdb's SQL.
    """

    _shown: tuple[str, ...] = ()

    def __init__(self, table: Table, selection: Sequence[int] | None = None) -> None:
        self._table = table
        self._selection = range(table.rows) if selection is None else selection

    def _item(self, row: int) -> _R:
        """The object of one row of the table."""
        raise NotImplementedError

    def _select(self, selection: Sequence[int]) -> Self:
        """Other rows of the same table."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _selection=selection)
        return other

    def _at(self, places: Iterable[int]) -> Self:
        """Those at some places of this selection."""
        return self._select([self._selection[place] for place in places])

    def __copy__(self) -> Self:
        return self._select(self._selection)

    def __len__(self) -> int:
        return len(self._selection)

    def __iter__(self) -> Iterator[_R]:
        return map(self._item, self._selection)

    def __reversed__(self) -> Iterator[_R]:
        return map(self._item, reversed(self._selection))

    @overload
    def __getitem__(self, index: int) -> _R: ...

    @overload
    def __getitem__(self, index: slice) -> Self: ...

    def __getitem__(self, index: int | slice) -> _R | Self:
        if isinstance(index, slice):
            return self._select(self._selection[index])
        name, length = type(self).__name__, len(self)
        place = _arguments.whole(f"the index of {name}", index, -(2**63))
        if not -length <= place < length:
            raise IndexError(f"{name} has {length or 'no'} rows; there is no row {place}")
        return self._item(self._selection[place])

    def __repr__(self) -> str:
        length = len(self)
        return f"<{type(self).__name__}: {length} row{'' if length == 1 else 's'}>"

    def _repr_html_(self) -> str:
        """A table, for a notebook; of many rows those at both ends."""
        from ._show.tables import html_table

        return html_table(repr(self)[1:-1], self._shown, self)

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError(
            f"{type(self).__name__} lives in this process's memory and cannot be pickled; "
            "pickle its rows (list(…)), to_pandas(), or the client"
        )

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self._table.names

    def column(self, name: str) -> list[Any]:
        """A whole column: texts, numbers or booleans, times as nanoseconds; None where null."""
        if name not in self._table.names:
            raise KeyError(f"{name}: the columns are {', '.join(self._table.names)}")
        return self._table.column(name).values(self._selection)

    def to_pandas(self) -> pd.DataFrame:
        """A data frame: times in UTC, texts as strings, repeated ones as categories.

        Numbers and booleans are of pandas' nullable types, so that a column's type does not depend
        on what is in it. pyarrow is not needed.
        """
        from ._pandas import data_frame

        return data_frame(self._whole())

    def _whole(self) -> Table:
        """The rows as a table of their own; without a copy where they follow each other."""
        rows, table = self._selection, self._table
        first = rows[0] if rows else 0
        wanted = range(first, first + len(rows))
        if rows == wanted or list(rows) == list(wanted):  # ranges are compared by their ends
            return table if len(rows) == table.rows else table.slice(first, len(rows))
        return table.take(rows)

    def __arrow_c_schema__(self) -> object:
        """The columns' names and types, for Arrow's PyCapsule interface."""
        from ._arrow import schema_capsule

        return schema_capsule(self._table)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """The rows as a struct array, for Arrow's PyCapsule interface.

        Args:
            requested_schema: A wish; as Arrow's rules allow, types stay what they are.

        Raises:
            ValueError: The wish is of another number of columns.
        """
        from ._arrow import array_capsules, check_requested

        check_requested(requested_schema, len(self._table.names))
        return array_capsules(self._whole())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The same as a stream of one array."""
        from ._arrow import check_requested, table_stream

        check_requested(requested_schema, len(self._table.names))
        return table_stream(self._whole())


def matches(value: object, wanted: object) -> bool:
    """Whether a value is the wanted one, or among those wanted."""
    if isinstance(wanted, Iterable) and not isinstance(wanted, (str, bytes)):
        return value in wanted
    return value == wanted
