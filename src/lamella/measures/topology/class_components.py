"""How many pieces each class falls into, at the scale of its own spacing."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.arrays import Labels, Points
from lamella.checks import as_array, check_labels, check_points
from lamella.geometry.spanning_tree import components, spanning_tree
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="components", unit="", better="low", default=True, rows="classes")
def class_components(
    points: Points,
    labels: Labels,
    *,
    reach: float = 1.8,
    least_share: float = 0.02,
) -> Table:
    """Number of connected components of each class, from its own H0.

    Definition: the points of a class are joined up to a scale of `reach` times the length within
    which 95 % of its H0 bars have died. Components with at least `least_share` of the class (and
    two points) count; points of smaller ones are strays. The last row, class "all", has the mean
    of the components and the sum of the strays.

    >>> x = [[0.0], [1.0], [2.0], [50.0], [51.0], [53.0]]
    >>> class_components(x, [0, 0, 0, 0, 0, 1], reach=0.5).columns["components"].tolist()
    [2.0, 1.0, 1.5]

    Range: from 1 (the class hangs together, whatever lies between its points).

    Cost: a spanning tree for each class, points^2 x features.

    Misleads: a class split into more than one piece in twenty points is not seen as split; two
    pieces joined by a few points are one.

    Source: Edelsbrunner, Letscher, Zomorodian 2002, Topological persistence and simplification;
    the components of classes through layers: Naitzat, Zhitnikov, Lim 2020.
    """
    array = check_points(points, "class_components()")
    classes = check_labels(labels, len(array), "class_components()")
    found = [
        count_components(array[classes == c], reach, least_share) for c in range(classes.max() + 1)
    ]
    pieces, strays, scales = (np.array(column, dtype=float) for column in zip(*found, strict=True))
    return Table(
        {
            "class": np.array([*map(str, np.unique(as_array(labels))), "all"]),
            "components": np.r_[pieces, pieces.mean()],
            "strays": np.r_[strays, strays.sum()],
            "scale": np.r_[scales, scales.mean()],
        }
    )


def count_components(
    points: Float[np.ndarray, "points features"], reach: float = 1.8, least_share: float = 0.02
) -> tuple[int, int, float]:
    """Number of components, of stray points, and the scale at which both were counted."""
    if len(points) == 1:
        return 1, 0, 0.0
    edges, lengths = spanning_tree(points)
    scale = reach * float(np.quantile(lengths, 0.95))
    sizes = np.bincount(components(len(points), edges[lengths <= scale]))
    large = sizes >= max(2, least_share * len(points))
    return max(int(large.sum()), 1), int(sizes[~large].sum()), scale
