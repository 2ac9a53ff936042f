"""The general robust loss and how hard a residual pulls, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamella.plots.anatomy_panels import axes, panel_grid, panel_title
from lamella.plots.style import SEQUENTIAL, colour_key, new_figure
from lamella.results import Curve

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def anatomy_robust_loss(loss: Curve, gradient: Curve, *, title: str = "") -> Figure:
    """Left the loss, right its derivative, one line per shape parameter; dark is robust."""
    colours = [
        SEQUENTIAL[1 + round(4 * i / max(1, len(loss.series) - 1))] for i in range(len(loss.series))
    ]
    figure = new_figure(
        title or loss.title, height=300, key=colour_key(list(loss.series), colours), left=40
    )
    panel_grid(figure, 1, 2, gap=0.09, lift=0.08)
    for at, curve in enumerate((loss, gradient)):
        for name, y, colour in zip(curve.series, curve.y, colours, strict=True):
            figure.add_scatter(
                x=curve.x.tolist(),
                y=y.tolist(),
                mode="lines",
                line={"color": colour, "width": 2},
                name=name,
                hovertemplate="%{x:.2f}: %{y:.4g}<extra>%{fullData.name}</extra>",
                **axes(at),
            )
        panel_title(figure, at, curve.y_label)
    figure.update_layout(
        xaxis={"title": {"text": loss.x_label}},
        xaxis2={"title": {"text": gradient.x_label}},
        yaxis={"range": [-0.1, 4.2]},
    )
    return figure
