"""Pictures row by row: what grids of images are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lamella.plots.figure import WIDTH
from lamella.plots.labels import clipped
from lamella.plots.marks import Mark, Pictures, Text
from lamella.plots.panels import Axis, Panel
from lamella.plots.pixels import as_bytes
from lamella.results import Images

CAPTION = 18  # pixels


def lattice(
    images: Images,
    columns: int,
    side: float,
    gap: float,
    *,
    captions: Sequence[str] = (),
    split: int | None = None,
    wide: float = 0,
) -> Panel:
    """Pictures `side` pixels wide, `columns` in a line, with a wider gap before column `split`."""
    count, tall, across, _ = images.pixels.shape
    high = side * tall / max(across, 1)
    step = high + gap + CAPTION * any(captions)
    row, column = np.divmod(np.arange(count), columns)
    x = column * (side + gap) + wide * (column >= (columns if split is None else split))
    y = row * step
    titles = tuple(images.captions) or tuple(f"picture {at + 1}" for at in range(count))
    marks: list[Mark] = [Pictures(as_bytes(images.pixels), x, y, side, high, titles=titles)]
    if any(captions):
        words = [clipped(text, max(4, int(side / 6.6))) for text in captions]
        places = (x[: len(words)], y[: len(words)] + high + 9)
        marks.append(Text(*places, tuple(words), size=11, anchor="start", room=side))
    if not count:
        marks = [Text([0.5], [0.5], ("no pictures",), inside=True)]
    height = max(1, math.ceil(count / columns)) * step
    rows = Axis(range=(0, height), flip=True, hidden=True)
    return Panel(
        tuple(marks), Axis(range=(0, WIDTH - 24), hidden=True), rows, height=height, square=True
    )
