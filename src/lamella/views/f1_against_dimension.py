"""F1 against dimension: how few dimensions keep each class linearly separable."""

from __future__ import annotations

import numpy as np

from lamella.plots.columns import check_columns
from lamella.plots.curves import BANDS, over_seeds, with_band
from lamella.plots.figure import Figure
from lamella.plots.marks import Dots, Mark
from lamella.plots.palette import class_colour
from lamella.plots.panels import Axis, Panel
from lamella.plots.scales import padded
from lamella.registry import views
from lamella.results import Table

FULL, MICRO = "full", "micro"  # words of the measure perceptron_f1


@views.register(record="table")
def f1_against_dimension(table: Table, *, title: str = "") -> Figure:
    """F1 per class against the dimension that the features were compressed to, logarithmic axis.

    The table has columns `class`, `method`, `dimension` and `f1` (the measure `perceptron_f1`);
    method "full" is without compression and stands as a diamond at its dimension; class "micro"
    is in ink. One panel per method. With a column `seed`, the line is the mean, the band least to
    greatest.
    """
    check_columns(table, ("class", "method", "dimension", "f1"), "f1_against_dimension()")
    columns = {name: np.asarray(column) for name, column in table.columns.items()}
    names = list(dict.fromkeys(map(str, columns["class"])))
    methods = [m for m in dict.fromkeys(map(str, columns["method"])) if m != FULL] or [FULL]
    dimensions = np.unique(columns["dimension"].astype(int))
    span = padded([columns["f1"].astype(float)])
    wide = padded([dimensions.astype(float)], log=True)
    panels = []
    for method in methods:
        last = method == methods[-1]
        marks = [
            m for name in names for m in _class(columns, name, method, _colour(names, name), last)
        ]
        ticks, texts = tuple(map(float, dimensions)), tuple(map(str, dimensions))
        x = Axis("dimension", wide, log=True, ticks=ticks, texts=texts)
        panels.append(Panel(tuple(marks), x, Axis("F1", span), method.upper(), height=300))
    note = "diamonds: all dimensions" + f" · {BANDS}" * ("seed" in columns)
    return Figure(tuple(panels), title or table.title, note, across=len(panels))


def _colour(names: list[str], name: str) -> str:
    lively = [each for each in names if each != MICRO]
    return "ink" if name == MICRO else class_colour(lively.index(name))


def _class(
    columns: dict[str, np.ndarray], name: str, method: str, colour: str, last: bool
) -> list[Mark]:
    """One class in one panel: its line over the dimensions, and a diamond for all of them."""
    marks: list[Mark] = []
    of = columns["class"].astype(str) == name
    for kind in dict.fromkeys((method, FULL)):
        here = of & (columns["method"].astype(str) == kind)
        x, mean, low, high = over_seeds(
            columns["dimension"][here], columns["f1"][here].astype(float)
        )
        if kind == FULL and len(x):
            marks.append(
                Dots(x, mean, colour=colour, size=8, symbol="diamond", label=f"{name}, {FULL}")
            )
        elif len(x):
            band = (low, high) if "seed" in columns else (None, None)
            style = {"colour": colour, "width": 2.6 if name == MICRO else 2}
            marks += with_band(x, mean, *band, label=name, end=name if last else "", **style)
    return marks
