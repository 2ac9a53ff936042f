"""Vines: the features of a diagram followed from epoch to epoch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.plots.columns import check_columns
from lamella.plots.labels import corner_note, padded
from lamella.plots.style import HOMOLOGY, SUNK, colour_key, new_figure
from lamella.registry import views
from lamella.results import Table
from lamella.views.barcode import NAMES

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


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
    key = colour_key([NAMES[d] for d in present], [HOMOLOGY[d] for d in present])
    figure = new_figure(title or table.title, _note(len(ranked), count, noise), height=280, key=key)
    if noise is not None:
        _shade(figure, len(epochs), noise)
    for rank, vine in reversed(list(enumerate(ranked))):
        rows = columns["vine"] == vine
        _draw(figure, epochs, columns["epoch"][rows], length[rows], rank, int(of[rows][0]), vine)
    if not len(ranked):
        corner_note(figure, "no features to follow", x=0.5, y=0.5)
    highest = np.concatenate([length, np.asarray([] if noise is None else noise, float), [0.0]])
    figure.update_xaxes(
        title_text="epoch (recorded epochs at equal steps)",
        tickvals=list(range(len(epochs))),
        ticktext=[str(epoch) for epoch in epochs],
        showgrid=False,
    )
    figure.update_yaxes(title_text=f"length of bar ({unit})", range=padded(highest, zero=True))
    return figure


def _longest(vine: np.ndarray, length: np.ndarray, most: int) -> tuple[list[Any], int]:
    names, place = np.unique(vine, return_inverse=True)
    total = np.bincount(place, weights=length, minlength=len(names))
    return names[np.argsort(-total, kind="stable")[:most]].tolist(), len(names)


def _note(shown: int, count: int, noise: Sequence[float] | None) -> str:
    parts = [f"{shown} longest of {count:,} features" if shown < count else f"{count:,} features"]
    return " · ".join(parts + ["grey: as long as chance makes them"] * (noise is not None))


def _draw(
    figure: Figure,
    epochs: np.ndarray,
    here: np.ndarray,
    length: np.ndarray,
    rank: int,
    dimension: int,
    vine: object,
) -> None:
    y: list[float | None] = [None] * len(epochs)
    for place, value in zip(np.searchsorted(epochs, here), length, strict=True):
        y[int(place)] = float(value)
    figure.add_scatter(
        x=list(range(len(epochs))),
        y=y,
        mode="lines+markers",
        opacity=max(0.35, 1 - 0.12 * rank),
        line={"color": HOMOLOGY[dimension], "width": 2.4 if rank < 2 else 1.3},
        marker={"size": 4, "color": HOMOLOGY[dimension]},
        name=f"vine {vine}",
        hovertemplate="length %{y:.4g}<extra>%{fullData.name}</extra>",
    )


def _shade(figure: Figure, epochs: int, noise: Sequence[float]) -> None:
    x = list(range(epochs))
    figure.add_scatter(
        x=x + x[::-1],
        y=[float(v) for v in noise] + [0.0] * epochs,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=SUNK,
        hoverinfo="skip",
        name="noise",
    )
