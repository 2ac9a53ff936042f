"""Histograms of activations, layer by layer, one row for each way to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.anatomy_panels import axes, axis_name, panel_grid, panel_title
from lamella.plots.columns import check_columns
from lamella.plots.labels import clipped
from lamella.plots.style import FAINT, SEQUENTIAL, SMALL, new_figure, plain
from lamella.registry import views
from lamella.results import Table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@views.register(record="table")
def anatomy_histograms(table: Table, *, title: str = "", note: str = "") -> Figure:
    """A grid of histograms: groups downwards, layers to the right, each panel on its own scale.

    Columns of the record: group, layer, centre (of a bin), share, deviation (of the layer, shown
    above its panel). All panels of a group share their bins; heights are relative to the fullest
    bin of each panel.
    """
    wanted = ("group", "layer", "centre", "share", "deviation")
    check_columns(table, wanted, "anatomy_histograms()")
    groups = list(dict.fromkeys(np.asarray(table.columns["group"]).astype(str).tolist()))
    layers = list(dict.fromkeys(np.asarray(table.columns["layer"]).tolist()))
    figure = new_figure(
        title or table.title, note, height=78 * len(groups), left=172, right=8, bottom=26
    )
    panel_grid(figure, len(groups), len(layers), gap=0.008, lift=0.26 / len(groups))
    frame = table.frame()
    for row, group in enumerate(groups):
        for column, layer in enumerate(layers):
            chosen = frame[(frame.group.astype(str) == group) & (frame.layer == layer)]
            at = row * len(layers) + column
            _panel(figure, at, chosen.centre.to_numpy(), chosen.share.to_numpy(), group, layer)
            panel_title(figure, at, f"{chosen.deviation.iloc[0]:.2g}" if len(chosen) else "")
        _name(figure, row * len(layers), group)
    for column, layer in enumerate(layers):
        at = (len(groups) - 1) * len(layers) + column
        figure.update_layout({f"xaxis{axis_name(at)}": {"title": {"text": plain(layer)}}})
    return figure


def _panel(
    figure: Figure, at: int, centre: np.ndarray, share: np.ndarray, group: str, layer: object
) -> None:
    figure.add_bar(
        x=centre.tolist(),
        y=(share / (share.max() or 1)).tolist(),
        marker={"color": SEQUENTIAL[3], "line": {"width": 0}},
        customdata=(100 * share).tolist(),
        hovertemplate=(
            f"{plain(group)}, layer {plain(layer)}<br>"
            "about %{x:.3g}: %{customdata:.2f} %<extra></extra>"
        ),
        **axes(at),
    )
    quiet = {"showticklabels": False, "ticks": "", "showline": True, "linecolor": FAINT}
    figure.update_layout(
        {
            f"xaxis{axis_name(at)}": quiet,
            f"yaxis{axis_name(at)}": {"visible": False, "range": [0, 1.05]},
            "bargap": 0,
        }
    )


def _name(figure: Figure, at: int, group: str) -> None:
    figure.add_annotation(
        text=plain(clipped(group, 26)),
        xref="paper",
        x=0,
        xshift=-6,
        yref=f"y{axis_name(at)} domain",
        y=0.5,
        xanchor="right",
        showarrow=False,
        font={"size": SMALL},
    )
