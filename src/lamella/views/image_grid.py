"""Image grid: pictures with captions, pixels kept sharp."""

from __future__ import annotations

import math

from lamella.plots.figure import WIDTH, Figure
from lamella.plots.lattice import lattice
from lamella.plots.numbers import short
from lamella.registry import views
from lamella.results import Images

GAP = 8  # pixels between pictures


@views.register(record="images")
def image_grid(images: Images, *, title: str = "") -> Figure:
    """The pictures row by row, each with its caption below, enlarged without smoothing.

    `images.columns` pictures stand in a line; 0 chooses. Where the record has a scale, the note
    says which values are black and white.
    """
    count = len(images.pixels)
    chosen = max(1, min(8, count if count <= 8 else math.ceil(math.sqrt(1.6 * count))))
    across = max(1, min(images.columns or chosen, count))
    side = min(160.0, (WIDTH - 24 - (across - 1) * GAP) / across)
    note = ""
    if images.scale is not None:
        note = "black is {}, white is {}".format(*map(short, images.scale))
    panel = lattice(images, across, side, GAP, captions=images.captions)
    return Figure((panel,), title or images.title, note)
