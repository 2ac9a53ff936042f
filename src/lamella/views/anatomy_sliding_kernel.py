"""A kernel that slides over an image, one frame for each position."""

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
from lamella.plots.style import RUNS, WORSE, new_figure

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from lamella.anatomy.sliding_kernels import Slide


def anatomy_sliding_kernel(slide: Slide, *, step: int | None = None, title: str = "") -> Figure:
    """The padded image, the kernel and the output, with every product of the position written out.

    Padding is outside the grey line; rows and columns that no window reads are struck out. `step`
    shows that position alone, for a page without animation; None gives a play button and a slider.
    """
    from plotly.graph_objects import Frame

    height, width = slide.padded.shape
    rows = max(height, *slide.weights.shape, slide.output.shape[0])
    across = width + slide.weights.shape[1] + slide.output.shape[1] + 3.4
    figure = new_figure(
        title or "A kernel slides over an image",
        f"rows: {slide.rows.sentence()} columns: {slide.columns.sentence()}",
        height=min(CELL, 640 / across) * (rows + 2.6),
        left=20,
        right=20,
        bottom=20 if step is not None else 96,
    )
    for trace in [*still(slide), *moving(slide, 0 if step is None else step)]:
        figure.add_trace(trace)
    frame_of_cells(figure, across, rows + 2.4)
    if step is None:
        first = len(still(slide))
        names = [str(number + 1) for number in range(len(slide.steps))]
        figure.frames = [
            Frame(
                data=(new := moving(slide, n)),
                traces=list(range(first, first + len(new))),
                name=name,
            )
            for n, name in enumerate(names)
        ]
        play_buttons(figure, names, "position")
    return figure


def still(slide: Slide) -> list[dict[str, Any]]:
    """What stays: image, border of the padding, dropped strips, kernel and captions."""
    height, width = slide.padded.shape
    kernel_left, output_left = lefts(slide)
    low, high = float(slide.padded.min()), float(slide.padded.max())
    weights = slide.weights
    taps = {"low": float(weights.min()), "high": float(weights.max()) + 1e-9}
    pad = slide.padding
    traces = [
        cells_trace(slide.padded, 0, low=low, high=high),
        numbers_trace(slide.padded, 0, low=low, high=high, size=text_size(slide)),
        cells_trace(weights, kernel_left, **taps),
        numbers_trace(weights, kernel_left, size=text_size(slide), **taps),
        caption("image" + (" with padding" if pad else ""), 0, height + 0.45),
        caption("kernel", kernel_left, weights.shape[0] + 0.45),
        caption("output", output_left, slide.output.shape[0] + 0.45),
        caption("*", kernel_left - 0.75, 1.5, 20),
        caption("=", output_left - 0.75, 1.5, 20),
    ]
    if pad:
        traces.append(outline(pad, pad, width - 2 * pad, height - 2 * pad, RUNS[0], 1.5))
    if slide.rows.dropped:
        traces.append(_struck(0, height - slide.rows.dropped, width, slide.rows.dropped))
    if slide.columns.dropped:
        traces.append(_struck(width - slide.columns.dropped, 0, slide.columns.dropped, height))
    return traces


def _struck(left: float, top: float, width: float, height: float) -> dict[str, Any]:
    area = outline(left, top, width, height, WORSE, 1)
    return area | {"fill": "toself", "fillpattern": {"shape": "/", "fgcolor": WORSE, "size": 6}}


def moving(slide: Slide, number: int) -> list[dict[str, Any]]:
    """What one position shows: the window, its output so far, and the sum of products."""
    step = slide.steps[number]
    _, output_left = lefts(slide)
    kh, kw = slide.weights.shape
    span = ((kh - 1) * slide.dilation + 1, (kw - 1) * slide.dilation + 1)
    done = np.full(slide.output.shape, np.nan)
    for past in slide.steps[: number + 1]:
        done[past.output] = past.value
    low, high = float(slide.output.min()), float(slide.output.max())
    bottom = max(slide.padded.shape[0], kh, slide.output.shape[0]) + 1.2
    y, x = step.output
    return [
        cells_trace(done, output_left, low=low, high=high),
        numbers_trace(done, output_left, low=low, high=high, size=text_size(slide)),
        outline(step.column, step.row, span[1], span[0], WORSE),
        outline(output_left + x, y, 1, 1, WORSE),
        caption("<br>".join(wrapped(step.text)), 0, bottom + 0.3, 12),
    ]


def lefts(slide: Slide) -> tuple[float, float]:
    """Where kernel and output begin."""
    kernel = slide.padded.shape[1] + 1.4
    return kernel, kernel + slide.weights.shape[1] + 1.4


def text_size(slide: Slide) -> int:
    """Numbers that fit their cells."""
    longest = max(len(f"{v:.4g}") for v in (*slide.padded.flat, *slide.output.flat))
    across = slide.padded.shape[1] + slide.weights.shape[1] + slide.output.shape[1] + 3.4
    room = min(CELL, 640 / across)
    return int(max(7, min(14, room / (0.62 * max(longest, 3)))))


def wrapped(text: str, most: int = 92) -> list[str]:
    """A long sum broken before its plus signs.

    >>> wrapped("1*2 + 3*4 = 14", 9)
    ['1*2', '+ 3*4 = 14']
    """
    lines = [""]
    for term in text.split(" + "):
        joined = f"{lines[-1]} + {term}" if lines[-1] else term
        if len(joined) > most and lines[-1]:
            lines.append(f"+ {term}")
        else:
            lines[-1] = joined
    return lines
