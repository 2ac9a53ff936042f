"""Table: the numbers themselves."""

from __future__ import annotations

import numpy as np

from lamella.plots.figure import Figure
from lamella.plots.marks import Rows
from lamella.plots.numbers import plain_text
from lamella.plots.panels import Panel
from lamella.registry import views
from lamella.results import Table


@views.register(record="table")
def table(table: Table, *, most: int = 40, title: str = "") -> Figure:
    """The first `most` rows, numbers set right with four significant digits.

    On the page a click on a column's name sorts by it.
    """
    count = len(next(iter(table.columns.values()), ()))
    shown = [np.asarray(column[:most]) for column in table.columns.values()]
    texts = tuple(tuple(map(plain_text, column)) for column in shown)
    numbers = tuple(column if column.dtype.kind in "fiu" else None for column in shown)
    rows = Rows(tuple(table.columns), texts, numbers)
    note = f"first {most} of {count:,} rows" if count > most else ""
    return Figure((Panel((rows,), height=rows.height),), title or table.title, note)
