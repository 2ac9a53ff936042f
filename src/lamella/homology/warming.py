"""Compiling the engine ahead of the first diagram, and saying so when it must be done now."""

from __future__ import annotations

import time

import numpy as np


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
    return time.perf_counter() - started
