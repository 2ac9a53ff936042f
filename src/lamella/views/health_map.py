"""Health map: dead and saturated units, gradients and updates by layer and epoch, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lamella.plots.cells import (
    draw_cells,
    header_room,
    label_room,
    limits,
    name_columns,
    row_height,
)
from lamella.plots.labels import short
from lamella.plots.style import FAINT, SEQUENTIAL, WIDTH, new_figure, plain
from lamella.registry import views
from lamella.results import Matrix

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

GAP, NAME = 18, 32  # pixels between panels and for the name of each


@views.register(record="matrix", many=True)
def health_map(
    matrices: Mapping[str, Matrix], *, log: Sequence[str] = (), title: str = ""
) -> Figure:
    """One small heat map per sign of health, each on its own scale, which its heading names.

    `matrices` are layer x epoch by name ("dead units, %", "gradient norm"); those named in `log`
    are coloured by their logarithm. Two stand in a line.
    """
    panels = list(matrices.items())
    across = 1 if len(panels) == 1 else 2
    left = label_room(tuple(name for m in matrices.values() for name in (*m.rows, m.column_label)))
    inner = WIDTH - left - 16
    beside = len({m.rows for m in matrices.values()}) == 1
    width = (inner - (across - 1) * (GAP if beside else left)) / across
    header = NAME + max((header_room(m, width) for m in matrices.values()), default=20)
    rows = max((len(m.rows) * row_height(len(m.rows)) for m in matrices.values()), default=60)
    lines = -(-len(panels) // across)
    whole = lines * (rows + header) - header
    figure = new_figure(
        title,
        "strong colour is high, each map on its own scale",
        height=whole,
        left=left,
        top=header,
        bottom=10,
    )
    for at, (name, matrix) in enumerate(panels):
        axis = "" if at == 0 else str(at + 1)
        line, column = divmod(at, across)
        start = column * (inner - width)
        top = whole - line * (rows + header)
        low, high = limits(matrix.values, log=name in log)
        draw_cells(
            figure,
            matrix,
            stops=SEQUENTIAL,
            low=low,
            high=high,
            width=width,
            height=rows,
            log=name in log,
            axis=axis,
        )
        if column == 0:
            name_columns(figure, matrix.column_label, axis)
        ends = f"{short(low)} to {short(high)}{', log' * (name in log)}"
        _head(figure, axis, name, ends, header)
        figure.update_layout(
            {
                f"xaxis{axis}": {
                    "domain": [start / inner, min(1, (start + width) / inner)],
                    "anchor": f"y{axis}",
                },
                f"yaxis{axis}": {
                    "domain": [max(0, (top - rows) / whole), top / whole],
                    "anchor": f"x{axis}",
                    "showticklabels": column == 0 or not beside,
                },
            }
        )
    return figure


def _head(figure: Figure, axis: str, name: str, ends: str, header: int) -> None:
    figure.add_annotation(
        x=0,
        xref=f"x{axis} domain",
        y=1,
        yref=f"y{axis} domain",
        yshift=header - 20,
        xanchor="left",
        yanchor="middle",
        text=f"<span style='font-weight:600'>{plain(name)}</span>  "
        f"<span style='color:{FAINT}'>{ends}</span>",
        showarrow=False,
        font={"size": 12},
    )
