"""Comparison: the same number of two runs on one scale, and their difference."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lamella.errors import bad_input
from lamella.plots.figure import WIDTH, Figure
from lamella.plots.labels import clipped, text_width
from lamella.plots.matrices import DIRECTIONS, matrix_panel
from lamella.plots.numbers import cell_texts, signed
from lamella.plots.palette import DIVERGING
from lamella.plots.scales import limits
from lamella.registry import views
from lamella.results import Matrix


@views.register(record="matrix", many=True)
def comparison(
    matrices: Mapping[str, Matrix], *, better: str | None = None, title: str = ""
) -> Figure:
    """Two matrices on one colour scale, then the second minus the first.

    `matrices` has two entries by the names of the runs. Rows and columns are matched by name; one
    that only one run has is striped in the other. In the difference vermillion means that the
    second run is worse, where `better` ("low" or "high") says which way is good, and otherwise
    that it is lower. Panels stand as near to one line as their numbers allow.
    """
    if len(matrices) != 2:
        raise bad_input(
            "comparison()",
            wanted="two matrices by name",
            got=f"{len(matrices)}",
            do="Pass {'name of A': matrix, 'name of B': matrix}",
        )
    (name_a, a), (name_b, b) = matched(matrices).items()
    unit = a.value_label
    facts = (a.rows, a.columns, a.row_label, a.column_label)
    change = Matrix(b.values - a.values, *facts, f"{unit}, difference" if unit else "difference")
    ends = limits(np.concatenate([a.values.ravel(), b.values.ravel()]))
    texts = cell_texts(np.stack([a.values, b.values]))
    most = float(np.abs(change.values[np.isfinite(change.values)]).max(initial=0)) or 1.0
    panels = [
        matrix_panel(one, ends, texts=text, scale=unit, title=clipped(name))
        for name, one, text in zip((name_a, name_b), (a, b), texts, strict=True)
    ]
    panels.append(
        matrix_panel(
            change,
            (-most, most),
            stops=tuple(reversed(DIVERGING)) if better == "low" else DIVERGING,
            texts=signed(cell_texts(change.values), change.values),
            scale=change.value_label,
            title=clipped(f"{name_b} − {name_a}", 36),
        )
    )
    name = title or a.title or unit
    return Figure(tuple(panels), name, _note(better, name_b), across=_across(a, texts))


def matched(matrices: Mapping[str, Matrix]) -> dict[str, Matrix]:
    """The matrices over the union of their rows and columns, NaN where one has no value."""
    every = list(matrices.values())
    rows = _union([m.rows for m in every])
    columns = _union([m.columns for m in every])
    return {name: _spread(m, rows, columns) for name, m in matrices.items()}


def _union(lists: list[tuple[str, ...]]) -> tuple[str, ...]:
    """All names in order of appearance; numbers, such as epochs, in their own order."""
    names = dict.fromkeys(name for one in lists for name in one)
    try:
        return tuple(sorted(names, key=float))
    except ValueError:
        return tuple(names)


def _spread(m: Matrix, rows: tuple[str, ...], columns: tuple[str, ...]) -> Matrix:
    values = np.full((len(rows), len(columns)), np.nan)
    at = np.ix_([rows.index(r) for r in m.rows], [columns.index(c) for c in m.columns])
    values[at] = m.values
    return Matrix(values, rows, columns, m.row_label, m.column_label, m.value_label, m.title)


def _across(matrix: Matrix, texts: np.ndarray) -> int:
    """Three in a line if the numbers fit, else two, else one; three again if they never fit."""
    left = 24 + max((text_width(clipped(row)) for row in matrix.rows), default=0)
    wanted = (8 + 6.2 * max(len(str(t)) for t in texts.ravel())) * len(matrix.columns)
    return next((n for n in (3, 2, 1) if (WIDTH - n * left) / n >= wanted), 3)


def _note(better: str | None, second: str) -> str:
    meaning = f"{second} is worse" if better else f"{second} is lower"
    return " · ".join(filter(None, [DIRECTIONS.get(better or ""), f"vermillion: {meaning}"]))
