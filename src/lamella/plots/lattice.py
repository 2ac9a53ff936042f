"""Pictures row by row: what grids of images are made of."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

import numpy as np

from lamella.plots.figure import WIDTH
from lamella.plots.labels import clipped
from lamella.plots.marks import Mark, Pictures, Text
from lamella.plots.panels import Axis, Panel
from lamella.plots.pixels import as_bytes
from lamella.results import Images

LINE, MOST = 14, 3  # pixels of a line of a caption, and lines


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
    words = [_wrapped(text, side) for text in captions]
    lines = max((text.count("\n") + 1 for text in words if text), default=0)
    step = high + gap + LINE * lines + 4 * bool(lines)
    row, column = np.divmod(np.arange(count), columns)
    x = column * (side + gap) + wide * (column >= (columns if split is None else split))
    y = row * step
    titles = tuple(images.captions) or tuple(f"picture {at + 1}" for at in range(count))
    marks: list[Mark] = [Pictures(as_bytes(images.pixels), x, y, side, high, titles=titles)]
    if lines:
        down = [9 + LINE * text.count("\n") / 2 for text in words]
        places = (x[: len(words)], y[: len(words)] + high + down)
        marks.append(Text(*places, tuple(words), size=11, anchor="start", room=side))
    if not count:
        marks = [Text([0.5], [0.5], ("no pictures",), inside=True)]
    height = max(1, math.ceil(count / columns)) * step
    rows = Axis(range=(0, height), flip=True, hidden=True)
    return Panel(
        tuple(marks), Axis(range=(0, WIDTH - 24), hidden=True), rows, height=height, square=True
    )


def _wrapped(text: str, side: float) -> str:
    """A caption in lines of a picture's width, broken between words where it can be."""
    wide = max(6, int(side / 6.2))
    lines = textwrap.wrap(text, wide, break_long_words=False)
    return "\n".join(clipped(line, wide) for line in lines[:MOST])
