"""Mosaic: many pictures edge to edge in a lattice, as one raster."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lamella.registry import view
from lamella.results import Images
from lamella.views.labels import corner_note
from lamella.views.raster import as_tiles, paste, place
from lamella.views.style import new_figure, plain

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

CANVAS = 1056


@view(record="images")
def mosaic(images: Images, *, title: str = "") -> Figure:
    """The pictures row by row without gaps, `images.columns` in a line (0: as square as can be).

    Made for lattices in which each picture has its place, such as the image grid of a t-SNE
    embedding; captions show under the pointer.
    """
    count = len(images.pixels)
    columns = images.columns or max(1, math.ceil(math.sqrt(count)))
    side = max(8, min(44, CANVAS // columns))
    rows = max(1, math.ceil(count / columns))
    corners = side * np.column_stack(np.divmod(np.arange(count), columns))
    figure = new_figure(
        title or images.title,
        height=round(720 * min(rows / columns, 1.5)),
        left=8,
        right=8,
        bottom=8,
    )
    place(figure, paste(as_tiles(images, side), corners, (rows * side, columns * side)))
    captions = images.captions or [f"picture {at + 1}" for at in range(count)]
    figure.add_scatter(
        x=corners[:, 1] + side / 2,
        y=corners[:, 0] + side / 2,
        mode="markers",
        marker={"size": 12, "opacity": 0},
        text=[plain(caption) for caption in captions],
        hovertemplate="%{text}<extra></extra>",
        name="pictures",
    )
    if not count:
        corner_note(figure, "no pictures", x=0.5, y=0.5)
    return figure
