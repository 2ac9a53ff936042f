"""Evolution of embeddings: a small cloud for each layer and epoch, in one grid."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lamella.errors import bad_input
from lamella.plots.clouds import class_key, cloud_grid
from lamella.plots.figure import Figure
from lamella.plots.numbers import percent
from lamella.registry import views
from lamella.results import Embedding


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
    clouds = {divmod(at, len(epochs)): one for at, one in enumerate(embeddings)}
    names = [list(map(str, layers)), list(map(str, epochs))]
    panel = cloud_grid(clouds, *names, most=most, by_row=scale == "row", corner="epoch")
    key = class_key(max(embeddings, key=lambda e: len(e.points))) if embeddings else ()
    return Figure((panel,), title, _note(embeddings, most, scale), key)


def _note(embeddings: Sequence[Embedding], most: int, scale: str) -> str:
    counts = [len(e.points) for e in embeddings]
    method = next((e.method for e in embeddings if e.method), "")
    kept = np.array([e.neighbours_kept for e in embeddings], float)
    parts = [method] if method else []
    if np.isfinite(kept).any():
        ends = dict.fromkeys((percent(np.nanmin(kept)), percent(np.nanmax(kept))))
        parts.append(f"{' to '.join(ends)} of neighbours kept")
    parts.append("each cloud to its own scale" if scale == "cell" else "one scale for each layer")
    if max(counts, default=0) > most:
        parts.append(f"{most} of {max(counts):,} points drawn")
    return " · ".join(parts)
