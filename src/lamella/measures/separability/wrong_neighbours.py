"""Which samples have a nearest neighbour of another class."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points
from lamella.geometry.neighbours import squared_distance_blocks, squared_norms, tolerance
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="wrong", unit="", better="low", default=True, rows="samples")
def wrong_neighbours(points: Points, labels: Labels) -> Table:
    """For each sample, the share of its nearest neighbours that have another class.

    Definition: among the neighbours at the least distance (mostly one), the share with another
    label. Rows are in the order of the points, which is that of the probe's ids; column sample
    counts them from 0. The mean of wrong is `neighbour_error`.

    >>> wrong_neighbours([[0.0], [1.0], [1.5], [4.0]], [0, 0, 1, 1]).columns["wrong"].tolist()
    [0.0, 1.0, 1.0, 0.0]

    Range: 0 or 1; between them only where neighbours tie.

    Cost: one matrix product, points^2 x features.

    Misleads: a sample at the rim of its class is wrong by chance now and then; a loss shows in
    many samples at once (`contrast.mcnemar`).

    Source: Cover, Hart 1967, Nearest neighbor pattern classification.
    """
    array = check_points(points, "wrong_neighbours()", least=2)
    classes = check_labels(labels, len(array), "wrong_neighbours()", classes=2)
    return Table({"sample": np.arange(len(array)), "wrong": wrong_shares(array, classes)})


def wrong_shares(
    points: Float[np.ndarray, "points features"], labels: Int[np.ndarray, " points"]
) -> Float[np.ndarray, " points"]:
    """Share of other labels among the equally nearest neighbours of each point."""
    shares, norms = np.empty(len(points)), squared_norms(points)
    for rows, block in squared_distance_blocks(points, to_itself=np.inf):
        least = block.min(axis=1, keepdims=True)
        limits = least + tolerance(least, norms[rows])
        i, j = np.divmod(np.flatnonzero(block <= limits), len(points))
        wrong = labels[i + rows.start] != labels[j]
        shares[rows] = np.bincount(i, wrong, len(block)) / np.bincount(i, minlength=len(block))
    return shares
