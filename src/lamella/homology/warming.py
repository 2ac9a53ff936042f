"""Compiling the engine ahead of the first diagram, and saying so when it must be done now."""

from __future__ import annotations

import time

import numpy as np
from jaxtyping import Float


def warm_up(max_dimension: int = 2) -> float:
    """Compile what diagrams up to a dimension need, and keep it on disk; the seconds it took.

    >>> warm_up(0) >= 0
    True
    """
    from lamella.homology.persistence import homology

    started = time.perf_counter()
    points = np.random.default_rng(0).random((8, 2))
    for dtype in (np.float32, np.float64):
        for dimension in range(max_dimension + 1):
            homology(points.astype(dtype), dimension)
    match_some_bars(np.sort(points, axis=1))
    return time.perf_counter() - started


def match_some_bars(bars: Float[np.ndarray, "bars 2"]) -> None:
    """Compile what distances of diagrams need."""
    from lamella.homology.matching.assignment import assign
    from lamella.homology.matching.born_together import match_born_together
    from lamella.homology.matching.near_bars import pairs_that_save_more

    lengths = bars[:, 1] - bars[:, 0]
    match_born_together(lengths, lengths, 1.0)
    pairs_that_save_more(bars, bars, 1.0, lengths, lengths)
    assign(np.arange(len(bars)), np.arange(len(bars)), lengths, (len(bars), len(bars)))
