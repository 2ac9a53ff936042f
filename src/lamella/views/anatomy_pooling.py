"""Pooling step by step, and the flat vector that comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.plots.anatomy_cells import (
    CELL,
    caption,
    cells_trace,
    frame_of_cells,
    numbers_trace,
    outline,
    play_buttons,
)
from lamella.plots.style import LINE, WORSE, new_figure

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from lamella.anatomy.pooling import Pooled


def anatomy_pooling(pooled: Pooled, *, step: int | None = None, title: str = "") -> Figure:
    """The map with its windows, the pooled map filled one by one, and what flatten makes of it.

    `step` shows the state after that window; None gives a play button and a slider.
    """
    from plotly.graph_objects import Frame

    height, width = pooled.image.shape
    across = width + pooled.output.shape[1] + pooled.output.size + 4
    rows = max(height, pooled.output.shape[0])
    figure = new_figure(
        title or f"{pooled.kind} pooling, window {pooled.kernel}, stride {pooled.stride}",
        height=min(CELL, 660 / across) * (rows + 2),
        left=20,
        right=20,
        bottom=20 if step is not None else 96,
    )
    for trace in [*_still(pooled), *_moving(pooled, 0 if step is None else step)]:
        figure.add_trace(trace)
    frame_of_cells(figure, across, rows + 1.9)
    if step is None:
        first = len(_still(pooled))
        names = [str(number + 1) for number in range(len(pooled.steps))]
        drawn = [_moving(pooled, number) for number in range(len(pooled.steps))]
        figure.frames = [
            Frame(data=data, traces=list(range(first, first + len(data))), name=name)
            for name, data in zip(names, drawn, strict=True)
        ]
        play_buttons(figure, names, "window")
    return figure


def _still(pooled: Pooled) -> list[dict[str, Any]]:
    ends: Any = {"low": float(pooled.image.min()), "high": float(pooled.image.max())}
    height, width = pooled.image.shape
    left = width + 1.5
    windows = [
        outline(x * pooled.stride, y * pooled.stride, pooled.kernel, pooled.kernel, LINE, 1.5)
        for y, x in np.ndindex(*pooled.output.shape)
    ]
    return [
        cells_trace(pooled.image, 0, **ends),
        numbers_trace(pooled.image, 0, **ends),
        *windows,
        caption("map", 0, height + 0.45),
        caption("pooled", left, pooled.output.shape[0] + 0.45),
        caption("flatten", left + pooled.output.shape[1] + 1.5, 1.45),
    ]


def _moving(pooled: Pooled, number: int) -> list[dict[str, Any]]:
    height, width = pooled.image.shape
    left = width + 1.5
    rows, columns = pooled.output.shape
    done = np.where(np.arange(rows * columns) <= number, pooled.flat, np.nan)
    ends: Any = {"low": float(pooled.image.min()), "high": float(pooled.image.max())}
    y, x = divmod(number, columns)
    grid, line = done.reshape(rows, columns), done[None]
    flat = left + columns + 1.5
    return [
        cells_trace(grid, left, **ends),
        numbers_trace(grid, left, **ends),
        cells_trace(line, flat, **ends),
        numbers_trace(line, flat, **ends),
        outline(x * pooled.stride, y * pooled.stride, pooled.kernel, pooled.kernel, WORSE),
        outline(left + x, y, 1, 1, WORSE),
        caption(pooled.steps[number], 0, max(height, rows) + 1.2),
    ]
