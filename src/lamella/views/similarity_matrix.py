"""Similarity matrix: every layer (or epoch, or run) against every other, in square cells."""

from __future__ import annotations

from lamella.plots.figure import WIDTH, Figure
from lamella.plots.matrices import matrix_panel
from lamella.plots.palette import SEQUENTIAL
from lamella.plots.scales import limits
from lamella.registry import views
from lamella.results import Matrix


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
    stops = tuple(reversed(SEQUENTIAL)) if better == "low" else SEQUENTIAL
    rows, columns = matrix.values.shape
    side = max(4.0, min(46.0, (WIDTH - 200) / max(columns, 1), 620 / max(rows, 1)))
    ends = limits(matrix.values) if span is None else span
    panel = matrix_panel(matrix, ends, stops=stops, scale=matrix.value_label, side=side)
    return Figure((panel,), title or matrix.title or matrix.value_label)
