"""Compactness profile: how often the m-th nearest neighbour has another class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.labels import end_labels, last_finite, log_ticks, padded, text_width
from lamella.plots.style import INK, new_figure
from lamella.registry import views
from lamella.results import Curve
from lamella.views.lines import add_band, add_line, series_colours

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@views.register(record="curve")
def compactness_profile(
    curve: Curve | Mapping[str, Curve],
    *,
    first: int | None = None,
    log: bool = False,
    baselines: Sequence[str] = (),
    title: str = "",
) -> Figure:
    """The share of points whose m-th neighbour has another class, in percent, against m.

    One curve shows its classes, with "all" in ink; several, by name of run or layer, show the
    first series of each. `first` shows only the first ranks, `log` puts m on a logarithmic axis;
    `baselines` (raw input, untrained, shuffled) are grey and dashed.

    Source: Vorontsov 2004, Combinatorial substantiation of learning algorithms.
    """
    series = _series(curve)
    names = list(series)
    colours = _colours(names, isinstance(curve, Curve), baselines)
    right = 24 + max(map(text_width, names), default=0)
    figure = new_figure(title or getattr(curve, "title", ""), height=300, right=min(right, 200))
    shown = {name: _cut(one, first) for name, one in series.items()}
    for (name, (x, y, low, high)), colour in zip(shown.items(), colours, strict=True):
        if low is not None and high is not None:
            add_band(figure, x.tolist(), 100 * low, 100 * high, colour)
        dash = "dash" if name in baselines else "solid"
        add_line(figure, x.tolist(), 100 * y, name, colour, dash)
    span = padded(100 * np.concatenate([y for _, y, _, _ in shown.values()]), zero=True)
    figure.update_yaxes(title_text="neighbours of another class, %", range=span)
    figure.update_xaxes(title_text="rank m of the neighbour", showgrid=False)
    if log:
        most = max(float(x[-1]) for x, _, _, _ in shown.values())
        figure.update_xaxes(type="log", **log_ticks([0, np.log10(most)]))
    ends = [
        (last_finite(100 * y), name, colour)
        for (name, (_, y, _, _)), colour in zip(shown.items(), colours, strict=True)
    ]
    end_labels(figure, ends, span)
    return figure


def _series(curve: Curve | Mapping[str, Curve]) -> dict[str, tuple]:
    if isinstance(curve, Curve):
        return {name: _row(curve, at) for at, name in enumerate(curve.series)}
    return {name: _row(one, 0) for name, one in curve.items()}


def _row(curve: Curve, at: int) -> tuple:
    bands = (None if b is None else b[at] for b in (curve.low, curve.high))
    return (np.asarray(curve.x), curve.y[at], *bands)


def _cut(series: tuple, first: int | None) -> tuple:
    return tuple(None if part is None else part[:first] for part in series)


def _colours(names: list[str], classes: bool, baselines: Sequence[str]) -> list[str]:
    if not classes:
        return series_colours(names, None, baselines)
    lively = [name for name in names if name != "all"]
    colours = dict(zip(lively, series_colours(lively, "classes", baselines), strict=True))
    return [colours.get(name, INK) for name in names]
