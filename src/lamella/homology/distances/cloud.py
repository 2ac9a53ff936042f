"""What the engine is given: the distances of a cloud in float32, and what is known of them."""

from __future__ import annotations

from math import frexp
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Int


class Cloud(NamedTuple):
    """The distances of a cloud, divided by `scale`, without exact duplicates."""

    matrix: Float32[np.ndarray, "kept kept"]
    scale: float
    kept: Int[np.ndarray, " kept"]  # which points the rows are
    farthest: Float32[np.ndarray, " kept"]  # greatest distance of each row
    diameter: float
    mean_distance: float  # over all pairs of points, duplicates too


def power_of_two(value: float) -> float:
    """The greatest power of two that is at most `value`; 1 for zero."""
    return 2.0 ** (frexp(value)[1] - 1) if value > 0 else 1.0
