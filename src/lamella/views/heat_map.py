"""Heat map: one number at each layer and epoch, or at any rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamella.plots.cells import (
    COLOUR_BAR,
    colour_bar,
    draw_cells,
    header_room,
    label_room,
    limits,
    name_columns,
    row_height,
)
from lamella.plots.style import DIVERGING, SEQUENTIAL, WIDTH, new_figure
from lamella.registry import views
from lamella.results import Matrix

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

DIRECTIONS = {"low": "lower is better", "high": "higher is better"}


@views.register(record="matrix")
def heat_map(
    matrix: Matrix,
    *,
    better: str | None = None,
    span: tuple[float, float] | None = None,
    diverging: bool = False,
    log: bool = False,
    title: str = "",
) -> Figure:
    """Rows downwards, columns to the right, one coloured cell for each value with its number.

    Low values are pale, high ones dark; `diverging` puts 0 in the middle instead. `span` fixes
    the ends of the scale, so that figures can share one. Cells without a value are striped;
    cells under about 26 pixels carry no number (hover shows it).
    """
    rows = len(matrix.rows)
    left, height = label_room((*matrix.rows, matrix.column_label)), max(1, rows) * row_height(rows)
    width = WIDTH - left - COLOUR_BAR
    low, high = limits(matrix.values, log=log) if span is None else span
    if diverging:
        high = max(abs(low), abs(high))
        low = -high
    figure = new_figure(
        title or matrix.title or matrix.value_label,
        DIRECTIONS.get(better or "", ""),
        height=height,
        left=left,
        right=COLOUR_BAR,
        top=header_room(matrix, width),
        bottom=10,
    )
    bar = colour_bar(matrix.value_label, low, high, log) if height >= 84 else None
    draw_cells(
        figure,
        matrix,
        stops=DIVERGING if diverging else SEQUENTIAL,
        low=low,
        high=high,
        width=width,
        height=height,
        log=log,
        bar=bar,
    )
    name_columns(figure, matrix.column_label)
    return figure
