"""Histogram: how a number is distributed, in one group or several."""

from __future__ import annotations

import numpy as np

from lamella.plots.columns import check_columns
from lamella.plots.curves import series_colours
from lamella.plots.figure import Figure
from lamella.plots.marks import Line, Mark, Text
from lamella.plots.numbers import counted
from lamella.plots.panels import Axis, Panel
from lamella.registry import views
from lamella.results import Table


@views.register(record="table")
def histogram(
    table: Table,
    *,
    value: str = "value",
    group: str | None = None,
    bins: int = 40,
    palette: str | None = None,
    title: str = "",
) -> Figure:
    """The share of values in each of `bins` equal bins, one outline per group.

    `value` and `group` name columns; values that are not finite are left out and counted in the
    note. All groups share their bins, and each sums to 100 %.
    """
    check_columns(table, (value, group) if group else (value,), "histogram()")
    numbers = np.asarray(table.columns[value], float)
    groups = np.asarray(table.columns[group] if group else np.full(len(numbers), "")).astype(str)
    names = list(dict.fromkeys(groups.tolist()))
    fine = np.isfinite(numbers)
    colours = series_colours(names, palette)
    marks: list[Mark] = [Text([0.5], [0.5], ("no values",), inside=True)]
    if fine.any():
        edges = np.histogram_bin_edges(numbers[fine], bins)
        marks = [
            _outline(numbers[fine & (groups == name)], edges, name or value, colour)
            for name, colour in zip(names, colours, strict=True)
        ]
    lost = int((~fine).sum())
    note = counted(int(fine.sum()), "value") + f", {lost:,} not finite left out" * (lost > 0)
    key = tuple(zip(names, colours, strict=True)) if group else ()
    panel = Panel(tuple(marks), Axis(value), Axis("share of values, %", zero=True), height=260)
    return Figure((panel,), title or table.title, note, key)


def _outline(values: np.ndarray, edges: np.ndarray, name: str, colour: str) -> Line:
    counts, _ = np.histogram(values, edges)
    shares = 100 * counts / max(len(values), 1)
    y = [*shares, shares[-1], 0.0]
    return Line(np.append(edges, edges[-1]), y, colour, name, width=1.6, steps=True, fill=0.15)
