"""What views of diagrams share: names of dimensions, the longest bars, bars in rows."""

from __future__ import annotations

import numpy as np

from lamella.plots.marks import Mark, Segments, Text
from lamella.plots.numbers import counted, short
from lamella.plots.palette import HOMOLOGY
from lamella.results import Diagrams

NAMES = ("H₀ components", "H₁ loops", "H₂ voids", "H₃")
BAR, GAP = 5, 22  # pixels of a bar and of a heading


def longest(bars: np.ndarray, most: int) -> np.ndarray:
    """The `most` longest bars in order of birth, then of length.

    >>> longest(np.array([[0.0, 1.0], [0.0, 3.0], [0.5, 0.6]]), 2).tolist()
    [[0.0, 3.0], [0.0, 1.0]]
    """
    kept = bars[np.argsort(bars[:, 0] - bars[:, 1], kind="stable")[:most]]
    return kept[np.lexsort((-kept[:, 1], kept[:, 0]))]


def axis_end(diagrams: Diagrams) -> float:
    """A little beyond the last finite birth or death."""
    ends = np.concatenate([diagrams.birth, diagrams.death])
    return 1.05 * float(ends[np.isfinite(ends)].max(initial=0)) or 1.0


def rows_of_bars(
    diagrams: Diagrams,
    dimensions: tuple[int, ...],
    most: int,
    threshold: float | None,
    *,
    brief: bool = False,
) -> tuple[list[Mark], float]:
    """Headings and the longest bars of each dimension downwards, and how many rows they take.

    Bars no longer than the threshold are pale; `brief` headings count all bars only.
    """
    marks: list[Mark] = []
    at = 0.0
    for dimension in dimensions:
        every = diagrams.bars(dimension)
        bars = longest(every, most)
        some = len(bars) < len(every) and not brief
        of = f"{len(bars)} longest of {len(every):,}" if some else f"{len(every):,}"
        colour, name = HOMOLOGY[dimension], NAMES[dimension]
        middle = at + 0.55 * GAP / BAR
        marks.append(Text([0], [middle], (f"{name}: {of}",), colour, anchor="start"))
        at += GAP / BAR
        pale = None if threshold is None else bars[:, 1] - bars[:, 0] <= threshold
        y = at + np.arange(len(bars)) + 0.5
        titles = tuple(f"{name}: {short(b)} to {short(d)}" for b, d in bars)
        if len(bars):
            marks.append(Segments(bars[:, 0], bars[:, 1], y, colour, BAR - 2, pale, name, titles))
        at += len(bars)
    return marks, at


def about(diagrams: Diagrams, *more: str) -> str:
    """How many points a diagram is of, and what else there is to say."""
    points = counted(diagrams.points, "point") if diagrams.points else ""
    return " · ".join(filter(None, (points, *more)))


def empty_note(diagrams: Diagrams) -> Text:
    """Why there are no bars, in the middle of a panel."""
    return Text([0.5], [0.5], (diagrams.why_empty or "no bars",), inside=True)
