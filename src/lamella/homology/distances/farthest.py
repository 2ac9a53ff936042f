"""Farthest-point sampling, compiled: one pass over the points for each landmark."""

from __future__ import annotations

import numpy as np

from lamella.homology.arrays import Lengths, Matrix, Points, Reals, Vertices
from lamella.homology.kernels import kernel


@kernel(allocates=True)
def farthest_first(points: Points, count: int, first: int):
    """Indices of landmarks, and the greatest distance of a point from them.

    Begins with `first`, or with the point farthest from the mean if that is negative.
    """
    squared = np.full(len(points), np.inf)
    chosen = np.empty(count, np.int64)
    chosen[0] = first if first >= 0 else farthest_from_mean(points)
    for place in range(count):
        if place > 0:
            chosen[place] = np.argmax(squared)
        lower_to_landmark(squared, points, points[chosen[place]])
    return chosen, np.sqrt(squared.max())


@kernel(allocates=True)
def farthest_from_mean(points: Points):
    """The point farthest from the mean."""
    mean = np.zeros(points.shape[1])
    for row in points:
        mean += row
    squared = np.full(len(points), np.inf)
    lower_to_landmark(squared, points, mean / len(points))
    return np.argmax(squared)


@kernel(fastmath=True)
def lower_to_landmark(squared: Reals, points: Points, landmark: Reals | Lengths):
    """Lower the squared distance of each point from the landmarks to that from a new one."""
    for i in range(len(points)):
        row = points[i]
        total = 0.0
        for c in range(len(row)):
            difference = np.float64(row[c]) - np.float64(landmark[c])
            total += difference * difference
        squared[i] = min(squared[i], total)


@kernel(allocates=True)
def greatest_gap(matrix: Matrix, sample: Vertices):
    """The greatest distance of a point from its nearest sample."""
    nearest = matrix[sample[0]].copy()
    for k in sample[1:]:
        lower_to(nearest, matrix[k])
    return np.float64(nearest.max())


@kernel(fastmath=True)
def lower_to(nearest: Lengths, row: Lengths):
    """Elementwise minimum."""
    for j in range(len(row)):
        nearest[j] = min(nearest[j], row[j])
