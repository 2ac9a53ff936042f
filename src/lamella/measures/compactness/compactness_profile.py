"""The compactness profile: how often the 1st, 2nd, ... neighbour has another class."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.arrays import Labels, Points
from lamella.checks import as_array, check_labels, check_points
from lamella.geometry.neighbours import wrong_by_rank
from lamella.registry import measures
from lamella.results import Curve


@measures.register(value=None, unit="", better="low", default=True)
def compactness_profile(points: Points, labels: Labels) -> Curve:
    """Share of points whose m-th neighbour has another class, for every m.

    Definition: K(m) = mean over points of [the m-th nearest neighbour has another label], m = 1
    ... points - 1, Euclidean distance; series "all" and one for each class. Neighbours at equal
    distance share their ranks.

    >>> compactness_profile([[0.0], [1.0], [3.0]], [0, 0, 1]).y[0].round(3).tolist()
    [0.333, 1.0]

    Range: 0 to 1. Compact classes stay near 0 until m reaches the size of the class and then
    rise; where labels do not matter K is flat at the share of the other classes. K(1) is the
    1-NN error.

    Cost: one matrix product and one sort, points^2 x features.

    Misleads: unequal class sizes bend the curve; the mean of K over all m depends on the class
    sizes alone.

    Source: Vorontsov 2004, Combinatorial substantiation of learning algorithms; Vorontsov,
    Koloskov 2006, Compactness profiles and prototype selection in metric classification.
    """
    array = check_points(points, "compactness_profile()", least=2)
    classes = check_labels(labels, len(array), "compactness_profile()", classes=2)
    by_class = class_profiles(array, classes)
    overall = np.bincount(classes) @ by_class / len(array)
    names = ("all", *map(str, np.unique(as_array(labels))))
    y = np.vstack([overall, by_class])
    return Curve(np.arange(1, len(array)), y, names, "neighbour m", "share of other classes")


def class_profiles(
    points: Float[np.ndarray, "points features"], labels: Int[np.ndarray, " points"]
) -> Float[np.ndarray, "classes ranks"]:
    """K(1), ..., K(points - 1) of each class 0, 1, ..."""
    members = np.eye(labels.max() + 1)[labels]
    total = np.zeros((members.shape[1], len(points) - 1))
    for rows, wrong in wrong_by_rank(points, labels):
        total += members[rows].T @ wrong
    return total / members.sum(axis=0)[:, None]
