"""F1 against dimension: how few dimensions keep each class linearly separable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.columns import check_columns
from lamella.plots.labels import end_labels, last_finite, padded, text_width
from lamella.plots.style import INK, WIDTH, class_colour, new_figure, plain
from lamella.registry import views
from lamella.results import Table
from lamella.views.lines import add_band, add_line

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

FULL, MICRO = "full", "micro"  # words of the measure perceptron_f1
LEFT = 58


@views.register(record="table")
def f1_against_dimension(table: Table, *, title: str = "") -> Figure:
    """F1 per class against the dimension that the features were compressed to, logarithmic axis.

    The table has columns `class`, `method`, `dimension` and `f1` (the measure `perceptron_f1`);
    method "full" is without compression and stands as a diamond at its dimension; class "micro"
    is in ink. One panel per method. With a column `seed`, the line is the mean, the band least to
    greatest.
    """
    check_columns(table, ("class", "method", "dimension", "f1"), "f1_against_dimension()")
    columns = {name: np.asarray(column) for name, column in table.columns.items()}
    names = list(dict.fromkeys(map(str, columns["class"])))
    methods = [m for m in dict.fromkeys(map(str, columns["method"])) if m != FULL] or [FULL]
    right = 24 + max(map(text_width, names))
    note = "diamonds: all dimensions" + " · bands: least to greatest over seeds" * (
        "seed" in columns
    )
    figure = new_figure(title or table.title, note, height=300, left=LEFT, right=right, top=30)
    span = padded(columns["f1"].astype(float))
    for at, method in enumerate(methods):
        axis = "" if at == 0 else str(at + 1)
        ends = [
            (_draw_class(figure, columns, name, method, colour, axis), name, colour)
            for name, colour in zip(names, _colours(names), strict=True)
        ]
        _place(figure, axis, method, at, len(methods), right, columns["dimension"], span)
        if at == len(methods) - 1:
            end_labels(figure, ends, span, axis=axis)
    return figure


def _colours(names: list[str]) -> list[str]:
    lively = [name for name in names if name != MICRO]
    return [INK if name == MICRO else class_colour(lively.index(name)) for name in names]


def _draw_class(
    figure: Figure, columns: dict[str, np.ndarray], name: str, method: str, colour: str, axis: str
) -> float:
    """Draw one class in one panel; the F1 at its right end."""
    here = (columns["class"].astype(str) == name) & (columns["method"].astype(str) == method)
    x, mean, low, high = _over_seeds(columns, here)
    full = (columns["class"].astype(str) == name) & (columns["method"].astype(str) == FULL)
    last = last_finite(mean)
    if method != FULL:
        if "seed" in columns:
            add_band(figure, x.tolist(), low, high, colour, axis)
        add_line(
            figure, x.tolist(), mean, name, colour, axis=axis, width=2.6 if name == MICRO else 2
        )
    if full.any():
        x, mean, _, _ = _over_seeds(columns, full)
        last = last_finite(mean)
        figure.add_scatter(
            x=x.tolist(),
            y=mean.tolist(),
            mode="markers",
            marker={"symbol": "diamond", "size": 8, "color": colour},
            name=f"{plain(name)}, {FULL}",
            hovertemplate="all %{x} dimensions: %{y:.4g}<extra>%{fullData.name}</extra>",
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
        )
    return last


def _over_seeds(columns: dict[str, np.ndarray], here: np.ndarray) -> tuple:
    dimension, f1 = columns["dimension"][here], columns["f1"][here].astype(float)
    x = np.unique(dimension)
    groups = [f1[dimension == d] for d in x]
    return (x, *(np.array([f(g) for g in groups]) for f in (np.mean, np.min, np.max)))


def _spaced(ticks: np.ndarray, room: float) -> list[int]:
    """The ticks whose labels do not touch on a logarithmic axis of `room` pixels, last first."""
    places = room * np.log(ticks) / max(np.log(ticks[-1] / ticks[0]), 1e-9)
    kept: list[int] = []
    edge = np.inf
    for tick, at in zip(ticks[::-1].tolist(), places[::-1], strict=True):
        half = text_width(str(tick)) / 2 + 2
        if at + half <= edge:
            kept.append(tick)
            edge = at - half
    return kept[::-1]


def _place(
    figure: Figure,
    axis: str,
    method: str,
    at: int,
    panels: int,
    right: int,
    dimensions: np.ndarray,
    span: list[float],
) -> None:
    share, gap = (1 - 0.06 * (panels - 1)) / panels, 0.06
    room = (WIDTH - LEFT - right) * share
    shown = _spaced(np.unique(dimensions).astype(int), room)
    figure.update_layout(
        {
            f"xaxis{axis}": {
                "domain": [at * (share + gap), min(1, at * (share + gap) + share)],
                "anchor": f"y{axis}",
                "type": "log",
                "range": padded(dimensions.astype(float), log=True),
                "tickvals": shown,
                "ticktext": [str(t) for t in shown],
                "tickangle": 0,
                "title": {"text": "dimension"},
                "showgrid": False,
            },
            f"yaxis{axis}": {
                "anchor": f"x{axis}",
                "range": span,
                "showticklabels": at == 0,
                "title": {"text": "F1" if at == 0 else ""},
            },
        }
    )
    figure.add_annotation(
        x=0,
        xref=f"x{axis} domain",
        y=1,
        yref=f"y{axis} domain",
        yshift=12,
        xanchor="left",
        yanchor="middle",
        text=f"<span style='font-weight:600'>{plain(method.upper())}</span>",
        showarrow=False,
        font={"size": 12},
    )
