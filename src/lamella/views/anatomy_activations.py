"""Activations side by side: value and derivative of each."""

from __future__ import annotations

import numpy as np

from lamella.plots.columns import check_columns
from lamella.plots.figure import Figure
from lamella.plots.marks import Line, Rule
from lamella.plots.panels import Axis, Panel
from lamella.registry import views
from lamella.results import Table

PARTS = (("value", "a", 2), ("derivative", "bad", 1.5))


@views.register(record="table")
def anatomy_activations(table: Table, *, columns: int = 4, title: str = "") -> Figure:
    """One panel per activation on common axes: its value, and its derivative in vermillion.

    Columns of the record: activation, input, value, derivative.
    """
    check_columns(table, ("activation", "input", "value", "derivative"), "anatomy_activations()")
    names = np.asarray(table.columns["activation"]).astype(str)
    panels = tuple(_panel(table, names == name, name) for name in dict.fromkeys(names.tolist()))
    key = tuple((name, colour) for name, colour, _ in PARTS)
    return Figure(panels, title or table.title or "Activations", key=key, across=columns)


def _panel(table: Table, rows: np.ndarray, name: str) -> Panel:
    x = np.asarray(table.columns["input"], float)[rows]
    lines = (
        Line(
            x, np.asarray(table.columns[part], float)[rows], colour, f"{name}, {part}", width=width
        )
        for part, colour, width in PARTS
    )
    axes = Axis(range=(-4, 4), ticks=(-4, 0, 4)), Axis(range=(-1.6, 3.2), ticks=(-1, 0, 1, 2, 3))
    return Panel((Rule(x=0), Rule(y=0), *lines), *axes, title=name, height=96)
