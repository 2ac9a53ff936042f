"""The record of a measure that finds a few numbers: a table of one row."""

from __future__ import annotations

import numpy as np

from lamella.results import Table


def row(main: str = "", /, **numbers: float | int | str) -> Table:
    """A table with one row, one column for each number; `main`, or the first, is its value.

    >>> row(error=0.25).columns
    {'error': array([0.25])}
    >>> row("h1", h0=2.0, h1=0.5).value
    0.5
    """
    columns = {name: np.array([number]) for name, number in numbers.items()}
    return Table(columns, main=main if main in columns else "")
