"""Mosaic: many pictures in a lattice, as one raster."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.labels import clipped, corner_note
from lamella.plots.raster import as_tiles, paste, place
from lamella.plots.style import SOFT, new_figure, plain
from lamella.registry import views
from lamella.results import Images

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

CANVAS, SHOWN = 1056, 744  # pixels of the raster across, and of the figure it is shown in
GAP, WIDE, CAPTION = 8, 48, 24  # pixels of the raster between pictures, and for a caption


@views.register(record="images")
def mosaic(
    images: Images, *, captioned: bool = False, split: int | None = None, title: str = ""
) -> Figure:
    """The pictures row by row, `images.columns` in a line (0: as square as can be).

    Without captions they stand edge to edge, as in the image grid of a t-SNE embedding; with
    `captioned` each has its caption below. A wider gap stands before column `split`. Captions show
    under the pointer either way. Made for hundreds of pictures, which the view `image_grid` would
    draw one by one.
    """
    count = len(images.pixels)
    columns = images.columns or max(1, math.ceil(math.sqrt(count)))
    rows = max(1, math.ceil(count / columns))
    gap, caption = (GAP, CAPTION) if captioned else (0, 0)
    room = CANVAS - (0 if split is None else WIDE)
    side = max(8, min(200 if captioned else 44, room // columns - gap))
    row, column = np.divmod(np.arange(count), columns)
    across = column * (side + gap) + WIDE * (column >= (columns if split is None else split))
    corners = np.column_stack([row * (side + gap + caption), across])
    shape = (rows * (side + gap + caption), columns * (side + gap) + CANVAS - room)
    figure = new_figure(
        title or images.title,
        height=round(SHOWN * min(shape[0] / shape[1], 1.5)),
        left=8,
        right=8,
        bottom=8,
    )
    place(figure, paste(as_tiles(images, side), corners, shape))
    captions = list(images.captions) or [f"picture {at + 1}" for at in range(count)]
    figure.add_scatter(
        x=corners[:, 1] + side / 2,
        y=corners[:, 0] + side / 2,
        mode="markers",
        marker={"size": 12, "opacity": 0},
        text=[plain(caption) for caption in captions],
        hovertemplate="%{text}<extra></extra>",
        name="pictures",
    )
    if captioned:
        _write_captions(figure, captions, corners, side)
    if not count:
        corner_note(figure, "no pictures", x=0.5, y=0.5)
    return figure


def _write_captions(figure: Figure, captions: list[str], corners: np.ndarray, side: int) -> None:
    """One trace of text: a thousand annotations would take plotly minutes."""
    most = max(3, int(side * SHOWN / CANVAS / 6))
    figure.add_scatter(
        x=corners[:, 1],
        y=corners[:, 0] + side + CAPTION / 2,
        mode="text",
        text=[plain(clipped(caption, most)) for caption in captions],
        textposition="middle right",
        textfont={"size": 11, "color": SOFT},
        hoverinfo="skip",
        name="captions",
    )
