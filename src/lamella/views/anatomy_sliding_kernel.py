"""A kernel that slides over an image, one frame for each position."""

from __future__ import annotations

import numpy as np

from lamella.anatomy.sliding_kernels import Slide
from lamella.plots.drawable import Frame
from lamella.plots.figure import WIDTH, Figure
from lamella.plots.grids import CELL, caption, cells, grid_panel, outline
from lamella.plots.marks import Band, Mark
from lamella.registry import views


@views.register(record=Slide)
def anatomy_sliding_kernel(slide: Slide, *, step: int | None = None, title: str = "") -> Figure:
    """The padded image, the kernel and the output, with every product of the position written out.

    Padding is outside the grey line; rows and columns that no window reads are shaded. `step`
    shows that position alone, for a page without animation; None gives a play button and a slider.
    """
    height, width = slide.padded.shape
    rows = max(height, *slide.weights.shape, slide.output.shape[0])
    across = width + slide.weights.shape[1] + slide.output.shape[1] + 3.4
    size = _text_size(slide, across)
    marks = _still(slide, size)
    frames = () if step is not None else tuple(
        Frame(str(number + 1), tuple(_moving(slide, number, size)))
        for number in range(len(slide.steps))
    )  # fmt: skip
    marks += [] if step is None else _moving(slide, step, size)
    note = f"rows: {slide.rows.sentence()} columns: {slide.columns.sentence()}"
    panel = grid_panel(tuple(marks), across, rows + 2.4)
    return Figure(
        (panel,), title or "A kernel slides over an image", note, frames=frames, step="position"
    )


def _still(slide: Slide, size: float) -> list[Mark]:
    """What stays: image, border of the padding, dropped strips, kernel and captions."""
    height, width = slide.padded.shape
    kernel_left, output_left = _lefts(slide)
    weights, pad = slide.weights, slide.padding
    marks: list[Mark] = [
        cells(slide.padded, 0, (float(slide.padded.min()), float(slide.padded.max())), size=size),
        cells(weights, kernel_left, (float(weights.min()), float(weights.max())), size=size),
        caption("image" + (" with padding" if pad else ""), 0, height + 0.45),
        caption("kernel", kernel_left, weights.shape[0] + 0.45),
        caption("output", output_left, slide.output.shape[0] + 0.45),
        caption("*", kernel_left - 0.85, 1.5, 20),
        caption("=", output_left - 0.9, 1.5, 20),
    ]
    if pad:
        marks.append(outline(pad, pad, width - 2 * pad, height - 2 * pad, "a", 1.5))
    if slide.rows.dropped:
        marks.append(_unread(0, height - slide.rows.dropped, width, slide.rows.dropped))
    if slide.columns.dropped:
        marks.append(_unread(width - slide.columns.dropped, 0, slide.columns.dropped, height))
    return marks


def _unread(left: float, top: float, width: float, height: float) -> Band:
    """A strip that no window reads."""
    label = "no window reads this strip"
    return Band([left, left + width], [top] * 2, [top + height] * 2, "bad", 0.35, label=label)


def _moving(slide: Slide, number: int, size: float) -> list[Mark]:
    """What one position shows: the window, its output so far, and the sum of products."""
    step = slide.steps[number]
    _, output_left = _lefts(slide)
    kh, kw = slide.weights.shape
    span = ((kh - 1) * slide.dilation + 1, (kw - 1) * slide.dilation + 1)
    done = np.full(slide.output.shape, np.nan)
    for past in slide.steps[: number + 1]:
        done[past.output] = past.value
    ends = float(slide.output.min()), float(slide.output.max())
    bottom = max(slide.padded.shape[0], kh, slide.output.shape[0]) + 1.2
    y, x = step.output
    return [
        cells(done, output_left, ends, size=size),
        outline(step.column, step.row, span[1], span[0], "bad"),
        outline(output_left + x, y, 1, 1, "bad"),
        caption("\n".join(wrapped(step.text)), 0, bottom + 0.3, 12),
    ]


def _lefts(slide: Slide) -> tuple[float, float]:
    """Where kernel and output begin."""
    kernel = slide.padded.shape[1] + 1.4
    return kernel, kernel + slide.weights.shape[1] + 1.4


def _text_size(slide: Slide, across: float) -> int:
    """Numbers that fit their cells."""
    longest = max(len(f"{v:.4g}") for v in (*slide.padded.flat, *slide.output.flat))
    room = min(CELL, (WIDTH - 60) / across)
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
