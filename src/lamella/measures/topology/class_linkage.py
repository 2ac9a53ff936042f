"""Which classes stay linked: the order in which the components of H0 merge across classes."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.arrays import Labels, Points
from lamella.checks import as_array, check_labels, check_points
from lamella.geometry.spanning_tree import spanning_tree
from lamella.registry import measures
from lamella.results import Matrix


@measures.register(value=None, unit="", better="high", default=False)
def class_linkage(points: Points, labels: Labels) -> Matrix:
    """For each pair of classes, how late they merge compared with how each holds together.

    Definition: two points are connected at the scale where they fall into one component of H0 of
    the whole cloud. A pair of classes merges at the scale that connects half of its pairs of
    points (one of each class); a class holds together at the scale that connects half of its own.
    The value is the first divided by the larger of the latter two; the diagonal is 1. Sorting the
    values gives the order of merging.

    >>> x = [[0.0], [1.0], [3.0], [4.0], [9.0], [10.0]]
    >>> class_linkage(x, [0, 0, 1, 1, 2, 2]).values.tolist()
    [[1.0, 2.0, 5.0], [2.0, 1.0, 5.0], [5.0, 5.0, 1.0]]

    Range: 1 or less (the two are one cloud) to infinity (each class is one point).

    Cost: a spanning tree, points^2 x features.

    Misleads: a thin bridge of points links two classes as much as a wide contact does.

    Source: Gower, Ross 1969, Minimum spanning trees and single linkage cluster analysis.
    """
    array = check_points(points, "class_linkage()", least=2)
    classes = check_labels(labels, len(array), "class_linkage()", classes=2)
    scales = merge_scales(array, classes)
    own = np.maximum.outer(np.diag(scales), np.diag(scales))
    with np.errstate(divide="ignore"):
        values = np.where(own > 0, scales / np.where(own > 0, own, 1), np.inf)
    values[scales == 0] = 1.0  # identical points are linked at once
    np.fill_diagonal(values, 1.0)
    names = tuple(map(str, np.unique(as_array(labels))))
    return Matrix(values, names, names, "class", "class", "merges at (own scale)")


def merge_scales(
    points: Float[np.ndarray, "points features"], labels: Int[np.ndarray, " points"]
) -> Float[np.ndarray, "classes classes"]:
    """The scale that connects half of the pairs of points, for each pair of classes.

    A class of one point holds together at scale 0.
    """
    edges, lengths = spanning_tree(points)
    sizes = np.bincount(labels)
    missing = (np.outer(sizes, sizes) - np.diag(sizes)) / 2.0
    missing[np.diag_indices(len(sizes))] /= 2  # pairs within a class count once
    scales = np.zeros_like(missing)
    open_pairs = missing > 0
    parent = np.arange(len(points))
    counts = np.eye(len(sizes))[labels]
    for (i, j), length in zip(edges.tolist(), lengths.tolist(), strict=True):
        one, two = _root(parent, i), _root(parent, j)
        joined = np.outer(counts[one], counts[two])
        joined += joined.T
        joined[np.diag_indices(len(sizes))] /= 2
        missing -= joined
        done = open_pairs & (missing <= 0)
        scales[done] = length
        open_pairs &= ~done
        parent[two] = one
        counts[one] += counts[two]
    return scales


def _root(parent: Int[np.ndarray, " points"], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = int(parent[i])
    return i
