"""Mosaic: many pictures in a lattice, edge to edge."""

from __future__ import annotations

import math

from lamella.plots.figure import WIDTH, Figure
from lamella.plots.lattice import lattice
from lamella.registry import views
from lamella.results import Images

GAP, WIDE = 5, 32  # pixels between captioned pictures, and before a column that stands apart


@views.register(record="images")
def mosaic(
    images: Images, *, captioned: bool = False, split: int | None = None, title: str = ""
) -> Figure:
    """The pictures row by row, `images.columns` in a line (0: as square as can be).

    Without captions they stand edge to edge, as in the image grid of a t-SNE embedding; with
    `captioned` each has its caption below. A wider gap stands before column `split`. Captions show
    under the pointer either way.
    """
    count = len(images.pixels)
    columns = images.columns or max(1, math.ceil(math.sqrt(count)))
    gap = GAP if captioned else 0
    room = WIDTH - 24 - (0 if split is None else WIDE)
    side = max(5, min(132 if captioned else 30, room / columns - gap))
    captions = images.captions if captioned else ()
    panel = lattice(images, columns, side, gap, captions=captions, split=split, wide=WIDE)
    return Figure((panel,), title or images.title)
