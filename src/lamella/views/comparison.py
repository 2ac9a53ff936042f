"""Comparison: the same number of two runs on one scale, and their difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lamella.errors import bad_input
from lamella.plots.cells import (
    draw_cells,
    header_room,
    label_room,
    limits,
    name_columns,
    room_for,
    row_height,
)
from lamella.plots.labels import cell_texts, clipped
from lamella.plots.style import DIVERGING, INK, RUNS, SEQUENTIAL, WIDTH, new_figure, plain
from lamella.registry import views
from lamella.results import Matrix
from lamella.views.heat_map import DIRECTIONS

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

GAP = 14  # pixels between two panels side by side
NAME = 30  # pixels of a panel's name


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
    facts = (a.rows, a.columns, a.row_label, a.column_label)
    difference = Matrix(b.values - a.values, *facts, "difference")
    texts = cell_texts(np.stack([a.values, b.values]))
    place = _arranged(a, texts)
    figure = new_figure(
        title or a.title or a.value_label,
        _note(better, name_b),
        height=place.height - place.header,
        left=place.left,
        top=place.header,
        bottom=10,
    )
    low, high = limits(np.concatenate([a.values.ravel(), b.values.ravel()]))
    shared = {"stops": SEQUENTIAL, "low": low, "high": high}
    looks = [shared | {"texts": texts[0]}, shared | {"texts": texts[1]}]
    looks.append(_difference_look(difference.values, better))
    names = (name_a, name_b, f"{name_b} − {name_a}")
    for at, (matrix, name, look) in enumerate(zip((a, b, difference), names, looks, strict=True)):
        axis = "" if at == 0 else str(at + 1)
        draw_cells(figure, matrix, width=place.width, height=place.rows, axis=axis, **look)
        _put(figure, place, at, name, (*RUNS[:2], INK)[at])
        if at % place.across == 0:
            name_columns(figure, matrix.column_label, axis)
    return figure


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


@dataclass(frozen=True)
class _Place:
    """How the three panels stand: `across` of them in a line, all sizes in pixels."""

    across: int
    left: int
    width: float
    rows: float
    header: int

    @property
    def inner(self) -> float:
        return WIDTH - self.left - 16

    @property
    def height(self) -> float:
        return -(-3 // self.across) * (self.rows + self.header)


def _arranged(matrix: Matrix, texts: np.ndarray) -> _Place:
    """Three in a line if the numbers fit, else two, else one; three again if they never fit."""
    left = label_room((*matrix.rows, matrix.column_label))
    rows = max(1, len(matrix.rows)) * row_height(len(matrix.rows))
    widths = {n: (WIDTH - left - 16 - (n - 1) * GAP) / n for n in (3, 2, 1)}
    wanted = len(matrix.columns) * (room_for(texts) + 6)  # the difference has a sign
    across = next((n for n, width in widths.items() if width >= wanted), 3)
    return _Place(across, left, widths[across], rows, NAME + header_room(matrix, widths[across]))


def _note(better: str | None, second: str) -> str:
    meaning = f"{second} is worse" if better else f"{second} is lower"
    return " · ".join(filter(None, [DIRECTIONS.get(better or ""), f"vermillion: {meaning}"]))


def _difference_look(values: np.ndarray, better: str | None) -> dict:
    most = float(np.abs(values[np.isfinite(values)]).max(initial=0)) or 1.0
    texts = cell_texts(values)
    positive = (np.nan_to_num(values) > 0) & np.isin(
        texts, ("0", "0.0", "0.00", "0.000"), invert=True
    )
    signed = np.where(positive, "+" + texts.astype(object), texts)
    stops = tuple(reversed(DIVERGING)) if better == "low" else DIVERGING
    return {"stops": stops, "low": -most, "high": most, "texts": signed}


def _put(figure: Figure, place: _Place, at: int, name: str, colour: str) -> None:
    line, column = divmod(at, place.across)
    axis = "" if at == 0 else str(at + 1)
    start = column * (place.width + GAP)
    whole = place.height - place.header
    top = whole - line * (place.rows + place.header)
    figure.update_layout(
        {
            f"xaxis{axis}": {
                "domain": [start / place.inner, min(1, (start + place.width) / place.inner)],
                "anchor": f"y{axis}",
            },
            f"yaxis{axis}": {
                "domain": [max(0, (top - place.rows) / whole), top / whole],
                "anchor": f"x{axis}",
                "showticklabels": column == 0,
            },
        }
    )
    figure.add_annotation(
        x=0,
        xref=f"x{axis} domain",
        y=1,
        yref=f"y{axis} domain",
        yshift=place.header - 20,
        yanchor="middle",
        xanchor="left",
        text=plain(clipped(name, int(place.width / 7.6))),
        showarrow=False,
        font={"size": 12, "color": colour, "weight": 600},
    )
