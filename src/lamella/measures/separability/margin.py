"""The margin: how much nearer a point is to its own class than to another."""

from __future__ import annotations

import numpy as np

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points
from lamella.geometry.neighbours import squared_distance_blocks
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="margin", unit="", better="high", default=False)
def margin(points: Points, labels: Labels) -> Table:
    """Mean margin of the nearest neighbour rule, in units of the mean distance.

    Definition: half of (distance to the nearest point of another class - distance to the nearest
    other point of its own), averaged over points and divided by the mean of all distances. A
    point alone in its class is left out. Column positive is the share of points with a margin
    above 0; gap is half the least distance between two classes in the same unit, more than which
    no classifier's margin can be.

    >>> table = margin([[0.0], [1.0], [4.0], [5.0]], [0, 0, 1, 1])
    >>> float(table.columns["margin"][0]) * 3, float(table.columns["gap"][0]) * 3
    (1.25, 1.5)

    Range: about -0.5 to 0.5; above 0 where classes are apart. Identical points have 0.

    Cost: one matrix product, points^2 x features.

    Misleads: denser sampling raises it without the classes moving; the gap hangs on one pair.

    Source: Gilad-Bachrach, Navot, Tishby 2004, Margin based feature selection, definition 1.
    """
    array = check_points(points, "margin()", least=2)
    classes = check_labels(labels, len(array), "margin()", classes=2)
    hit, miss, mean = _nearest(array, classes)
    if mean == 0:
        return row(margin=0.0, positive=0.0, gap=0.0)
    has_hit = np.isfinite(hit)
    found = (miss[has_hit] - hit[has_hit]) / (2 * mean)
    return row(
        margin=float(found.mean()) if len(found) else 0.0,
        positive=float((found > 0).mean()) if len(found) else 0.0,
        gap=float(miss.min() / (2 * mean)),
    )


def _nearest(points, labels):
    """Distance to the nearest of its own and of another class, and the mean distance."""
    hit, miss, total = np.empty(len(points)), np.empty(len(points)), 0.0
    for rows, block in squared_distance_blocks(points):
        np.sqrt(block, out=block)
        total += block.sum()
        own = labels[rows, None] == labels
        miss[rows] = np.where(own, np.inf, block).min(axis=1)
        at = np.arange(len(block))
        block[at, at + rows.start] = np.inf
        hit[rows] = np.where(own, block, np.inf).min(axis=1)
    return hit, miss, total / (len(points) * (len(points) - 1))
