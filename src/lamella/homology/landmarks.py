"""Fewer points, with a bound: farthest-point landmarks; or a stratified sample."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from lamella.checks import check_choice, check_labels, check_points, check_range
from lamella.errors import LamellaWarning

LANDMARK_METRICS = ("euclidean", "cosine", "manhattan", "precomputed")


def farthest_points(
    points: Any, count: int, *, first: int | None = None, metric: str = "euclidean"
) -> tuple[Int[np.ndarray, " count"], float]:
    """Landmarks, each the point farthest from those before it, and their covering radius.

    No point is farther than the radius from a landmark. It begins with the point farthest from
    the mean (of a matrix, from all others on average), or with `first`. `metric` is "euclidean",
    "cosine", "manhattan", or "precomputed" for a matrix of distances. The diagram of the
    landmarks is within twice the radius of the diagram of all points, in edge lengths, where
    distances are a metric (Chazal, de Silva, Oudot 2014, Persistence stability for geometric
    complexes). The order is that of Gonzalez 1985, Clustering to minimize the maximum
    intercluster distance: at most twice the best possible radius.

    Warns, and takes all points, where there are fewer than `count`.

    >>> farthest_points([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]], 2)
    (array([2, 0]), 1.0)
    """
    check_choice(metric, LANDMARK_METRICS, "metric of landmarks")
    from lamella.homology.distances.farthest import farthest_first
    from lamella.homology.distances.metrics import directions
    from lamella.homology.distances.precomputed import check_matrix

    if metric == "precomputed":
        array = check_matrix(points, "farthest_points()")
    else:
        array = check_points(points, "farthest_points()")
    count = check_landmarks(count, len(array))
    if first is not None:
        check_range(first, "farthest_points()", "first", low=0, high=len(array) - 1)
    if metric in ("manhattan", "precomputed"):
        return farthest_by_rows(array, count, first, metric)
    coordinates = directions(array) if metric == "cosine" else array
    chosen, radius = farthest_first(coordinates, count, -1 if first is None else first)
    return chosen, float(radius**2 / 2 if metric == "cosine" else radius)


def check_landmarks(count: Any, points: int) -> int:
    """The number of landmarks, at most that of the points; warns where it was more."""
    count = int(check_range(count, "farthest_points()", "count", low=1))
    if count > points:
        warnings.warn(
            f"{count} landmarks were asked for, but there are {points} points: all are used.",
            LamellaWarning,
            stacklevel=4,
        )
    return min(count, points)


def farthest_by_rows(
    array: Float[np.ndarray, "points columns"], count: int, first: int | None, metric: str
) -> tuple[Int[np.ndarray, " count"], float]:
    """Farthest points, asking only for the distances from each landmark."""

    def distances_from(at: int) -> Float[np.ndarray, " points"]:
        if metric == "precomputed":
            return array[at]
        return np.abs(array - array[at]).sum(axis=1, dtype=np.float64)

    if first is None:
        far = array if metric == "precomputed" else np.abs(array - array.mean(axis=0))
        first = int(np.argmax(far.sum(axis=1, dtype=np.float64)))
    nearest = np.full(len(array), np.inf)
    chosen = np.empty(count, np.int64)
    for place in range(count):
        chosen[place] = np.argmax(nearest) if place else first
        nearest = np.minimum(nearest, distances_from(chosen[place]))
        nearest[chosen[place]] = 0  # on the diagonal of a matrix may stand a birth
    return chosen, float(nearest.max())


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
