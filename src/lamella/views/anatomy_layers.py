"""A network at a glance: parameters, work, memory and receptive field of each layer as bars."""

from __future__ import annotations

import numpy as np

from lamella.anatomy.layer_tables import LayerTable
from lamella.plots.figure import Figure
from lamella.plots.labels import clipped
from lamella.plots.marks import Mark, Segments, Text
from lamella.plots.panels import Axis, Panel
from lamella.registry import views

PANELS = ("parameters", "multiply-adds", "output bytes", "field, pixels")


@views.register(record=LayerTable)
def anatomy_layers(table: LayerTable, *, title: str = "") -> Figure:
    """One row per layer from input to output, four bars each; vermillion drops a border."""
    rows = [row for row in table.rows if row.memory or row.parameters or row.macs]
    values = np.array(
        [
            [row.parameters, row.macs, row.memory, row.sight[-1].size if row.sight else np.nan]
            for row in rows
        ],
        float,
    ).reshape(-1, 4)
    names = tuple(clipped(f"{row.layer} ({row.type})", 26) for row in rows)
    warned = np.array([bool(row.warning) for row in rows])
    panels = tuple(
        _panel(name, values[:, at], names, warned, first=at == 0) for at, name in enumerate(PANELS)
    )
    note = f"{table.parameters:,} parameters, {table.macs:,} multiply-accumulates"
    return Figure(panels, title or f"{table.model} on {', '.join(table.inputs)}", note, across=4)


def _panel(
    title: str, values: np.ndarray, names: tuple[str, ...], warned: np.ndarray, *, first: bool
) -> Panel:
    """One bar for each layer that has a number, and the number beside it."""
    marks: list[Mark] = []
    for mask, colour in ((~warned, "seq3"), (warned, "bad")):
        y = np.flatnonzero(mask & np.isfinite(values))
        marks.append(Segments(np.zeros(len(y)), values[y], y, colour, 12, label=title))
    y = np.flatnonzero(np.nan_to_num(values) > 0)
    texts = tuple(f"{value:,.0f}" for value in values[y])
    marks.append(Text(values[y], y, texts, size=10, anchor="start", shift=(4, 0)))
    most = np.nanmax(values, initial=0) or 1
    rows = Axis(names=names, flip=True, range=(-0.6, len(names) - 0.4), hidden=not first)
    return Panel(
        tuple(marks), Axis(range=(0, 1.7 * most), hidden=True), rows, title, 18 * len(names)
    )
