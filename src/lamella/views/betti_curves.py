"""Betti curves: how many components, loops and voids there are at each scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.labels import corner_note, padded
from lamella.plots.style import HOMOLOGY, colour_key, faded, new_figure, plain
from lamella.registry import views
from lamella.results import Curve, Diagrams
from lamella.views.barcode import NAMES, axis_end

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@views.register(record="diagrams")
def betti_curves(
    diagrams: Diagrams | Curve,
    *,
    dimensions: Sequence[int] | None = None,
    to: float | None = None,
    log: bool = True,
    title: str = "",
) -> Figure:
    """The number of bars alive at each scale, one step curve per homology dimension.

    Takes diagrams, drawn exactly (each birth steps up, each death down), or a curve whose series
    are dimensions in order, with a band where there is one. `log` counts on a logarithmic axis,
    on which zero is not drawn.
    """
    curves = _of_curve(diagrams) if isinstance(diagrams, Curve) else _of_diagrams(diagrams)
    if dimensions is not None:
        curves = {d: curves[d] for d in dimensions if d in curves}
    unit = diagrams.x_label if isinstance(diagrams, Curve) else f"scale ({diagrams.unit})"
    key = colour_key([NAMES[d] for d in curves], [HOMOLOGY[d] for d in curves])
    figure = new_figure(title or _title(diagrams), height=300, left=64, key=key)
    for dimension, (x, y, low, high) in curves.items():
        if low is not None and high is not None:
            _band(figure, dimension, x, low, high)
        _steps(figure, dimension, x, y)
    if not curves:
        corner_note(figure, plain(getattr(diagrams, "why_empty", "") or "no bars"), x=0.5, y=0.5)
    if isinstance(diagrams, Diagrams):
        figure.update_xaxes(range=[0, axis_end(diagrams) if to is None else to])
    counts = np.concatenate([y for _, y, _, _ in curves.values()] or [np.ones(1)])
    kind = "log" if log and counts.max() > 20 else "linear"
    span = padded(counts, log=kind == "log", zero=True)
    figure.update_yaxes(title_text="features alive", type=kind, range=span)
    if kind == "log":
        figure.update_yaxes(dtick=1)
    figure.update_xaxes(title_text=plain(unit))
    return figure


def steps(bars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The scales at which the number of living bars changes, and the number from there on.

    >>> steps(np.array([[0.0, 2.0], [0.0, np.inf], [1.0, 2.0]]))
    (array([0., 1., 2.]), array([2, 3, 1]))
    """
    deaths = bars[np.isfinite(bars[:, 1]), 1]
    scales = np.unique(np.concatenate([bars[:, 0], deaths]))
    born = np.searchsorted(np.sort(bars[:, 0]), scales, side="right")
    return scales, born - np.searchsorted(np.sort(deaths), scales, side="right")


def _of_diagrams(diagrams: Diagrams) -> dict[int, tuple]:
    curves: dict[int, tuple] = {}
    for dimension in diagrams.dimensions:
        x, y = steps(diagrams.bars(dimension))
        curves[dimension] = (np.append(x, axis_end(diagrams)), np.append(y, y[-1]), None, None)
    return curves


def _of_curve(curve: Curve) -> dict[int, tuple]:
    bands = [(None, None)] * len(curve.y)
    if curve.low is not None and curve.high is not None:
        bands = list(zip(curve.low, curve.high, strict=True))
    return {
        _dimension(name, at): (curve.x, y, *band)
        for at, (name, y, band) in enumerate(zip(curve.series, curve.y, bands, strict=True))
    }


def _dimension(name: str, at: int) -> int:
    """The dimension in a series' name such as `H1`, or else its place."""
    digits = [c for c in name if c.isdigit()]
    return min(int(digits[-1]), len(NAMES) - 1) if digits else at


def _title(record: Diagrams | Curve) -> str:
    return record.title if isinstance(record, Curve) else ""


def _steps(figure: Figure, dimension: int, x: np.ndarray, y: np.ndarray) -> None:
    figure.add_scatter(
        x=np.asarray(x).tolist(),
        y=np.asarray(y).tolist(),
        mode="lines",
        line={"color": HOMOLOGY[dimension], "width": 2, "shape": "hv"},
        name=NAMES[dimension],
        hovertemplate="scale %{x:.4g}: %{y:.4g}<extra>" + NAMES[dimension] + "</extra>",
    )


def _band(figure: Figure, dimension: int, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    line = {"width": 0, "shape": "hv"}
    figure.add_scatter(x=list(x), y=list(low), mode="lines", line=line, hoverinfo="skip")
    figure.add_scatter(
        x=list(x),
        y=list(high),
        mode="lines",
        line=line,
        fill="tonexty",
        fillcolor=faded(HOMOLOGY[dimension], 0.18),
        hoverinfo="skip",
        name="band",
    )
