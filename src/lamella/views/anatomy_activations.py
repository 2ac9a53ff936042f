"""Activations side by side: value and derivative of each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.anatomy_panels import axes, axis_name, panel_grid, panel_title
from lamella.plots.columns import check_columns
from lamella.plots.style import FAINT, RUNS, WORSE, colour_key, new_figure
from lamella.registry import views
from lamella.results import Table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@views.register(record="table")
def anatomy_activations(table: Table, *, columns: int = 4, title: str = "") -> Figure:
    """One panel per activation on common axes: its value, and its derivative in vermillion.

    Columns of the record: activation, input, value, derivative.
    """
    check_columns(table, ("activation", "input", "value", "derivative"), "anatomy_activations()")
    names = list(dict.fromkeys(np.asarray(table.columns["activation"]).astype(str).tolist()))
    rows = math.ceil(len(names) / columns)
    figure = new_figure(
        title or table.title or "Activations",
        height=126 * rows,
        left=30,
        bottom=24,
        key=colour_key(["value", "derivative"], [RUNS[0], WORSE]),
    )
    panel_grid(figure, rows, columns, gap=0.045, lift=0.24 / rows)
    for at, name in enumerate(names):
        chosen = np.asarray(table.columns["activation"]).astype(str) == name
        x = np.asarray(table.columns["input"], float)[chosen]
        for column, colour in (("value", RUNS[0]), ("derivative", WORSE)):
            figure.add_scatter(
                x=x.tolist(),
                y=np.asarray(table.columns[column], float)[chosen].tolist(),
                mode="lines",
                line={"color": colour, "width": 2 if column == "value" else 1.5},
                name=f"{name}, {column}",
                hovertemplate="%{x:.2f}: %{y:.4g}<extra>%{fullData.name}</extra>",
                **axes(at),
            )
        panel_title(figure, at, name)
        style = {"zeroline": True, "zerolinecolor": FAINT, "zerolinewidth": 0.5}
        place = {f"yaxis{axis_name(at)}": style | {"range": [-1.6, 3.2], "dtick": 1}}
        figure.update_layout({**place, f"xaxis{axis_name(at)}": style | {"range": [-4, 4]}})
    for at in range(len(names), rows * columns):
        hidden = {"visible": False}
        figure.update_layout({f"xaxis{axis_name(at)}": hidden, f"yaxis{axis_name(at)}": hidden})
    return figure
