"""The 1-NN error: how often the nearest neighbour has another class."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points
from lamella.geometry.row import row
from lamella.measures.separability.wrong_neighbours import wrong_shares
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="error", unit="%", better="low", default=True)
def neighbour_error(points: Points, labels: Labels) -> Table:
    """Percentage of points whose nearest neighbour has another class.

    Definition: leave-one-out error of the 1-nearest-neighbour rule, Euclidean distance. Where
    several neighbours are equally near, a point counts by the share of wrong ones among them,
    so that the order of the points does not matter. Column chance is the error expected for
    labels at random.

    >>> neighbour_error([[0.0], [1.0], [1.5], [4.0]], [0, 0, 1, 1]).columns["error"].tolist()
    [50.0]

    Range: 0 % (classes are apart) to 100 %; column chance where classes do not matter.

    Cost: one matrix product, points^2 x features.

    Misleads: in few points the nearest neighbour is far; a class of one point is always wrong.

    Source: Cover, Hart 1967, Nearest neighbor pattern classification.
    """
    array = check_points(points, "neighbour_error()", least=2)
    classes = check_labels(labels, len(array), "neighbour_error()", classes=2)
    error = float(wrong_shares(array, classes).mean())
    return row(error=100 * error, chance=100 * chance_error(classes))


def chance_error(labels: Int[np.ndarray, " points"]) -> float:
    """Probability that a point's neighbour has another class when the labels are shuffled.

    >>> round(chance_error(np.array([0, 0, 1, 1])), 4)
    0.6667
    """
    sizes = np.bincount(labels)
    return float(1 - (sizes * (sizes - 1)).sum() / (len(labels) * (len(labels) - 1)))
