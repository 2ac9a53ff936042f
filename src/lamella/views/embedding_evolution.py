"""Evolution of embeddings: a small cloud for each layer and epoch, in one grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lamella.errors import bad_input
from lamella.plots.cells import label_room, name_columns
from lamella.plots.labels import distinct, every
from lamella.plots.style import FAINT, HAIR, SOFT, WIDTH, new_figure, plain
from lamella.registry import views
from lamella.results import Embedding
from lamella.views.cloud import class_key, class_marker, label_array

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FILL = 0.44  # half the side of a cloud, in cells


@views.register(record="embedding", many=True)
def embedding_evolution(
    embeddings: Sequence[Embedding],
    *,
    layers: Sequence[str],
    epochs: Sequence[int],
    most: int = 250,
    scale: str = "cell",
    title: str = "",
) -> Figure:
    """A grid of clouds, rows layers downwards, columns epochs to the right.

    `embeddings` go row by row (all epochs of the first layer, then the second ...); one without
    points leaves its cell empty. Each cloud is centred and, with `scale="cell"`, scaled to its
    own extent; `scale="row"` gives the clouds of a layer one scale, so that growth shows. At most
    `most` points of a cell are drawn, evenly spread over its order, the same in every cell.
    """
    if len(embeddings) != len(layers) * len(epochs):
        raise bad_input(
            "embedding_evolution()",
            wanted=f"{len(layers)} layers x {len(epochs)} epochs = {len(layers) * len(epochs)} "
            "embeddings",
            got=str(len(embeddings)),
            do="Pass one per cell, row by row; an embedding of no points for a missing one",
        )
    left = label_room((*map(str, layers), "epoch"), 16)
    side = min(120.0, (WIDTH - left - 16) / max(len(epochs), 1))
    figure = new_figure(
        title,
        _note(embeddings, most, scale),
        height=round(side * len(layers)),
        left=left,
        top=28,
        bottom=8,
        key=class_key(max(embeddings, key=lambda e: len(e.points))) if embeddings else "",
    )
    x, y, labels = _placed(embeddings, len(layers), len(epochs), most, scale)
    figure.add_scatter(
        x=x.tolist(),
        y=y.tolist(),
        mode="markers",
        marker={"size": 2.6, "opacity": 0.8, "line": {"width": 0}, **class_marker(labels)},
        hoverinfo="skip",
        name="points",
    )
    _mark_empty(figure, embeddings, len(epochs))
    _frame(figure, list(map(str, layers)), list(map(str, epochs)), side)
    return figure


def _placed(
    embeddings: Sequence[Embedding], rows: int, columns: int, most: int, scale: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All clouds in one plane: the cell (row, column) is centred at (column, row)."""
    chosen = [_thinned(e, most) for e in embeddings]
    clouds = [_centred(e, index) for e, index in zip(embeddings, chosen, strict=True)]
    extents = np.array([np.abs(c).max(initial=0) for c in clouds]).reshape(rows, columns)
    if scale == "row":
        extents = np.broadcast_to(extents.max(axis=1, keepdims=True), extents.shape)
    x, y, labels = [], [], []
    for at, (points, index) in enumerate(zip(clouds, chosen, strict=True)):
        row, column = divmod(at, columns)
        placed = FILL * points / (extents[row, column] or 1)
        x.append(column + placed[:, 0])
        y.append(row - placed[:, 1])  # the row axis points down
        labels.append(label_array(embeddings[at])[index])
    together = (np.concatenate(parts) if parts else np.zeros(0) for parts in (x, y, labels))
    first, second, third = together
    order = np.random.default_rng(0).permutation(len(first))
    return first[order], second[order], third[order].astype(int)


def _thinned(embedding: Embedding, most: int) -> np.ndarray:
    """Evenly spaced indices: the same samples in every cell of as many points."""
    count = len(embedding.points)
    return np.unique(np.linspace(0, count - 1, min(most, count)).round().astype(int))


def _centred(embedding: Embedding, index: np.ndarray) -> np.ndarray:
    if not len(embedding.points):
        return np.zeros((0, 2))
    points = np.asarray(embedding.points, float)[:, :2]
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return points[index] - middle


def _note(embeddings: Sequence[Embedding], most: int, scale: str) -> str:
    counts = [len(e.points) for e in embeddings]
    method = next((e.method for e in embeddings if e.method), "")
    kept = np.array([e.neighbours_kept for e in embeddings], float)
    parts = [method] if method else []
    if np.isfinite(kept).any():
        least, greatest = f"{np.nanmin(kept):.0%}", f"{np.nanmax(kept):.0%}"
        between = least if least == greatest else f"{least} to {greatest}"
        parts.append(f"{between} of neighbours kept")
    parts.append("each cloud to its own scale" if scale == "cell" else "one scale for each layer")
    if max(counts, default=0) > most:
        parts.append(f"{most} of {max(counts):,} points drawn")
    return " · ".join(parts)


def _mark_empty(figure: Figure, embeddings: Sequence[Embedding], columns: int) -> None:
    for at in (at for at, e in enumerate(embeddings) if not len(e.points)):
        figure.add_annotation(
            x=at % columns,
            y=at // columns,
            text="n/a",
            showarrow=False,
            font={"size": 11, "color": FAINT},
        )


def _frame(figure: Figure, layers: list[str], epochs: list[str], side: float) -> None:
    figure.update_layout(
        shapes=[
            {"type": "line", "x0": -0.5, "x1": len(epochs) - 0.5, "y0": at, "y1": at}
            | {"line": {"color": HAIR, "width": 1}}
            for at in np.arange(-0.5, len(layers))
        ]
        + [
            {"type": "line", "x0": at, "x1": at, "y0": -0.5, "y1": len(layers) - 0.5}
            | {"line": {"color": HAIR, "width": 1}}
            for at in np.arange(-0.5, len(epochs))
        ],
        width=None,
    )
    bare = {"showgrid": False, "showline": False, "fixedrange": True}
    step = every(len(epochs), side * len(epochs), 30)
    figure.update_xaxes(
        side="top",
        range=[-0.5, max(len(epochs), WIDTH / 140) - 0.5],
        tickvals=list(range(0, len(epochs), step)),
        ticktext=[plain(e) for e in epochs[::step]],
        ticks="",
        **bare,
    )
    figure.update_yaxes(
        range=[len(layers) - 0.5, -0.5],
        tickvals=list(range(len(layers))),
        ticktext=[plain(name) for name in distinct(layers, 16)],
        ticks="outside",
        tickcolor="rgba(0, 0, 0, 0)",
        tickfont={"color": SOFT},
        **bare,
    )
    name_columns(figure, "epoch")
