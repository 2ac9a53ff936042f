"""Barcodes: small barcodes of several cells on one scale, so that layers compare."""

from __future__ import annotations

from collections.abc import Mapping

from lamella.plots.figure import Figure
from lamella.plots.labels import clipped
from lamella.plots.panels import Axis, Panel
from lamella.plots.persistence import BAR, GAP, axis_end, empty_note, rows_of_bars
from lamella.registry import views
from lamella.results import Diagrams


@views.register(record="diagrams", many=True)
def barcodes(
    diagrams: Mapping[str, Diagrams],
    *,
    most: int = 12,
    across: int | None = None,
    to: float | None = None,
    title: str = "",
) -> Figure:
    """One small barcode per cell by name, the `most` longest bars of each dimension, one scale.

    Panels go from left to right, `across` of them in a line (default: up to four), then down.
    """
    end = to or max((axis_end(one) for one in diagrams.values()), default=1.0)
    panels = [_panel(name, one, most, end) for name, one in diagrams.items()]
    unit = next((one.unit for one in diagrams.values()), "edge length")
    parts = [f"scale: {unit}; up to {most} longest bars of each dimension"]
    if any(one.threshold is not None for one in diagrams.values()):
        parts.append("full colour: longer than the threshold, taken as signal")
    return Figure(
        tuple(panels), title, " · ".join(parts), across=across or min(4, max(1, len(panels)))
    )


def _panel(name: str, one: Diagrams, most: int, end: float) -> Panel:
    marks, rows = rows_of_bars(one, one.dimensions, most, one.threshold, brief=True)
    height = max(2 * GAP, BAR * rows)
    rows_down = Axis(range=(0, height / BAR), flip=True, hidden=True)
    shown = tuple(marks) or (empty_note(one),)
    return Panel(shown, Axis(range=(0, end)), rows_down, clipped(name, 22), height)
