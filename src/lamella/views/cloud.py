"""Cloud: the points of one cell placed in two or three dimensions, coloured by class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.errors import bad_input
from lamella.plots.labels import corner_note, counted
from lamella.plots.style import CLASSES, HAIR, SOFT, class_colour, colour_key, new_figure, plain
from lamella.registry import views
from lamella.results import Embedding

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

SYMBOLS = (
    "circle",
    "diamond",
    "square",
    "cross",
    "triangle-up",
)  # after ten classes colours repeat

GAUGE = 46  # pixels of the bar that shows the share of neighbours kept


@views.register(record="embedding")
def cloud(embedding: Embedding, *, size: float = 5, title: str = "") -> Figure:
    """The embedded points in an order that hides no class, and how far the picture can be trusted.

    The gauge below the cloud says how many of the 15 nearest neighbours in the layer are still
    neighbours in the picture, and the trustworthiness (Venna and Kaski 2001). Both axes have one
    scale.
    """
    points = np.asarray(embedding.points, float)
    if points.ndim != 2 or points.shape[1] not in (2, 3):
        raise bad_input(
            "cloud()",
            wanted="an embedding of shape points x 2 or 3",
            got=str(points.shape),
            do="Embed in 2 or 3 dimensions",
        )
    figure = new_figure(
        title or embedding.title,
        embedding.method,
        height=420,
        left=36,
        bottom=58,
        key=class_key(embedding),
    )
    order = np.random.default_rng(0).permutation(len(points))
    (_draw_flat if points.shape[1] == 2 else _draw_deep)(figure, embedding, points, order, size)
    _draw_gauge(figure, embedding)
    if not len(points):
        corner_note(figure, "no points", x=0.5, y=0.5)
    return figure


def gauge(embedding: Embedding) -> str:
    """What a reader must know before believing the picture, in words."""
    parts = []
    kept, trust = embedding.neighbours_kept, embedding.trustworthiness
    if math.isfinite(kept):
        parts.append(f"{kept:.0%} of neighbours kept")
    if math.isfinite(trust):
        parts.append(f"trustworthiness {trust:.2f}")
    return " · ".join([*parts, counted(len(embedding.points), "point")])


def _draw_gauge(figure: Figure, embedding: Embedding) -> None:
    kept = embedding.neighbours_kept
    bars = [(GAUGE, HAIR), (GAUGE * kept, SOFT)] if math.isfinite(kept) else []
    for width, colour in bars:
        figure.add_shape(
            type="rect",
            xref="paper",
            yref="paper",
            xsizemode="pixel",
            ysizemode="pixel",
            xanchor=0,
            yanchor=0,
            x0=0,
            x1=width,
            y0=-42,
            y1=-46,
            fillcolor=colour,
            line={"width": 0},
        )
    figure.add_annotation(
        x=0,
        y=0,
        xref="paper",
        yref="paper",
        xanchor="left",
        yanchor="middle",
        xshift=GAUGE + 6 if bars else 0,
        yshift=-44,
        text=gauge(embedding),
        showarrow=False,
        font={"size": 12, "color": SOFT},
    )


def class_key(embedding: Embedding) -> str:
    """The classes that occur, as coloured dots with names."""
    present = _classes(embedding)
    return colour_key([class_name(embedding, c) for c in present], list(map(class_colour, present)))


def class_name(embedding: Embedding, index: int) -> str:
    """The name of a class, or its number."""
    names = embedding.class_names
    return names[index] if 0 <= index < len(names) else f"class {index}"


def class_marker(labels: np.ndarray) -> dict[str, Any]:
    """Colour and, beyond ten classes, shape of each point by its class."""
    steps = [((i + edge) / len(CLASSES), c) for i, c in enumerate(CLASSES) for edge in (0, 1)]
    marker: dict[str, Any] = {
        "color": (labels % len(CLASSES)).tolist(),
        "colorscale": steps,
        "cmin": -0.5,
        "cmax": len(CLASSES) - 0.5,
    }
    if labels.max(initial=0) >= len(CLASSES):
        marker["symbol"] = [SYMBOLS[(v // len(CLASSES)) % len(SYMBOLS)] for v in labels]
    return marker


def label_array(embedding: Embedding) -> np.ndarray:
    """The class index of each point; all 0 where there are none."""
    if embedding.labels is None:
        return np.zeros(len(embedding.points), int)
    return np.asarray(embedding.labels).astype(int)


def _classes(embedding: Embedding) -> list[int]:
    return [] if embedding.labels is None else np.unique(label_array(embedding)).tolist()


def _hover(embedding: Embedding, order: np.ndarray) -> list[str]:
    ids = np.arange(len(order)) if embedding.ids is None else np.asarray(embedding.ids)
    labels = label_array(embedding)
    return [f"#{ids[i]} {plain(class_name(embedding, int(labels[i])))}" for i in order]


def _marker(embedding: Embedding, order: np.ndarray, size: float) -> dict[str, Any]:
    shape = {"size": size, "opacity": 0.85, "line": {"width": 0}}
    if embedding.labels is None:
        return {**shape, "color": SOFT}
    return {**shape, **class_marker(label_array(embedding)[order])}


def _draw_flat(
    figure: Figure, embedding: Embedding, points: np.ndarray, order: np.ndarray, size: float
) -> None:
    figure.add_scatter(
        x=points[order, 0].tolist(),
        y=points[order, 1].tolist(),
        mode="markers",
        marker=_marker(embedding, order, size),
        text=_hover(embedding, order),
        hovertemplate="%{text}<extra></extra>",
        name="points",
    )
    names = [*embedding.axes, "", ""]
    bare = {"showgrid": False, "showticklabels": False, "ticks": "", "mirror": True}
    figure.update_xaxes(title={"text": plain(names[0]), "standoff": 6}, **bare)
    figure.update_yaxes(
        title={"text": plain(names[1]), "standoff": 6}, scaleanchor="x", scaleratio=1, **bare
    )


def _draw_deep(
    figure: Figure, embedding: Embedding, points: np.ndarray, order: np.ndarray, size: float
) -> None:
    figure.add_scatter3d(
        x=points[order, 0].tolist(),
        y=points[order, 1].tolist(),
        z=points[order, 2].tolist(),
        mode="markers",
        marker=_marker(embedding, order, 0.6 * size),
        text=_hover(embedding, order),
        hovertemplate="%{text}<extra></extra>",
        name="points",
    )
    small = {"size": 11, "color": SOFT}
    titles = [{"text": plain(name), "font": small} for name in (*embedding.axes, "", "", "")[:3]]
    figure.update_scenes(
        aspectmode="data",
        xaxis_title=titles[0],
        yaxis_title=titles[1],
        zaxis_title=titles[2],
    )
