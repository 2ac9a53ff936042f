"""Persistence diagram: each feature as a point at its birth and death."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.labels import corner_note, counted, short
from lamella.plots.style import FAINT, HOMOLOGY, LINE, SOFT, SUNK, colour_key, new_figure, plain
from lamella.registry import views
from lamella.results import Diagrams
from lamella.views.barcode import NAMES, axis_end

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

SYMBOLS = ("circle", "diamond", "square", "triangle-up")


@views.register(record="diagrams")
def birth_death(
    diagrams: Diagrams,
    *,
    dimensions: Sequence[int] | None = None,
    to: float | None = None,
    title: str = "",
) -> Figure:
    """Each bar as a point at (birth, death); far from the diagonal means long.

    Bars that never die lie on the line marked with infinity. A grey band along the diagonal
    holds the points that could be the landmarks' doing: when diagrams move by at most the bound,
    a point within twice the bound of the diagonal may have none behind it. The dotted line
    marks the threshold above which a bar counts as signal.

    Source: Cohen-Steiner, Edelsbrunner, Harer 2007, Stability of persistence diagrams.
    """
    wanted = diagrams.dimensions if dimensions is None else tuple(dimensions)
    end = axis_end(diagrams) if to is None else to
    endless = bool(np.isinf(diagrams.death[np.isin(diagrams.dimension, wanted)]).any())
    top = 1.08 * end if endless else end
    key = colour_key([_key_text(diagrams, d) for d in wanted], [HOMOLOGY[d] for d in wanted])
    figure = new_figure(title, _note(diagrams), height=420, left=64, key=key)
    _draw_limits(figure, diagrams, end, top, endless)
    for dimension in wanted:
        bars = diagrams.bars(dimension)
        figure.add_scatter(
            x=bars[:, 0].tolist(),
            y=np.where(np.isinf(bars[:, 1]), 1.04 * end, bars[:, 1]).tolist(),
            mode="markers",
            marker={
                "size": 6 if len(bars) <= 500 else 4,
                "opacity": 0.75,
                "color": HOMOLOGY[dimension],
                "symbol": SYMBOLS[dimension],
            },
            cliponaxis=False,
            name=NAMES[dimension],
            hovertemplate="birth %{x:.4g}, death %{y:.4g}<extra>" + NAMES[dimension] + "</extra>",
        )
    unit = plain(diagrams.unit)
    figure.update_xaxes(title_text=f"birth ({unit})", range=[-0.02 * end, end])
    figure.update_yaxes(title_text=f"death ({unit})", range=[-0.02 * end, top])
    figure.update_yaxes(scaleanchor="x", constrain="domain")
    figure.update_xaxes(constrain="domain", constraintoward="left")
    if not any(len(diagrams.bars(d)) for d in wanted):
        corner_note(figure, plain(diagrams.why_empty or "no bars"), x=0.5, y=0.5)
    return figure


def _key_text(diagrams: Diagrams, dimension: int) -> str:
    return f"{NAMES[dimension]} {len(diagrams.bars(dimension)):,}"


def _note(diagrams: Diagrams) -> str:
    parts = [counted(diagrams.points, "point")] if diagrams.points else []
    if diagrams.bound > 0:
        parts.append(f"grey band: landmarks move a point by up to {short(diagrams.bound)}")
    if diagrams.threshold is not None:
        parts.append(f"above the dotted line: longer than {short(diagrams.threshold)}, signal")
    return " · ".join(parts)


def _draw_limits(figure: Figure, diagrams: Diagrams, end: float, top: float, endless: bool) -> None:
    if diagrams.bound > 0:
        lift = 2 * diagrams.bound
        figure.add_scatter(
            x=[0, end, end, 0],
            y=[0, end, end + lift, lift],
            mode="lines",
            fill="toself",
            fillcolor=SUNK,
            line={"width": 0},
            hoverinfo="skip",
            name="landmark bound",
        )
    figure.add_scatter(
        x=[0, top],
        y=[0, top],
        mode="lines",
        line={"color": LINE, "width": 1},
        hoverinfo="skip",
        name="diagonal",
    )
    if diagrams.threshold is not None:
        figure.add_scatter(
            x=[0, end],
            y=[diagrams.threshold, end + diagrams.threshold],
            mode="lines",
            line={"color": FAINT, "width": 1, "dash": "dot"},
            hoverinfo="skip",
            name="threshold",
        )
    if endless:
        figure.add_hline(y=1.04 * end, line={"color": LINE, "width": 1})
        figure.add_annotation(
            x=1,
            xref="x domain",
            y=1.04 * end,
            text="never dies (∞)",
            showarrow=False,
            xanchor="left",
            xshift=5,
            font={"size": 12, "color": SOFT},
        )
