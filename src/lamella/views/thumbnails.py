"""Thumbnails: an embedding in which every point is its picture."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.errors import bad_input
from lamella.plots.clouds import class_key, class_name, gauge
from lamella.plots.figure import Figure
from lamella.plots.marks import Pictures
from lamella.plots.palette import class_colour
from lamella.plots.panels import Axis, Panel
from lamella.plots.pixels import as_bytes
from lamella.registry import views
from lamella.results import Embedding, Images

CANVAS, SHOWN = 1100, 680  # units of the longer side of the picture, and pixels it is shown in


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
    corners, (tall, wide) = corners_of(points, side)
    shown = uncovered(corners, side)
    frames = () if embedding.labels is None else tuple(
        class_colour(int(label)) for label in np.asarray(embedding.labels)[shown]
    )  # fmt: skip
    titles = tuple(_title(embedding, at) for at in shown)
    places = (corners[shown, 1], corners[shown, 0], side, side)
    pictures = Pictures(as_bytes(images.pixels[shown]), *places, frames=frames, titles=titles)
    x, y = Axis(range=(0, wide), hidden=True), Axis(range=(0, tall), flip=True, hidden=True)
    panel = Panel((pictures,), x, y, height=round(SHOWN * tall / wide), square=True)
    note = f"{embedding.method} · {gauge(embedding)} · {len(shown)} of {len(points)} shown"
    return Figure((panel,), title or embedding.title, note, class_key(embedding))


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


def _title(embedding: Embedding, at: int) -> str:
    parts = [] if embedding.ids is None else [f"sample {embedding.ids[at]}"]
    if embedding.labels is not None:
        parts.append(class_name(embedding, int(embedding.labels[at])))
    return ", ".join(parts)
