"""Fewer points, with a bound: farthest-point landmarks; or a stratified sample."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Int

from lamella.checks import check_labels, check_points, check_range


def farthest_points(
    points: Any, count: int, *, first: int | None = None
) -> tuple[Int[np.ndarray, " count"], float]:
    """Landmarks, each the point farthest from those before it, and their covering radius.

    No point is farther than the radius from a landmark. It begins with the point farthest from
    the mean, or with `first`. The diagram of the landmarks is within twice the radius of the
    diagram of all points, in edge lengths (Chazal, de Silva, Oudot 2014, Persistence stability
    for geometric complexes). The order is that of Gonzalez 1985, Clustering to minimize the
    maximum intercluster distance: at most twice the best possible radius.

    >>> farthest_points([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]], 2)
    (array([2, 0]), 1.0)
    """
    array = check_points(points, "farthest_points()")
    count = int(check_range(count, "farthest_points()", "count", low=1))
    from lamella.homology.distances.farthest import farthest_first

    chosen, radius = farthest_first(array, min(count, len(array)), -1 if first is None else first)
    return chosen, float(radius)


def stratified_sample(labels: Any, count: int, *, seed: int = 0) -> Int[np.ndarray, " count"]:
    """Indices of `count` points in which each class keeps its share, in ascending order.

    Every point has a place in a random order fixed by the seed and its index, so a larger sample
    contains a smaller one of the same class, and layers of one run share their sample.

    >>> stratified_sample([0, 0, 0, 0, 1, 1], 3).size
    3
    """
    labels = check_labels(labels, len(np.asarray(labels)), "stratified_sample()")
    count = int(check_range(count, "stratified_sample()", "count", low=1))
    if count >= len(labels):
        return np.arange(len(labels))
    order = np.random.default_rng(seed).permutation(len(labels))
    sizes = np.bincount(labels)
    quota = count * sizes / len(labels)
    take = np.floor(quota).astype(int)
    most_left = np.argsort(take - quota, kind="stable")
    take[most_left[: count - take.sum()]] += 1
    chosen = [order[labels[order] == label][:size] for label, size in enumerate(take)]
    return np.sort(np.concatenate(chosen))
