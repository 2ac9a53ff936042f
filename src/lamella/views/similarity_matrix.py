"""Similarity matrix: every layer (or epoch, or run) against every other, in square cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamella.plots.cells import colour_bar, draw_cells, header_room, label_room, limits, room_for
from lamella.plots.labels import cell_texts
from lamella.plots.style import FAINT, SEQUENTIAL, WIDTH, new_figure, plain
from lamella.registry import views
from lamella.results import Matrix

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

COLOUR_BAR = 70


@views.register(record="matrix")
def similarity_matrix(
    matrix: Matrix,
    *,
    span: tuple[float, float] | None = (0.0, 1.0),
    better: str | None = "high",
    title: str = "",
) -> Figure:
    """Rows against columns in square cells with their numbers.

    `span` fixes the colour scale (CKA lies between 0 and 1); None takes it from the values, for
    distances. With `better="low"` the scale is turned round, so that alike is dark either way.
    """
    rows, columns = matrix.values.shape
    left = label_room(matrix.rows, 18) + 18
    side = max(4.0, min(46.0, (WIDTH - left - COLOUR_BAR) / columns, 620 / rows))
    figure = new_figure(
        title or matrix.title or matrix.value_label,
        height=side * rows,
        left=left,
        right=COLOUR_BAR,
        top=header_room(matrix, side * columns) + 18,
        bottom=10,
    )
    low, high = limits(matrix.values) if span is None else span
    bare = side < room_for(cell_texts(matrix.values))  # no numbers: the scale must tell
    draw_cells(
        figure,
        matrix,
        stops=tuple(reversed(SEQUENTIAL)) if better == "low" else SEQUENTIAL,
        low=low,
        high=high,
        width=side * columns,
        height=side * rows,
        bar=colour_bar(matrix.value_label, low, high) if bare else None,
    )
    figure.update_layout(
        xaxis={"title": {"text": plain(matrix.column_label), "standoff": 4}, "constrain": "domain"},
        yaxis={"scaleanchor": "x", "constrain": "domain"},
    )
    figure.update_layout(
        xaxis_constraintoward="left",
        yaxis_constraintoward="top",
        yaxis_title={"text": plain(matrix.row_label), "standoff": 4, "font": {"color": FAINT}},
    )
    return figure
