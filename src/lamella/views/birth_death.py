"""Persistence diagram: each feature as a point at its birth and death."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lamella.plots.figure import Figure
from lamella.plots.marks import Band, Dots, Line, Mark, Rule, Text
from lamella.plots.numbers import short
from lamella.plots.palette import HOMOLOGY
from lamella.plots.panels import Axis, Panel
from lamella.plots.persistence import NAMES, about, axis_end, empty_note
from lamella.registry import views
from lamella.results import Diagrams

SYMBOLS = ("circle", "diamond", "square", "triangle")


@views.register(record="diagrams")
def birth_death(
    diagrams: Diagrams,
    *,
    dimensions: Sequence[int] | None = None,
    to: float | None = None,
    threshold: float | None = None,
    title: str = "",
) -> Figure:
    """Each bar as a point at (birth, death); far from the diagonal means long.

    Bars that never die lie on the line marked with infinity. A grey band along the diagonal
    holds the points that could be the landmarks' doing: when diagrams move by at most the bound,
    a point within twice the bound of the diagonal may have none behind it. The dotted line
    marks the `threshold` (default: the diagrams' own) above which a bar counts as signal.

    Source: Cohen-Steiner, Edelsbrunner, Harer 2007, Stability of persistence diagrams.
    """
    wanted = diagrams.dimensions if dimensions is None else tuple(dimensions)
    least = diagrams.threshold if threshold is None else threshold
    end = axis_end(diagrams) if to is None else to
    endless = bool(np.isinf(diagrams.death[np.isin(diagrams.dimension, wanted)]).any())
    marks = [
        *_limits(diagrams.bound, least, end, endless),
        *(_points(diagrams, d, end) for d in wanted),
    ]
    if not any(len(diagrams.bars(d)) for d in wanted):
        marks.append(empty_note(diagrams))
    x = Axis(f"birth ({diagrams.unit})", (-0.02 * end, end))
    y = Axis(f"death ({diagrams.unit})", (-0.02 * end, 1.08 * end if endless else end))
    key = tuple((f"{NAMES[d]} {len(diagrams.bars(d)):,}", HOMOLOGY[d]) for d in wanted)
    note = about(diagrams, *_notes(diagrams.bound, least))
    return Figure((Panel(tuple(marks), x, y, height=420, square=True),), title, note, key)


def _points(diagrams: Diagrams, dimension: int, end: float) -> Dots:
    bars = diagrams.bars(dimension)
    deaths = np.where(np.isinf(bars[:, 1]), 1.04 * end, bars[:, 1])
    titles = tuple(f"{NAMES[dimension]}: birth {short(b)}, death {short(d)}" for b, d in bars)
    size = 6 if len(bars) <= 500 else 4
    return Dots(
        bars[:, 0], deaths, colour=HOMOLOGY[dimension], size=size, opacity=0.75,
        symbol=SYMBOLS[dimension], titles=titles, label=NAMES[dimension],
    )  # fmt: skip


def _notes(bound: float, least: float | None) -> list[str]:
    parts = [f"grey band: landmarks move a point by up to {short(bound)}"] * (bound > 0)
    if least is not None:
        parts.append(f"above the dotted line: longer than {short(least)}, signal")
    return parts


def _limits(bound: float, least: float | None, end: float, endless: bool) -> list[Mark]:
    ends = np.array([0, end])
    marks: list[Mark] = []
    if bound > 0:
        marks.append(Band(ends, ends, ends + 2 * bound, "soft", 0.12, label="landmark bound"))
    marks.append(Line(1.1 * ends, 1.1 * ends, "line", width=1))
    if least is not None:
        marks.append(Line(ends, ends + least, "faint", width=1, dash="dot", label="threshold"))
    if endless:
        text = ("never dies (∞)",)
        marks += [
            Rule(y=1.04 * end),
            Text([0], [1.04 * end], text, size=11, anchor="start", shift=(4, -8)),
        ]
    return marks
