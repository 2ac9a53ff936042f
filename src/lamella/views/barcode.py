"""Barcode: each feature of a cloud as a bar from its birth to its death."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.labels import corner_note, counted, short
from lamella.plots.style import HOMOLOGY, faded, new_figure, plain
from lamella.registry import views
from lamella.results import Diagrams

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

NAMES = ("H₀ components", "H₁ loops", "H₂ voids", "H₃")
BAR, GAP = 5, 22  # pixels of a bar and between two dimensions


@views.register(record="diagrams")
def barcode(
    diagrams: Diagrams,
    *,
    dimensions: Sequence[int] | None = None,
    most: int = 40,
    to: float | None = None,
    title: str = "",
) -> Figure:
    """The longest bars of each homology dimension, oldest first, against scale.

    Of each dimension the `most` longest bars are drawn, and the figure says of how many. A bar
    that never dies ends in an arrow. Where the diagrams carry a threshold, bars that are not
    longer than it are pale. `to` is the right end of the axis, so that cells can share one.

    Source: Ghrist 2008, Barcodes: the persistent topology of data.
    """
    wanted = diagrams.dimensions if dimensions is None else tuple(dimensions)
    chosen = {d: longest(diagrams.bars(d), most) for d in wanted}
    rows = sum(len(bars) for bars in chosen.values())
    height = max(120, BAR * rows + GAP * len(chosen))
    figure = new_figure(title, _note(diagrams), height=height, left=20)
    end = axis_end(diagrams) if to is None else to
    at = 0.0
    for dimension, bars in chosen.items():
        heading(figure, dimension, len(bars), len(diagrams.bars(dimension)), at)
        at += GAP / BAR
        draw_bars(figure, bars, dimension, at, end, diagrams.threshold)
        at += len(bars)
    figure.update_xaxes(title_text=plain(f"scale ({diagrams.unit})"), range=[0, end])
    figure.update_yaxes(visible=False, range=[max(at, height / BAR), 0])
    if not rows:
        corner_note(figure, plain(diagrams.why_empty or "no bars"), x=0.5, y=0.5)
    return figure


def longest(bars: np.ndarray, most: int) -> np.ndarray:
    """The `most` longest bars in order of birth, then of length.

    >>> longest(np.array([[0.0, 1.0], [0.0, 3.0], [0.5, 0.6]]), 2).tolist()
    [[0.0, 3.0], [0.0, 1.0]]
    """
    kept = bars[np.argsort(bars[:, 0] - bars[:, 1], kind="stable")[:most]]
    return kept[np.lexsort((-kept[:, 1], kept[:, 0]))]


def axis_end(diagrams: Diagrams) -> float:
    """A little beyond the last finite birth or death."""
    ends = np.concatenate([diagrams.birth, diagrams.death])
    return 1.05 * float(ends[np.isfinite(ends)].max(initial=0)) or 1.0


def _note(diagrams: Diagrams) -> str:
    parts = [counted(diagrams.points, "point")] if diagrams.points else []
    if diagrams.threshold is not None:
        parts.append(f"full colour: longer than {short(diagrams.threshold)}, taken as signal")
    if diagrams.bound > 0:
        parts.append(f"from landmarks, each end within {short(diagrams.bound)}")
    return " · ".join(parts)


def heading(
    figure: Figure, dimension: int, shown: int, count: int, at: float, axis: str = ""
) -> None:
    """Name a homology dimension and how many of its bars are drawn, above them."""
    of = f"{shown} longest of {count:,}" if shown < count else f"{count:,}"
    figure.add_annotation(
        x=0,
        xref=f"x{axis} domain",
        y=at + 0.55 * GAP / BAR,
        yref=f"y{axis}",
        text=f"{NAMES[dimension]}: {of}",
        showarrow=False,
        xanchor="left",
        yanchor="middle",
        font={"size": 12, "color": HOMOLOGY[dimension]},
    )


def draw_bars(
    figure: Figure,
    bars: np.ndarray,
    dimension: int,
    at: float,
    end: float,
    least: float | None,
    axis: str = "",
) -> None:
    """Draw bars downwards from row `at`; those no longer than `least` are pale."""
    signal = np.full(len(bars), True) if least is None else bars[:, 1] - bars[:, 0] > least
    for strong in (True, False):
        rows = np.flatnonzero(signal == strong)
        if not len(rows):
            continue
        colour = HOMOLOGY[dimension] if strong else faded(HOMOLOGY[dimension], 0.4)
        figure.add_scatter(
            x=_interleaved(bars[rows, 0], np.where(np.isinf(bars[rows, 1]), end, bars[rows, 1])),
            y=_interleaved(at + rows + 0.5, at + rows + 0.5),
            mode="lines",
            line={"color": colour, "width": BAR - 2},
            name=NAMES[dimension],
            hovertemplate="%{x:.4g}<extra>" + NAMES[dimension] + "</extra>",
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
        )
    for row in np.flatnonzero(np.isinf(bars[:, 1])):
        figure.add_annotation(
            x=1,
            xref=f"x{axis} domain",
            y=at + row + 0.5,
            yref=f"y{axis}",
            text="▸",
            showarrow=False,
            xanchor="left",
            xshift=-3,
            font={"size": 11, "color": HOMOLOGY[dimension]},
        )


def _interleaved(first: np.ndarray, second: np.ndarray) -> list[float | None]:
    """Pairs with a gap after each, so that one trace draws separate lines."""
    return [v for a, b in zip(first.tolist(), second.tolist(), strict=True) for v in (a, b, None)]
