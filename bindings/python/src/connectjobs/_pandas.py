"""A table as a pandas data frame: straight from the buffers, with pyarrow's help or without."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import _abi
from ._table import BoolColumn, Column, DictionaryColumn, NumberColumn, TextColumn

if TYPE_CHECKING:
    from ._table import Table

pa: Any
try:  # pandas has imported it already, where it is there
    pa = import_module("pyarrow")
except ImportError:
    pa = None

_NOT_A_TIME = np.iinfo(np.int64).min


def data_frame(table: Table) -> pd.DataFrame:
    """All rows and columns."""
    texts = _shared_texts(table) if pa is not None else {}
    columns = {
        name: texts[name] if name in texts else _array(table.column(name)) for name in table.names
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(table.rows), copy=False)


class _Exported:
    """A table as pyarrow takes it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        from ._arrow import array_capsules

        return array_capsules(self._table)


def _shared_texts(table: Table) -> dict[str, Any]:
    """The columns of texts, in the library's own memory."""
    names = [name for name in table.names if table.column(name).type == _abi.TYPE_TEXT]
    if not names:
        return {}
    batch = pa.record_batch(_Exported(table))
    kind: Any = pd.StringDtype("pyarrow")
    return {name: kind.__from_arrow__(pa.chunked_array([batch.column(name)])) for name in names}


def _array(column: Column[Any]) -> Any:
    nulls = None if column.validity is None else ~_bits(column.validity, column)
    if isinstance(column, DictionaryColumn):
        codes = _filled(np.array(column.codes[column.offset :], np.int32), nulls, -1)
        return pd.Categorical.from_codes(codes, pd.Index(column.categories, dtype=object))
    if isinstance(column, TextColumn):
        texts = np.array(column.values(range(column.length)), object)
        return pd.arrays.StringArray(_filled(texts, nulls, pd.NA))
    if isinstance(column, BoolColumn):
        return pd.arrays.BooleanArray(_bits(column.bits, column), _mask(column, nulls))
    if not isinstance(column, NumberColumn):  # one that only a later library gives
        raise NotImplementedError(f"columns of type {column.type} are not known to this package")
    numbers = np.array(column.numbers[column.offset :], np.int64)
    if column.type == _abi.TYPE_TIMESTAMP:
        times = _filled(numbers, nulls, _NOT_A_TIME).view("M8[ns]")
        return pd.DatetimeIndex(times, tz="UTC")
    return pd.arrays.IntegerArray(numbers, _mask(column, nulls))


def _filled(values: Any, nulls: Any, filling: object) -> Any:
    """The values, with something else in place of nulls."""
    if nulls is not None:
        values[nulls] = filling
    return values


def _mask(column: Column[Any], nulls: Any) -> Any:
    return np.zeros(column.length, bool) if nulls is None else nulls


def _bits(packed: memoryview, column: Column[Any]) -> Any:
    unpacked = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
    return unpacked[column.offset : column.offset + column.length].astype(bool)
