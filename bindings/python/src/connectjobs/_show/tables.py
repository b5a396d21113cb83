"""Rows as a table of HTML, for notebooks: every text escaped, long tables cut with a count."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from .terminal import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_ROWS = 40
_ENDS = 10  # rows at the beginning and at the end of a table that is cut
_MOST_CHARACTERS = 400

_STYLE = "text-align:left;white-space:pre-wrap"


def html_table(title: str, names: Sequence[str], rows: Any) -> str:
    """A table of the attributes ``names`` of rows, which have a length and an index."""
    head = "".join(f'<th style="{_STYLE}">{escape(name)}</th>' for name in names)
    body = "".join(_row(names, row) for row in _cut(rows))
    return (
        f"<div><p><b>{escape(title)}</b></p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cut(rows: Any) -> Iterable[Any]:
    """The rows, or those at both ends and how many are between."""
    count = len(rows)
    if count <= _MOST_ROWS:
        return list(rows)
    return [*rows[:_ENDS], count - 2 * _ENDS, *rows[count - _ENDS :]]


def _row(names: Sequence[str], row: Any) -> str:
    if isinstance(row, int):
        span = f'<td colspan="{len(names)}" style="{_STYLE}">'
        return f"<tr>{span}<i>… {row:,} more rows …</i></td></tr>"
    cells = "".join(f'<td style="{_STYLE}">{cell(getattr(row, name))}</td>' for name in names)
    return f"<tr>{cells}</tr>"


def cell(value: object) -> str:
    """A value as HTML."""
    if value is None:
        return "<i>none</i>"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}&nbsp;UTC"
    return escape(shortened(str(value)))


def shortened(text: str, most: int = _MOST_CHARACTERS) -> str:
    """A text with no control character in it, cut where it is long."""
    left = len(text) - most
    return visible(text[:most]) + (f" … {left:,} more characters" if left > 0 else "")
