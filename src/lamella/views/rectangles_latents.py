"""A grid of clouds with named rows and columns: latent spaces side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lamella.errors import bad_input
from lamella.plots.clouds import class_key, cloud_grid
from lamella.plots.figure import Figure
from lamella.plots.numbers import percent
from lamella.registry import views
from lamella.results import Embedding


@views.register(record="embedding", many=True)
def rectangles_latents(
    embeddings: Mapping[str, Embedding], *, most: int = 400, title: str = ""
) -> Figure:
    """One cloud per cell, coloured by class; keys are "row | column".

    Each cloud is centred and has a scale of its own; below it stands the share of the 15 nearest
    neighbours that the picture keeps. At most `most` points of a cloud are drawn.
    """
    if not embeddings or any(" | " not in key for key in embeddings):
        raise bad_input(
            "rectangles_latents()",
            wanted="embeddings under keys 'row | column'",
            got=", ".join(list(embeddings)[:3]) or "none",
            do="Name rows and columns",
        )
    cells = {tuple(key.split(" | ", 1)): e for key, e in embeddings.items()}
    rows = list(dict.fromkeys(row for row, _ in cells))
    columns = list(dict.fromkeys(column for _, column in cells))
    clouds = {(rows.index(row), columns.index(column)): e for (row, column), e in cells.items()}
    kept = {
        c: percent(e.neighbours_kept) for c, e in clouds.items() if np.isfinite(e.neighbours_kept)
    }
    panel = cloud_grid(clouds, rows, columns, most=most, below=kept)
    note = f"each cloud to its own scale; below it: neighbours kept; at most {most} points drawn"
    return Figure((panel,), title, note, class_key(next(iter(embeddings.values()))))
