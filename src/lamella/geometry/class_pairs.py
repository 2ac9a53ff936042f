"""Mean distances between the points of each pair of classes."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.geometry.neighbours import squared_distance_blocks


def pair_sums(
    points: Float[np.ndarray, "points features"], labels: Int[np.ndarray, " points"]
) -> Float[np.ndarray, "classes classes"]:
    """Sum of the distances over all ordered pairs of points, for each pair of classes."""
    members = np.eye(labels.max() + 1)[labels]
    sums = np.zeros((members.shape[1],) * 2)
    for rows, block in squared_distance_blocks(points):
        sums += members[rows].T @ (np.sqrt(block, out=block) @ members)
    return (sums + sums.T) / 2


def pair_counts(labels: Int[np.ndarray, " points"]) -> Int[np.ndarray, "classes classes"]:
    """Number of ordered pairs of two points, for each pair of classes.

    >>> pair_counts(np.array([0, 0, 1])).tolist()
    [[2, 2], [2, 0]]
    """
    sizes = np.bincount(labels)
    return np.outer(sizes, sizes) - np.diag(sizes)
