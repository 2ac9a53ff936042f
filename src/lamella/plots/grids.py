"""Numbers in cells, outlines and captions: what the drawings of kernels and pooling are made of."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.plots.figure import WIDTH
from lamella.plots.marks import Cells, Line, Text
from lamella.plots.panels import Axis, Panel

CELL = 38  # pixels


def cells(
    values: Float[np.ndarray, "rows columns"],
    left: float,
    ends: tuple[float, float],
    *,
    size: float = 13,
) -> Cells:
    """Cells with their numbers whose first has its corner at (left, 0); NaN stays empty."""
    texts = [["" if np.isnan(v) else f"{v + 0.0:.4g}" for v in row] for row in values]
    high = ends[1] if ends[1] > ends[0] else ends[0] + 1
    return Cells(
        values, ends[0], high, texts=texts, striped=False, left=left + 0.5, top=0.5, size=size
    )


def outline(
    left: float,
    top: float,
    width: float,
    height: float,
    colour: str,
    line: float = 3,
    dash: str = "",
) -> Line:
    """A rectangle."""
    x, y = [0, width, width, 0, 0], [0, 0, height, height, 0]
    return Line(left + np.array(x), top + np.array(y), colour, width=line, dash=dash)


def caption(text: str, x: float, y: float, size: float = 13) -> Text:
    """Words that begin at a place of the picture."""
    return Text([x], [y], (text,), "ink", size=size, anchor="start")


def grid_panel(marks: tuple, width: float, height: float) -> Panel:
    """Square cells, rows downwards, no axes."""
    side = min(CELL, (WIDTH - 40) / width)
    x, y = (
        Axis(range=(-0.2, width), hidden=True),
        Axis(range=(-0.3, height), flip=True, hidden=True),
    )
    return Panel(marks, x, y, height=side * (height + 0.3), square=True)
