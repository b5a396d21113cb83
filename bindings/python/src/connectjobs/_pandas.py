"""A table as a pandas data frame, without pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from . import _abi
from ._table import Column, DictionaryColumn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._table import Table


def data_frame(table: Table, rows: Sequence[int]) -> pd.DataFrame:
    """The selected rows of all columns."""
    series = {name: _series(table.column(name), rows) for name in table.names}
    return pd.DataFrame(series, index=pd.RangeIndex(len(rows)))


def _series(column: Column[Any], rows: Sequence[int]) -> Any:
    if isinstance(column, DictionaryColumn):
        return _categories(column, rows)
    values = column.values(rows)
    if column.type == _abi.TYPE_TIMESTAMP:
        return _times(values)
    if column.type == _abi.TYPE_TEXT:
        return pd.array(values, dtype="string")
    nulls = np.fromiter((value is None for value in values), bool, len(values))
    filled = [0 if value is None else value for value in values]
    if column.type == _abi.TYPE_BOOL:
        return pd.arrays.BooleanArray(np.array(filled, bool), nulls)
    return pd.arrays.IntegerArray(np.array(filled, np.int64), nulls)


def _times(values: list[int | None]) -> Any:
    missing = np.iinfo(np.int64).min  # NaT
    nanoseconds = np.array([missing if value is None else value for value in values], np.int64)
    return pd.DatetimeIndex(nanoseconds.view("M8[ns]"), tz="UTC")


def _categories(column: DictionaryColumn, rows: Sequence[int]) -> Any:
    places = {name: code for code, name in enumerate(column.categories)}
    values = column.values(rows)
    codes = np.fromiter(
        (-1 if value is None else places[value] for value in values), np.int32, len(values)
    )
    return pd.Categorical.from_codes(codes, pd.Index(column.categories, dtype=object))
