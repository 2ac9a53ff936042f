"""Accuracy of the k-nearest-neighbour rule."""

from __future__ import annotations

import numpy as np

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points, check_range
from lamella.geometry.neighbours import squared_distance_blocks, squared_norms, tolerance
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="accuracy", unit="", better="high", default=False)
def knn_accuracy(
    points: Points,
    labels: Labels,
    *,
    neighbours: int = 5,
) -> Table:
    """Leave-one-out accuracy of the vote of the k nearest neighbours.

    Definition: each point gets the class that most of its `neighbours` nearest others have.
    Neighbours that tie for the last places share them, and classes that tie for the most votes
    share the point, so that the order of the points does not matter. Column chance is the share
    of the largest class.

    >>> x, y = [[0.0], [1.0], [1.5], [4.0]], [0, 0, 1, 1]
    >>> knn_accuracy(x, y, neighbours=1).columns["accuracy"].tolist()
    [0.5]

    Range: 0 to 1.

    Cost: one matrix product, points^2 x features.

    Misleads: needs more points of each class than neighbours; in unequal classes the large one
    wins votes by size.

    Source: Fix, Hodges 1951, Discriminatory analysis: nonparametric discrimination.
    """
    array = check_points(points, "knn_accuracy()", least=2)
    classes = check_labels(labels, len(array), "knn_accuracy()", classes=2)
    check_range(neighbours, "knn_accuracy()", "a number of neighbours", low=1, high=len(array) - 1)
    shares = np.bincount(classes) / len(classes)
    right = np.concatenate(list(_rows_right(array, classes, neighbours)))
    return row(accuracy=float(right.mean()), chance=float(shares.max()))


def _rows_right(points, labels, neighbours: int):
    """Share of each point that its own class wins, block by block."""
    members = np.eye(labels.max() + 1)[labels]
    norms = squared_norms(points)
    for rows, block in squared_distance_blocks(points, to_itself=np.inf):
        last = np.partition(block, neighbours - 1, axis=1)[:, neighbours - 1, None]
        slack = tolerance(last, norms[rows])
        nearer, tied = block < last - slack, np.abs(block - last) <= slack
        places = neighbours - nearer.sum(axis=1, keepdims=True)
        votes = nearer @ members + places * (tied @ members) / tied.sum(axis=1, keepdims=True)
        winners = votes >= votes.max(axis=1, keepdims=True) - 1e-9
        yield (winners * members[rows]).sum(axis=1) / winners.sum(axis=1)
