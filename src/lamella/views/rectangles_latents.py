"""A grid of clouds with named rows and columns: latent spaces side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from lamella.errors import bad_input
from lamella.plots.labels import text_width
from lamella.plots.style import HAIR, INK, SMALL, SOFT, WIDTH, new_figure, plain
from lamella.registry import views
from lamella.results import Embedding
from lamella.views.cloud import class_key, class_marker, label_array

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FILL = 0.43  # half the side of a cloud, in cells


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
    left = 16 + max(map(text_width, rows))
    side = min(170.0, (WIDTH - left - 16) / len(columns))
    figure = new_figure(
        title,
        f"each cloud to its own scale; below it: neighbours kept; at most {most} points drawn",
        height=round(side * len(rows)),
        left=left,
        top=34,
        bottom=8,
        key=class_key(next(iter(embeddings.values()))),
    )
    x, y, labels = [], [], []
    for (row, column), embedding in cells.items():
        at = (columns.index(column), rows.index(row))
        points, chosen = placed(embedding, most)
        x.append(at[0] + points[:, 0])
        y.append(at[1] - 0.04 - points[:, 1])  # the row axis points down
        labels.append(label_array(embedding)[chosen])
        if np.isfinite(embedding.neighbours_kept):
            figure.add_annotation(
                x=at[0],
                y=at[1] + 0.46,
                text=f"{embedding.neighbours_kept:.0%}",
                showarrow=False,
                font={"size": SMALL - 1, "color": SOFT},
            )
    draw(figure, np.concatenate(x), np.concatenate(y), np.concatenate(labels))
    frame(figure, rows, columns, side)
    return figure


def placed(embedding: Embedding, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The first two axes of evenly chosen points, centred, within ± FILL; and which points."""
    count = len(embedding.points)
    chosen = np.unique(np.linspace(0, count - 1, min(most, count)).round().astype(int))
    points = np.asarray(embedding.points, float)[:, :2]
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    extent = np.abs(points - middle).max() or 1.0
    return FILL * (points[chosen] - middle) / extent, chosen


def draw(figure: Figure, x: np.ndarray, y: np.ndarray, labels: np.ndarray) -> None:
    """All clouds as one trace, in an order that hides no class."""
    order = np.random.default_rng(0).permutation(len(x))
    figure.add_scatter(
        x=x[order].tolist(),
        y=y[order].tolist(),
        mode="markers",
        marker={"size": 3, "opacity": 0.8, "line": {"width": 0}, **class_marker(labels[order])},
        hoverinfo="skip",
        name="points",
    )


def frame(figure: Figure, rows: list[str], columns: list[str], side: float) -> None:
    """Names of rows and columns, and hairlines between the cells."""
    wide = max(len(columns), (WIDTH - 32 - max(map(text_width, rows))) / side)
    lines = [(-0.5, len(columns) - 0.5, at, at) for at in np.arange(-0.5, len(rows))]
    lines += [(at, at, -0.5, len(rows) - 0.5) for at in np.arange(-0.5, len(columns))]
    figure.update_layout(
        shapes=[
            {
                "type": "line",
                "x0": a,
                "x1": b,
                "y0": c,
                "y1": d,
                "line": {"color": HAIR, "width": 1},
            }
            for a, b, c, d in lines
        ]
    )
    bare = {"showgrid": False, "showline": False, "ticks": "", "fixedrange": True}
    figure.update_xaxes(
        side="top",
        range=[-0.5, wide - 0.5],
        tickvals=list(range(len(columns))),
        ticktext=[plain(name) for name in columns],
        tickfont={"color": INK},
        **bare,
    )
    figure.update_yaxes(
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(range(len(rows))),
        ticktext=[plain(name) for name in rows],
        tickfont={"color": INK},
        **bare,
    )
