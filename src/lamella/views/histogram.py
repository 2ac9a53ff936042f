"""Histogram: how a number is distributed, in one group or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.columns import check_columns
from lamella.plots.labels import corner_note, counted
from lamella.plots.style import colour_key, faded, new_figure, plain
from lamella.registry import views
from lamella.results import Table
from lamella.views.lines import series_colours

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@views.register(record="table")
def histogram(
    table: Table,
    *,
    value: str = "value",
    group: str | None = None,
    bins: int = 40,
    palette: str | None = None,
    title: str = "",
) -> Figure:
    """The share of values in each of `bins` equal bins, one outline per group.

    `value` and `group` name columns; values that are not finite are left out and counted in the
    note. All groups share their bins, and each sums to 100 %.
    """
    wanted = (value, group) if group else (value,)
    check_columns(table, wanted, "histogram()")
    numbers = np.asarray(table.columns[value], float)
    groups = np.asarray(table.columns[group] if group else np.full(len(numbers), "")).astype(str)
    names = list(dict.fromkeys(groups.tolist()))
    fine = np.isfinite(numbers)
    colours = series_colours(names, palette)
    key = colour_key(names, colours) if group else ""
    lost = int((~fine).sum())
    note = counted(int(fine.sum()), "value") + f", {lost:,} not finite left out" * (lost > 0)
    figure = new_figure(title or table.title, note, height=260, key=key)
    if fine.any():
        edges = np.histogram_bin_edges(numbers[fine], bins)
        for name, colour in zip(names, colours, strict=True):
            _outline(figure, numbers[fine & (groups == name)], edges, name, colour)
    else:
        corner_note(figure, "no values", x=0.5, y=0.5)
    figure.update_xaxes(title_text=plain(value), showgrid=False)
    figure.update_yaxes(title_text="share of values, %", rangemode="tozero")
    return figure


def _outline(figure: Figure, values: np.ndarray, edges: np.ndarray, name: str, colour: str) -> None:
    counts, _ = np.histogram(values, edges)
    shares = 100 * counts / max(len(values), 1)
    figure.add_scatter(
        x=np.append(edges, edges[-1]).tolist(),
        y=[*shares.tolist(), float(shares[-1]), 0.0],
        mode="lines",
        line={"color": colour, "width": 1.6, "shape": "hv"},
        fill="tozeroy",
        fillcolor=faded(colour, 0.15),
        name=plain(name),
        hovertemplate="from %{x:.4g}: %{y:.3g} %<extra>%{fullData.name}</extra>",
    )
