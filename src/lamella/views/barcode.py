"""Barcode: each feature of a cloud as a bar from its birth to its death."""

from __future__ import annotations

from collections.abc import Sequence

from lamella.plots.figure import Figure
from lamella.plots.marks import Text
from lamella.plots.numbers import short
from lamella.plots.panels import Axis, Panel
from lamella.plots.persistence import BAR, about, axis_end, empty_note, rows_of_bars
from lamella.registry import views
from lamella.results import Diagrams


@views.register(record="diagrams")
def barcode(
    diagrams: Diagrams,
    *,
    dimensions: Sequence[int] | None = None,
    most: int = 40,
    to: float | None = None,
    threshold: float | None = None,
    title: str = "",
) -> Figure:
    """The longest bars of each homology dimension, oldest first, against scale.

    Of each dimension the `most` longest bars are drawn, and the figure says of how many. A bar
    that never dies ends in an arrow. `threshold` (default: the diagrams' own) is the length up to
    which a bar may be noise: such bars are pale. `to` is the right end of the axis, so that
    figures can share one.

    Source: Ghrist 2008, Barcodes: the persistent topology of data.
    """
    wanted = diagrams.dimensions if dimensions is None else tuple(dimensions)
    least = diagrams.threshold if threshold is None else threshold
    end = axis_end(diagrams) if to is None else to
    marks, rows = rows_of_bars(diagrams, wanted, most, least)
    if least is not None and rows:
        marks, rows = [*marks, *threshold_bar(least, rows)], rows + 4
    scale = Axis(f"scale ({diagrams.unit})", (0, end))
    height = max(80, BAR * rows)
    marks = marks if len(diagrams.birth) else [empty_note(diagrams)]
    panel = Panel(
        tuple(marks), scale, Axis(range=(0, height / BAR), flip=True, hidden=True), height=height
    )
    return Figure((panel,), title, about(diagrams, *notes(diagrams, least)))


def notes(diagrams: Diagrams, least: float | None) -> list[str]:
    """What a threshold and landmarks mean for the bars."""
    parts = []
    if least is not None:
        parts.append(f"full colour: longer than {short(least)}, taken as signal")
    if diagrams.bound > 0:
        parts.append(f"from landmarks, each end within {short(diagrams.bound)}")
    return parts


def threshold_bar(least: float, row: float) -> list:
    """A grey bar as long as noise may be, with its name."""
    from lamella.plots.marks import Segments

    bar = Segments([0], [least], [row + 2], "line", 7, label="noise", titles=("as long as noise",))
    text = Text(
        [least],
        [row + 2],
        ("as long as noise may be",),
        "faint",
        anchor="start",
        size=11,
        shift=(6, 0),
    )
    return [bar, text]
