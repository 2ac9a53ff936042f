"""The points that a diagram is computed from: all, landmarks with a bound, or a sample."""

from __future__ import annotations

import warnings
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from lamella.checks import check_labels, check_points
from lamella.errors import LamellaWarning, bad_input
from lamella.homology.budget import check_size
from lamella.homology.landmarks import check_landmarks, farthest_points, stratified_sample


class Reduced(NamedTuple):
    """Points or distances to work on, which of all they are, and what leaving out others costs."""

    array: np.ndarray
    metric: str  # by which `array` is to be read
    measured_by: str = ""  # the metric of the radius
    radius: float = 0.0  # of the cover by landmarks
    chosen: np.ndarray | None = None


def reduced(
    array: np.ndarray,
    metric: str,
    neighbours: int,
    landmarks: int | None,
    sample: int | None,
    labels: Any,
    seed: int,
) -> Reduced:
    """All points, `landmarks` farthest ones, or a `sample` of each class of `labels`."""
    if landmarks is None and sample is None:
        return Reduced(array, metric)
    if landmarks is not None and sample is not None:
        raise bad_input(
            "homology()", wanted="landmarks or a sample", got="both", do="Choose one of them"
        )
    if sample is not None:
        labels = np.zeros(len(array)) if labels is None else labels
        labels = check_labels(labels, len(array), "homology()")
        chosen = stratified_sample(labels, sample, seed=seed)
        return Reduced(rows_of(array, metric, chosen), metric, chosen=chosen)
    count = check_landmarks(landmarks, len(array))
    if metric in ("geodesic", "hops"):  # their paths run through all points
        array, by = graph_matrix(array, metric, neighbours), metric
        metric = "precomputed"
    else:
        by = metric
    chosen, radius = farthest_points(array, count, metric=metric)
    return Reduced(rows_of(array, metric, chosen), metric, by, radius, chosen)


def bound_of(kept: Reduced, diameter: float) -> float:
    """How far, at most, the diagram is from that of all points, in bottleneck distance.

    Twice the covering radius where distances are a metric. That of cosine is half the square of
    the chord between directions: chords of at most E + r, with E that of the landmarks, move by
    at most 2 r, so half their squares by 2 r (E + r).
    """
    if kept.measured_by != "cosine":
        return 2 * kept.radius
    chord, longest = sqrt(2 * kept.radius), sqrt(2 * diameter)
    return 2 * chord * (longest + chord)


def rows_of(array: np.ndarray, metric: str, chosen: np.ndarray) -> np.ndarray:
    """Some points, or the distances between them."""
    return array[np.ix_(chosen, chosen)] if metric == "precomputed" else array[chosen]


def graph_matrix(array: np.ndarray, metric: str, neighbours: int) -> np.ndarray:
    """Distances along the graph of nearest neighbours of all points."""
    from lamella.homology.distances.metrics import graph_distances

    points = check_points(array, "homology()")
    return graph_distances(points, neighbours, weighted=metric == "geodesic")


def dense(points: Any, metric: str, max_dimension: int = 1, memory_mb: float = 4000.0) -> Any:
    """Points as they are; a sparse SciPy array as a full one, of distances where it holds them."""
    if not hasattr(points, "tocoo"):
        return points
    if metric != "precomputed":
        return points.toarray()
    if points.ndim != 2 or points.shape[0] != points.shape[1]:
        raise bad_input(
            "homology()",
            wanted="a square sparse matrix of distances",
            got=f"one of shape {points.shape}",
            do="Pass points x points",
        )
    check_size(points.shape[0], max_dimension, 0, memory_mb)
    entries = points.tocsr().tocoo()  # entries stored twice are summed, as SciPy reads them
    rows, columns = entries.coords
    matrix = np.full(points.shape, np.inf, np.float64)
    np.fill_diagonal(matrix, 0.0)
    matrix[rows, columns] = entries.data
    if not ((rows > columns).any() and (rows < columns).any()):  # one triangle stands for both
        matrix[columns, rows] = entries.data
    return matrix


def check_plausible(array: np.ndarray, metric: str) -> None:
    """Warn where points look like a matrix of distances."""
    square = array.ndim == 2 and array.shape[0] == array.shape[1] > 2
    if metric == "precomputed" or not square or array.dtype.kind not in "fiu":
        return
    if not np.diagonal(array).any() and array.any() and np.array_equal(array, array.T):
        warnings.warn(
            f"homology() got points whose {len(array)} rows look like a matrix of distances "
            "(square, symmetric, zero on the diagonal): pass metric='precomputed' if they are one.",
            LamellaWarning,
            stacklevel=3,
        )


def original(
    cycles: list[tuple[int, ...]], chosen: np.ndarray | None
) -> tuple[tuple[int, ...], ...]:
    """Cycles in indices of all points."""
    if chosen is None:
        return tuple(cycles)
    return tuple(tuple(int(chosen[v]) for v in cycle) for cycle in cycles)


def original_edges(edges: np.ndarray | None, chosen: np.ndarray | None) -> np.ndarray | None:
    """Edges of bars in indices of all points."""
    if edges is None or chosen is None:
        return edges
    return np.where(edges < 0, edges, chosen[edges])
