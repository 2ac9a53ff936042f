"""Distances within and between classes."""

from __future__ import annotations

import numpy as np

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points
from lamella.geometry.class_pairs import pair_counts, pair_sums
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="ratio", unit="", better="low", default=True)
def class_distances(points: Points, labels: Labels) -> Table:
    """Mean distance within classes, between classes, and their ratio.

    Definition: means over all pairs of points of the same class and of different classes.
    Columns within and between are in the units of the points; within_relative and
    between_relative are divided by the mean of all distances; ratio is within / between.

    >>> table = class_distances([[0.0], [1.0], [4.0], [5.0]], [0, 0, 1, 1])
    >>> [float(table.columns[name][0]) for name in ("within", "between", "ratio")]
    [1.0, 4.0, 0.25]

    Range: distances from 0; ratio 0 (each class is one point) over 1 (classes do not matter).
    When all points are identical, distances are 0 and the ratio is 1.

    Cost: one matrix product, points^2 x features.

    Misleads: a ratio near 1 is normal in high dimension even for well separated classes; long or
    ring-shaped classes are far within and yet separate.

    Source: Fukunaga 1990, Introduction to statistical pattern recognition, chapter 10.
    """
    array = check_points(points, "class_distances()", least=2)
    classes = check_labels(labels, len(array), "class_distances()", classes=2)
    sums, counts = pair_sums(array, classes), pair_counts(classes)
    within = np.trace(sums) / max(np.trace(counts), 1)
    between = (sums.sum() - np.trace(sums)) / (counts.sum() - np.trace(counts))
    mean = sums.sum() / counts.sum()
    return row(
        "ratio",
        within=within,
        between=between,
        ratio=within / between if between > 0 else (np.inf if within > 0 else 1.0),
        within_relative=within / mean if mean > 0 else 0.0,
        between_relative=between / mean if mean > 0 else 0.0,
    )
