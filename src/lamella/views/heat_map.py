"""Heat map: one number at each layer and epoch, or at any rows and columns."""

from __future__ import annotations

from lamella.plots.figure import Figure
from lamella.plots.matrices import DIRECTIONS, matrix_panel
from lamella.plots.palette import DIVERGING, SEQUENTIAL
from lamella.plots.scales import limits
from lamella.registry import views
from lamella.results import Matrix


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
    cells that are too small for their number carry none (the pointer shows it).
    """
    low, high = limits(matrix.values, log=log) if span is None else span
    if diverging:
        high = max(abs(low), abs(high))
        low = -high
    stops = DIVERGING if diverging else SEQUENTIAL
    panel = matrix_panel(matrix, (low, high), stops=stops, log=log, scale=matrix.value_label)
    name = title or matrix.title or matrix.value_label
    return Figure((panel,), name, DIRECTIONS.get(better or "", ""))
