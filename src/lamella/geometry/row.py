"""The record of a measure that finds a few numbers: a table of one row."""

from __future__ import annotations

import numpy as np

from lamella.results import Table


def row(**numbers: float | int | str) -> Table:
    """A table with one row, one column for each number.

    >>> row(error=0.25).columns
    {'error': array([0.25])}
    """
    return Table({name: np.array([number]) for name, number in numbers.items()})
