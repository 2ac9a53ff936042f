"""Vines: the features of a diagram followed from epoch to epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lamella.plots.columns import check_columns
from lamella.plots.figure import Figure
from lamella.plots.marks import Band, Line, Mark, Text
from lamella.plots.palette import HOMOLOGY
from lamella.plots.panels import Axis, Panel
from lamella.plots.persistence import NAMES
from lamella.registry import views
from lamella.results import Table


@views.register(record="table")
def vines(
    table: Table,
    *,
    most: int = 10,
    noise: Sequence[float] | None = None,
    unit: str = "edge length",
    title: str = "",
) -> Figure:
    """The length of each followed bar over the epochs, one line per feature.

    The table has columns `vine`, `epoch`, `birth`, `death` and perhaps `dimension`; a feature has
    a row for each epoch at which it is alive, and its line breaks where it is not. The `most`
    vines of the greatest summed length are drawn, the longest strongest. `noise` is a length for
    each epoch below which bars are no more than chance; it is shaded.

    Source: Cohen-Steiner, Edelsbrunner, Morozov 2006, Vines and vineyards.
    """
    check_columns(table, ("vine", "epoch", "birth", "death"), "vines()")
    columns = {name: np.asarray(column) for name, column in table.columns.items()}
    length = columns["death"] - columns["birth"]
    length = np.where(np.isfinite(length), length, 0).astype(float)
    epochs = np.unique(columns["epoch"])
    ranked, count = _longest(columns["vine"], length, most)
    of = columns.get("dimension", np.ones(len(length), int)).astype(int)
    present = sorted({int(of[columns["vine"] == vine][0]) for vine in ranked})
    marks: list[Mark] = []
    if noise is not None:
        marks.append(
            Band(np.arange(len(epochs)), np.zeros(len(epochs)), noise, "soft", 0.14, label="noise")
        )
    for rank, vine in reversed(list(enumerate(ranked))):
        rows = columns["vine"] == vine
        y = np.full(len(epochs), np.nan)
        y[np.searchsorted(epochs, columns["epoch"][rows])] = length[rows]
        looks = {
            "width": 2.4 if rank < 2 else 1.3,
            "opacity": max(0.35, 1 - 0.12 * rank),
            "dots": 4,
        }
        colour = HOMOLOGY[int(of[rows][0])]
        marks.append(Line(np.arange(len(epochs)), y, colour, f"vine {vine}", **looks))
    if not len(ranked):
        marks.append(Text([0.5], [0.5], ("no features to follow",), inside=True))
    x = Axis("epoch (recorded epochs at equal steps)", names=tuple(map(str, epochs)))
    panel = Panel(tuple(marks), x, Axis(f"length of bar ({unit})", zero=True), height=280)
    key = tuple((NAMES[d], HOMOLOGY[d]) for d in present)
    note = (
        f"{len(ranked)} longest of {count:,} features"
        if len(ranked) < count
        else f"{count:,} features"
    )
    note += " · grey: as long as chance makes them" * (noise is not None)
    return Figure((panel,), title or table.title, note, key)


def _longest(vine: np.ndarray, length: np.ndarray, most: int) -> tuple[list[Any], int]:
    names, place = np.unique(vine, return_inverse=True)
    total = np.bincount(place, weights=length, minlength=len(names))
    return names[np.argsort(-total, kind="stable")[:most]].tolist(), len(names)
