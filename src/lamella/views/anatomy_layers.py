"""A network at a glance: parameters, work, memory and receptive field of each layer as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.anatomy_panels import axes, axis_name, panel_grid, panel_title
from lamella.plots.labels import clipped
from lamella.plots.style import SEQUENTIAL, WORSE, new_figure, plain

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from lamella.anatomy.layer_tables import LayerTable

PANELS = ("parameters", "multiply-accumulates", "output bytes", "field, pixels")


def anatomy_layers(table: LayerTable, *, title: str = "") -> Figure:
    """One row per layer from input to output, four bars each; vermillion drops a border."""
    rows = [row for row in table.rows if row.memory or row.parameters or row.macs]
    values = [
        [row.parameters for row in rows],
        [row.macs for row in rows],
        [row.memory for row in rows],
        [row.sight[-1].size if row.sight else np.nan for row in rows],
    ]
    figure = new_figure(
        title or f"{table.model} on {', '.join(table.inputs)}",
        f"{table.parameters:,} parameters, {table.macs:,} multiply-accumulates",
        height=24 + 17 * len(rows),
        left=150,
        bottom=10,
    )
    panel_grid(figure, 1, 4, gap=0.03, lift=30 / (24 + 17 * len(rows)))
    names = [plain(clipped(f"{row.layer} ({row.type})", 26)) for row in rows]
    colours = [WORSE if row.warning else SEQUENTIAL[3] for row in rows]
    for at, (panel, numbers) in enumerate(zip(PANELS, values, strict=True)):
        figure.add_bar(
            x=[None if v != v else float(v) for v in numbers],
            y=list(range(len(rows))),
            orientation="h",
            marker={"color": colours},
            text=[f"{v:,.0f}" if v == v and v else "" for v in numbers],
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            textfont={"size": 10},
            hovertemplate="%{x:,}<extra></extra>",
            **axes(at),
        )
        panel_title(figure, at, panel)
        side = {"range": [len(rows) - 0.4, -0.6], "showticklabels": at == 0, "ticks": ""}
        side |= {"tickvals": list(range(len(rows))), "ticktext": names}
        most = max((v for v in numbers if v == v), default=1) or 1
        bare = {"showticklabels": False, "ticks": "", "showline": False, "range": [0, 1.6 * most]}
        figure.update_layout({f"yaxis{axis_name(at)}": side, f"xaxis{axis_name(at)}": bare})
    figure.update_layout(bargap=0.25)
    return figure
