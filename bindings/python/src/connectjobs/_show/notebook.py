"""Whether a person looks at a notebook, and what can be shown there."""

from __future__ import annotations

import sys
from typing import Any


def in_notebook() -> bool:
    """Whether this is a Jupyter kernel; nothing is imported to find out."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


class Cell:
    """A piece of a notebook's output that is replaced in place."""

    def __init__(self, html: str, text: str) -> None:
        from importlib import import_module

        notebook: Any = import_module("IPython.display")  # it has no types
        self._handle = notebook.display(_Shown(html, text), display_id=True)

    def replace(self, html: str, text: str) -> None:
        """Shows something else in the same place."""
        self._handle.update(_Shown(html, text))


class _Shown:
    """HTML, and plain text for where no HTML is shown."""

    def __init__(self, html: str, text: str) -> None:
        self._html = html
        self._text = text

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._text
