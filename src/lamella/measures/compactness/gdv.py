"""The generalised discrimination value: one number for how separate classes are."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points
from lamella.geometry.class_pairs import pair_counts, pair_sums
from lamella.geometry.neighbours import centre
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="gdv", unit="", better="low", default=True)
def gdv(points: Points, labels: Labels) -> Table:
    """Mean distance within classes less that between classes, on a scale free of dimension.

    Definition: each feature is standardised and halved, z = (x - mean) / (2 std). Then
    (mean over classes of the mean distance within it - mean over pairs of classes of the mean
    distance between them) / sqrt(features).

    >>> gdv([[0.0], [0.0], [1.0], [1.0]], [0, 0, 1, 1]).columns["gdv"].tolist()
    [-1.0]

    Range: 0 (classes do not matter) to about -1 (each class is one point, far from the others).
    Constant features count as 0 distance; identical points have 0.

    Cost: one matrix product, points^2 x features.

    Misleads: dead units count among the features and pull the value towards 0; standardising
    gives a unit that hardly moves the same weight as the rest.

    Source: Schilling, Maier, Gerum, Metzner, Krauss 2021, Quantifying the separability of data
    classes in neural networks, eq. 1-4.
    """
    array = check_points(points, "gdv()", least=2)
    classes = check_labels(labels, len(array), "gdv()", classes=2)
    halved = standardise(array) / 2
    sums, counts = pair_sums(halved, classes), pair_counts(classes)
    means = sums / np.maximum(counts, 1)  # a class of one point is 0 within
    between = means[np.triu_indices(len(means), 1)].mean()
    return row(gdv=(np.diag(means).mean() - between) / np.sqrt(array.shape[1]))


def standardise(
    points: Float[np.ndarray, "points features"],
) -> Float[np.ndarray, "points features"]:
    """Each feature with mean 0 and standard deviation 1; constant features become 0.

    >>> standardise(np.array([[1.0, 5.0], [3.0, 5.0]])).tolist()
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    cloud = centre(points)
    spread = cloud.std(axis=0)
    return cloud / np.where(spread > 0, spread, 1.0)
