"""Pooling step by step, and the flat vector that comes out."""

from __future__ import annotations

import numpy as np

from lamella.anatomy.pooling import Pooled
from lamella.plots.drawable import Frame
from lamella.plots.figure import Figure
from lamella.plots.grids import caption, cells, grid_panel, outline
from lamella.plots.marks import Mark
from lamella.registry import views


@views.register(record=Pooled)
def anatomy_pooling(pooled: Pooled, *, step: int | None = None, title: str = "") -> Figure:
    """The map with its windows, the pooled map filled one by one, and what flatten makes of it.

    `step` shows the state after that window; None gives a play button and a slider.
    """
    height, width = pooled.image.shape
    across = width + pooled.output.shape[1] + pooled.output.size + 4
    rows = max(height, pooled.output.shape[0])
    still, count = _still(pooled), len(pooled.steps)
    frames = () if step is not None else tuple(
        Frame(str(number + 1), tuple(_moving(pooled, number))) for number in range(count)
    )  # fmt: skip
    marks = still if step is None else [*still, *_moving(pooled, step)]
    name = title or f"{pooled.kind} pooling, window {pooled.kernel}, stride {pooled.stride}"
    panel = grid_panel(tuple(marks), across, rows + 1.9)
    return Figure((panel,), name, frames=frames, step="window")


def _still(pooled: Pooled) -> list[Mark]:
    ends = float(pooled.image.min()), float(pooled.image.max())
    height, width = pooled.image.shape
    left, stride, kernel = width + 1.5, pooled.stride, pooled.kernel
    windows = [
        outline(x * stride, y * stride, kernel, kernel, "line", 1.5)
        for y, x in np.ndindex(*pooled.output.shape)
    ]
    return [
        cells(pooled.image, 0, ends),
        *windows,
        caption("map", 0, height + 0.45),
        caption("pooled", left, pooled.output.shape[0] + 0.45),
        caption("flatten", left + pooled.output.shape[1] + 1.5, 1.45),
    ]


def _moving(pooled: Pooled, number: int) -> list[Mark]:
    height, width = pooled.image.shape
    left, stride, kernel = width + 1.5, pooled.stride, pooled.kernel
    rows, columns = pooled.output.shape
    done = np.where(np.arange(rows * columns) <= number, pooled.flat, np.nan)
    ends = float(pooled.image.min()), float(pooled.image.max())
    y, x = divmod(number, columns)
    return [
        cells(done.reshape(rows, columns), left, ends),
        cells(done[None], left + columns + 1.5, ends),
        outline(x * stride, y * stride, kernel, kernel, "bad"),
        outline(left + x, y, 1, 1, "bad"),
        caption(pooled.steps[number], 0, max(height, rows) + 1.2),
    ]
