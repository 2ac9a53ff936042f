"""Table: the numbers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.plots.labels import text_width
from lamella.plots.style import CARD, HAIR, INK, SOFT, new_figure, plain
from lamella.registry import views
from lamella.results import Table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

ROW = 26


@views.register(record="table")
def table(table: Table, *, most: int = 40, title: str = "") -> Figure:
    """The first `most` rows, numbers set right with four significant digits.

    A page sets the same record as a table of its own, which can be copied.
    """
    names = list(table.columns)
    count = len(next(iter(table.columns.values()), ()))
    cells = [[plain(cell_text(v)) for v in column[:most]] for column in table.columns.values()]
    note = f"first {most} of {count:,} rows" if count > most else ""
    figure = new_figure(
        title or table.title,
        note,
        height=ROW * (1 + min(count, most)) + 6,
        left=8,
        right=8,
        top=4,
        bottom=6,
    )
    right = [np.asarray(c).dtype.kind in "fiu" for c in table.columns.values()]
    sides = ["right" if number else "left" for number in right]
    shape: dict[str, Any] = {"align": sides, "height": ROW, "line": {"color": HAIR, "width": 1}}
    figure.add_table(
        header=shape
        | {
            "values": [f"<b>{plain(name)}</b>" for name in names],
            "fill": {"color": CARD},
            "font": {"color": SOFT, "size": 12},
        },
        cells=shape
        | {"values": cells, "fill": {"color": CARD}, "font": {"color": INK, "size": 12}},
        columnwidth=[
            max(40, *(min(300, text_width(text)) for text in (name, *column)))
            for name, column in zip(names, cells, strict=True)
        ],
        name="table",
    )
    return figure


def cell_text(value: Any) -> str:
    """A value of a table as text.

    >>> cell_text(np.float64(0.123456)), cell_text(np.int64(12)), cell_text("fc1")
    ('0.1235', '12', 'fc1')
    """
    if isinstance(value, float | np.floating):
        return "n/a" if np.isnan(value) else f"{value:.4g}".replace("-", "−", int(value < 0))
    return str(value)
