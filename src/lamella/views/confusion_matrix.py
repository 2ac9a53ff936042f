"""Confusion matrix: which class was taken for which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.cells import draw_cells, header_room, label_room
from lamella.plots.style import DIVERGING, FAINT, WIDTH, new_figure, plain
from lamella.registry import views
from lamella.results import Matrix

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@views.register(record="matrix")
def confusion_matrix(matrix: Matrix, *, title: str = "") -> Figure:
    """Counts of true class (rows) by predicted class (columns).

    Blue on the diagonal is the share of the class that is right; vermillion elsewhere is wrong,
    darkest at the most frequent confusion, so that a single pair stands out.
    """
    rows, columns = matrix.values.shape
    left = label_room(matrix.rows, 18) + 20
    side = max(14.0, min(46.0, (WIDTH - left - 16) / max(columns, 1), 620 / max(rows, 1)))
    figure = new_figure(
        title or matrix.title,
        _note(matrix.values),
        height=side * rows,
        left=left,
        top=header_room(matrix, side * columns) + 20,
        bottom=10,
    )
    draw_cells(
        figure,
        matrix,
        stops=DIVERGING,
        low=-1,
        high=1,
        width=side * columns,
        height=side * rows,
        colours=_colours(matrix.values),
    )
    grey = {"size": 12, "color": FAINT}
    for axis, label in (
        ("x", matrix.column_label or "predicted"),
        ("y", matrix.row_label or "true"),
    ):
        title_of = {"text": plain(label), "standoff": 4, "font": grey}
        figure.update_layout({f"{axis}axis": {"title": title_of, "constrain": "domain"}})
    figure.update_layout(yaxis_scaleanchor="x")
    figure.update_layout(xaxis_constraintoward="left", yaxis_constraintoward="top")
    return figure


def _colours(values: np.ndarray) -> np.ndarray:
    """Share right on the diagonal, minus the count over the most frequent error elsewhere."""
    counts = np.nan_to_num(values)
    right = np.eye(*counts.shape, dtype=bool)
    worst = counts[~right].max(initial=0) or 1.0
    of_class = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return np.where(
        np.isfinite(values), np.where(right, counts / of_class, -counts / worst), np.nan
    )


def _note(values: np.ndarray) -> str:
    counts = np.nan_to_num(values)
    total, right = counts.sum(), np.trace(counts)
    if not total:
        return "no samples"
    return f"{right:,.0f} of {total:,.0f} right, {right / total:.1%} · vermillion: wrong"
