"""The panel of coloured cells that heat maps, similarity and confusion matrices share."""

from __future__ import annotations

import numpy as np

from lamella.plots.marks import Cells
from lamella.plots.numbers import cell_texts, short
from lamella.plots.palette import SEQUENTIAL
from lamella.plots.panels import Axis, Panel
from lamella.results import Matrix

DIRECTIONS = {"low": "lower is better", "high": "higher is better"}


def row_height(rows: int) -> int:
    """Pixels of a row: high enough for numbers as long as the figure fits a screen."""
    return 28 if rows <= 14 else 20 if rows <= 30 else max(6, 600 // rows)


def matrix_panel(
    matrix: Matrix,
    ends: tuple[float, float],
    *,
    stops: tuple[str, ...] = SEQUENTIAL,
    tones: np.ndarray | None = None,
    texts: np.ndarray | None = None,
    log: bool = False,
    scale: str | None = None,
    said: tuple[str, ...] = (),
    title: str = "",
    side: float = 0,
) -> Panel:
    """Colour by value from one end to the other, the number in each cell, NaN striped.

    `tones` are coloured in place of the values; `scale` names the numbers under their colours and
    `said` their ends; with a `side` in pixels the cells are square, and both axes are named.
    """
    cells = Cells(
        matrix.values if tones is None else tones,
        *ends,
        stops,
        log,
        texts=cell_texts(matrix.values) if texts is None else texts,
        titles=_titles(matrix),
        scale=scale,
        ends=said,
    )
    rows = max(1, len(matrix.rows))
    return Panel(
        (cells,),
        Axis(matrix.column_label, names=matrix.columns, top=True),
        Axis(matrix.row_label if side else "", names=matrix.rows, flip=True),
        title=title,
        height=rows * (side or row_height(rows)),
        square=bool(side),
    )


def _titles(matrix: Matrix) -> list[list[str]]:
    row, column = matrix.row_label or "row", matrix.column_label or "column"
    value = matrix.value_label or "value"
    where = [[f"{row} {r}, {column} {c}" for c in matrix.columns] for r in matrix.rows]
    return [
        [f"{place}\n{value}: {short(v)}" for place, v in zip(places, line, strict=True)]
        for places, line in zip(where, matrix.values, strict=True)
    ]
