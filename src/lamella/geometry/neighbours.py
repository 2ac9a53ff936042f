"""Distances within a cloud, exact where they are small, in blocks of rows.

A matrix product gives squared distances fast, but cancels for close points. Pairs closer than
a thousandth of their norm are therefore computed again from their differences, and equal rows
have distance exactly zero: duplicates are common behind a ReLU.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy.typing import ArrayLike

BLOCK_BYTES = 8 * 2**20  # stays in the cache, and holds all of 1,000 points
SLAB_BYTES = 2**19
NEAR = 1e-6  # squared distance over squared norm below which the product has lost six digits
TIE = 1e-13  # relative difference up to which two squared distances are rounding of one number


def squared_distance_blocks(
    points: Float[np.ndarray, "points features"], *, to_itself: float = 0.0
) -> Iterator[tuple[slice, Float[np.ndarray, "rows points"]]]:
    """Rows of the matrix of squared distances, as (slice of rows, block) in float64.

    `to_itself` is what stands on the diagonal: infinity keeps a point from being its own neighbour.

    >>> for rows, block in squared_distance_blocks(np.array([[0.0], [3.0]])): print(block)
    [[0. 9.]
     [9. 0.]]
    """
    cloud = centre(points)
    norms = np.einsum("ij,ij->i", cloud, cloud)
    refined = _refiner(points, norms)
    size = max(1, BLOCK_BYTES // (8 * len(cloud)))
    for start in range(0, len(cloud), size):
        rows = slice(start, min(start + size, len(cloud)))
        block = cloud[rows] @ cloud.T
        for part in _slabs(rows, len(cloud)):
            slab = block[part.start - start : part.stop - start]
            slab *= -2.0
            slab += norms
            slab += norms[part, None]
            refined(slab, part)
        own = np.arange(len(block))
        block[own, own + start] = to_itself
        yield rows, block


def _slabs(rows: slice, count: int) -> Iterator[slice]:
    """Rows in parts of a block that stay in a core's own cache."""
    size = max(1, SLAB_BYTES // (8 * count))
    for start in range(rows.start, rows.stop, size):
        yield slice(start, min(start + size, rows.stop))


def _refiner(points, norms) -> Callable[[Float[np.ndarray, "rows points"], slice], None]:
    """refine(slab, rows) computes the near pairs of a slab again, equal rows as exactly zero."""
    groups = cache(lambda: identical_rows(points))  # needed only where rows lie near each other

    def refine(slab: Float[np.ndarray, "rows points"], rows: slice) -> None:
        i, j = np.divmod(np.flatnonzero(slab < NEAR * norms[rows, None]), len(points))
        others = i + rows.start != j
        i, j = i[others], j[others]
        if len(i) > len(slab):
            same = groups()[i + rows.start] == groups()[j]
            slab[i[same], j[same]] = 0.0
            i, j = i[~same], j[~same]
        slab[i, j] = _exact(points, i + rows.start, j)

    return refine


def _exact(points, i, j) -> Float[np.ndarray, " pairs"]:
    """Squared distances of pairs from their differences."""
    exact = np.empty(len(i))
    chunk = max(1, BLOCK_BYTES // (8 * points.shape[1]))
    for start in range(0, len(i), chunk):
        part = slice(start, start + chunk)
        difference = points[i[part]].astype(np.float64) - points[j[part]]
        exact[part] = np.einsum("ij,ij->i", difference, difference)
    return exact


def centre(points: Float[np.ndarray, "points features"]) -> Float[np.ndarray, "points features"]:
    """The points in float64 with their mean at the origin; equal columns become exactly zero."""
    cloud = np.asarray(points, dtype=np.float64)
    cloud = cloud - cloud[0]  # a constant feature leaves no rounding error behind
    return cloud - cloud.mean(axis=0)


def distance_matrix(
    points: Float[np.ndarray, "points features"],
) -> Float[np.ndarray, "points points"]:
    """All distances as one symmetric float64 matrix.

    >>> distance_matrix(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist()
    [[0.0, 5.0], [5.0, 0.0]]
    """
    matrix = np.empty((len(points), len(points)))
    for rows, block in squared_distance_blocks(points):
        np.sqrt(block, out=matrix[rows])
    return matrix


def identical_rows(points: Float[np.ndarray, "points features"]) -> Int[np.ndarray, " points"]:
    """The index of the first equal row, for each row.

    >>> identical_rows(np.array([[1.0], [2.0], [1.0]])).tolist()
    [0, 1, 0]
    """
    first: dict[bytes, int] = {}
    rows = np.ascontiguousarray(points + 0.0)  # so that -0.0 has the bytes of 0.0
    return np.array([first.setdefault(row.tobytes(), i) for i, row in enumerate(rows)], dtype=int)


def tolerance(
    squared: Float[np.ndarray, "rows ranks"], norms: Float[np.ndarray, " rows"]
) -> Float[np.ndarray, "rows ranks"]:
    """How far two squared distances of a row may differ by rounding alone."""
    return TIE * (squared + norms[:, None] * (squared > NEAR * norms[:, None]))


def squared_norms(points: Float[np.ndarray, "points features"]) -> Float[np.ndarray, " points"]:
    """Squared distances of the points to their mean."""
    cloud = centre(points)
    return np.einsum("ij,ij->i", cloud, cloud)


def nearest(
    points: Float[np.ndarray, "points features"], count: int
) -> Float[np.ndarray, "points count"]:
    """Distances of each point to its `count` nearest others, in ascending order.

    >>> nearest(np.array([[0.0], [1.0], [3.0]]), 2).tolist()
    [[1.0, 3.0], [1.0, 2.0], [2.0, 3.0]]
    """
    found = np.empty((len(points), count))
    for rows, block in squared_distance_blocks(points, to_itself=np.inf):
        found[rows] = np.sort(np.partition(block, count - 1, axis=1)[:, :count], axis=1)
    return np.sqrt(found)


def wrong_by_rank(
    points: Float[np.ndarray, "points features"], labels: Int[np.ndarray, " points"]
) -> Iterator[tuple[slice, Float[np.ndarray, "rows ranks"]]]:
    """Whether the 1st, 2nd, ... last neighbour has another label, as (slice of rows, shares).

    Neighbours at equal distance share their ranks: each of these ranks gets the share of wrong
    ones among them, so that the order of the points does not matter.
    """
    norms = squared_norms(points)
    for rows, block in squared_distance_blocks(points, to_itself=np.inf):
        # The last bit of each distance carries the label, so that one fast sort orders both.
        keys = block.view(np.int64)
        keys &= -2
        keys |= labels[rows, None] != labels
        block.sort(axis=1)
        wrong = (keys[:, :-1] & 1).astype(np.float64)
        keys &= -2  # so that equal distances are equal again, zero above all
        squared = block[:, :-1]
        tied = np.diff(squared, axis=1) <= tolerance(squared[:, :-1], norms[rows])
        for row in np.flatnonzero(tied.any(axis=1)):
            wrong[row] = share_ties(wrong[row], tied[row])
        yield rows, wrong


def share_ties(
    values: Float[np.ndarray, " ranks"], tied: Bool[np.ndarray, " steps"]
) -> Float[np.ndarray, " ranks"]:
    """Values averaged over each stretch of ranks that are tied to the rank before.

    >>> share_ties(np.array([1.0, 0.0, 1.0]), np.array([True, False])).tolist()
    [0.5, 0.5, 1.0]
    """
    starts = np.flatnonzero(np.r_[True, ~tied])
    counts = np.diff(np.r_[starts, len(values)])
    return np.repeat(np.add.reduceat(values, starts) / counts, counts)


def class_means(
    values: ArrayLike, labels: Int[np.ndarray, " points"]
) -> Float[np.ndarray, "classes columns"]:
    """Mean row of `values` for each class 0, 1, ..."""
    values = np.asarray(values, dtype=np.float64)
    members = labels == np.arange(labels.max() + 1)[:, None]
    return (members @ values) / members.sum(axis=1, keepdims=True)
