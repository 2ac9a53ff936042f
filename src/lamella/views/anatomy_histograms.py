"""Histograms of activations, layer by layer, one row for each way to begin."""

from __future__ import annotations

import numpy as np

from lamella.plots.columns import check_columns
from lamella.plots.figure import Figure
from lamella.plots.labels import clipped
from lamella.plots.marks import Bars, Mark, Text
from lamella.plots.numbers import fixed, short
from lamella.plots.panels import Axis, Panel
from lamella.registry import views
from lamella.results import Table

WIDE, HIGH, BASE = 0.88, 0.62, 0.42  # of a cell: width and height of a histogram, and its foot


@views.register(record="table")
def anatomy_histograms(table: Table, *, title: str = "", note: str = "") -> Figure:
    """A grid of histograms: groups downwards, layers to the right, each on its own scale.

    Columns of the record: group, layer, centre (of a bin), share, deviation (of the layer, written
    above its histogram). All histograms of a group share their bins; heights are relative to the
    fullest bin of each.
    """
    wanted = ("group", "layer", "centre", "share", "deviation")
    check_columns(table, wanted, "anatomy_histograms()")
    columns = {name: np.asarray(table.columns[name]) for name in wanted}
    groups = list(dict.fromkeys(columns["group"].astype(str).tolist()))
    layers = list(dict.fromkeys(columns["layer"].tolist()))
    marks: list[Mark] = []
    for row, group in enumerate(groups):
        for column, layer in enumerate(layers):
            here = (columns["group"].astype(str) == group) & (columns["layer"] == layer)
            if here.any():
                part = {name: values[here].astype(float) for name, values in columns.items()
                        if name not in ("group", "layer")}  # fmt: skip
                marks += _histogram(part, row, column, f"{group}, layer {layer}")
    x = Axis("layer", names=tuple(map(str, layers)))
    y = Axis(names=tuple(clipped(group, 26) for group in groups), flip=True)
    panel = Panel(tuple(marks), x, y, height=78 * len(groups))
    return Figure((panel,), title or table.title, note)


def _histogram(part: dict[str, np.ndarray], row: int, column: int, where: str) -> list[Mark]:
    """The bars of one histogram inside its cell, and the deviation above them."""
    centre, share = part["centre"], part["share"]
    width = WIDE / len(centre)
    x = column - WIDE / 2 + width * (np.arange(len(centre)) + 0.5)
    titles = tuple(
        f"{where}\nabout {short(c)}: {fixed(100 * s, 2)} %"
        for c, s in zip(centre, share, strict=True)
    )
    foot = row + BASE
    bars = Bars(
        x, foot - HIGH * share / (share.max() or 1), width, foot, titles=titles, label=where
    )
    return [
        bars,
        Text(
            [column - WIDE / 2],
            [row - 0.34],
            (short(part["deviation"][0]),),
            size=11,
            anchor="start",
        ),
    ]
