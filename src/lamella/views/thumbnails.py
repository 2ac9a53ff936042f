"""Thumbnails: an embedding in which every point is its picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Int

from lamella.errors import bad_input
from lamella.plots.raster import as_tiles, paste, place
from lamella.plots.style import new_figure, plain
from lamella.registry import views
from lamella.results import Embedding, Images
from lamella.views.cloud import class_key, class_name, gauge

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

CANVAS = 1100  # pixels of the raster's longer side


@views.register(record="embedding")
def thumbnails(
    embedding: Embedding, *, images: Images | None = None, side: int = 22, title: str = ""
) -> Figure:
    """The embedded samples as pictures, framed in the colour of their class.

    `images` has one picture for each point, in the same order. Where pictures would hide each
    other, one stands for its place; the note says how many of all are shown. Both axes have one
    scale.
    """
    points = np.asarray(embedding.points, float)
    if images is None or len(images.pixels) != len(points) or points.shape[1:] != (2,):
        raise bad_input(
            "thumbnails()",
            wanted="a flat embedding and one picture for each of its points",
            got=f"points {points.shape}, {0 if images is None else len(images.pixels)} pictures",
            do="Pass images=Images(...)",
        )
    corners, shape = corners_of(points, side)
    shown = uncovered(corners, side)
    labels = None if embedding.labels is None else np.asarray(embedding.labels)
    chosen = Images(images.pixels[shown])
    tiles = as_tiles(chosen, side, None if labels is None else labels[shown])
    note = f"{embedding.method} · {gauge(embedding)} · {len(shown)} of {len(points)} shown"
    height = round(720 * shape[0] / shape[1])
    figure = new_figure(
        title or embedding.title, note, height=height, left=8, right=8, bottom=8,
        key=class_key(embedding),
    )  # fmt: skip
    place(figure, paste(tiles, corners[shown], shape))
    middles = corners[shown] + side / 2
    figure.add_scatter(
        x=middles[:, 1],
        y=middles[:, 0],
        mode="markers",
        marker={"size": 12, "opacity": 0},
        text=[_hover(embedding, at) for at in shown],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
        name="pictures",
    )
    return figure


def corners_of(
    points: Float[np.ndarray, "points 2"], side: int
) -> tuple[Int[np.ndarray, "points 2"], tuple[int, int]]:
    """Upper left corners (row, column) of the tiles on a canvas, and the canvas' shape."""
    low = points.min(axis=0)
    extent = np.maximum(points.max(axis=0) - low, 1e-12)
    scale = (CANVAS - side) / extent.max()
    place = np.round((points - low) * scale).astype(int)
    width, height = (np.round(extent * scale).astype(int) + side).tolist()
    return np.column_stack([height - side - place[:, 1], place[:, 0]]), (height, width)


def uncovered(corners: Int[np.ndarray, "points 2"], side: int) -> Int[np.ndarray, " shown"]:
    """Indices of points no nearer than half a tile to one before; a random order, seeded.

    >>> uncovered(np.array([[0, 0], [0, 3], [0, 40]]), 10).size
    2
    """
    free: dict[tuple[int, int], list[int]] = {}
    shown = []
    for at in np.random.default_rng(0).permutation(len(corners)):
        row, column = corners[at] // side
        near = (
            n for r in (-1, 0, 1) for c in (-1, 0, 1) for n in free.get((row + r, column + c), ())
        )
        if all(np.abs(corners[at] - corners[n]).max() >= side / 2 for n in near):
            free.setdefault((row, column), []).append(at)
            shown.append(at)
    return np.sort(np.asarray(shown, int))


def _hover(embedding: Embedding, at: int) -> str:
    parts = [] if embedding.ids is None else [f"sample {embedding.ids[at]}"]
    if embedding.labels is not None:
        parts.append(class_name(embedding, int(embedding.labels[at])))
    return plain(", ".join(parts))
