"""The silhouette: is each point nearer to its own class than to the next one."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points
from lamella.geometry.neighbours import squared_distance_blocks
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="silhouette", unit="", better="high", default=True)
def silhouette(points: Points, labels: Labels) -> Table:
    """Mean silhouette of the points with the classes as clusters.

    Definition: (b - a) / max(a, b) averaged over points, with a the mean distance to the others
    of its class and b the least mean distance to another class. A point alone in its class
    counts 0. Column negative is the share of points nearer to another class.

    >>> silhouette([[0.0], [1.0], [4.0], [5.0]], [0, 0, 1, 1]).columns["silhouette"].round(4)
    array([0.746])

    Range: -1 (in the wrong class) over 0 (between two) to 1 (classes are points far apart).
    Identical points have 0.

    Cost: one matrix product, points^2 x features.

    Misleads: prefers round classes of equal width; a curved class, though separate, scores low.

    Source: Rousseeuw 1987, Silhouettes: a graphical aid to the interpretation and validation of
    cluster analysis.
    """
    array = check_points(points, "silhouette()", least=2)
    classes = check_labels(labels, len(array), "silhouette()", classes=2)
    widths = silhouettes(array, classes)
    return row(silhouette=float(widths.mean()), negative=float((widths < 0).mean()))


def silhouettes(
    points: Float[np.ndarray, "points features"], labels: Int[np.ndarray, " points"]
) -> Float[np.ndarray, " points"]:
    """The silhouette of each point."""
    members = np.eye(labels.max() + 1)[labels]
    sizes = members.sum(axis=0)
    widths = np.zeros(len(points))
    for rows, block in squared_distance_blocks(points):
        sums = np.sqrt(block, out=block) @ members
        own = members[rows] > 0
        others = sizes[labels[rows]] - 1
        inside = sums[own] / np.maximum(others, 1)
        outside = np.where(own, np.inf, sums / sizes).min(axis=1)
        greater = np.maximum(inside, outside)
        counts = (others > 0) & (greater > 0)
        widths[rows] = np.where(counts, (outside - inside) / np.where(counts, greater, 1), 0.0)
    return widths
