"""Procrustes distance: what is left between two representations after the best rotation."""

from __future__ import annotations

import numpy as np

from lamella.arrays import Points
from lamella.geometry.gram import check_pair
from lamella.geometry.neighbours import centre
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="distance", unit="", better=None, default=False, pairwise=True)
def procrustes(points: Points, other: Points) -> Table:
    """Distance of two representations of the same samples after rotating one onto the other.

    Definition: both are centred and divided by their Frobenius norms; the distance is
    min over rotations Q of ||X - Y Q||^2 = 2 - 2 ||X^T Y||_* (sum of singular values). The
    narrower one is padded with zeros. Two constant ones have 0, one constant one has 1.

    >>> x = [[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]]
    >>> procrustes(x, [[0.0, 0.0], [0.0, 5.0], [-10.0, 0.0]]).columns["distance"].round(9) + 0.0
    array([0.])

    Range: 0 (equal up to rotation, reflection and one scale) to 2.

    Cost: singular values of a features x features matrix, or of a points x points one.

    Misleads: counts every direction, also those the next layer ignores; rises with noise in many
    features.

    Source: Schönemann 1966, A generalized solution of the orthogonal Procrustes problem; as a
    distance of representations: Ding, Denain, Steinhardt 2021, Grounding representation
    similarity with statistical testing.
    """
    one, two = (centre(cloud) for cloud in check_pair(points, other, "procrustes()", least=2))
    norms = [float(np.linalg.norm(cloud)) for cloud in (one, two)]
    if 0 in norms:
        return row(distance=float(sum(norm > 0 for norm in norms)))
    nuclear = _nuclear_norm(one / norms[0], two / norms[1])
    return row(distance=max(2 - 2 * nuclear, 0.0))


def _nuclear_norm(one, two) -> float:
    """Sum of the singular values of X^T Y, reduced first where features outnumber points."""
    one, two = (
        np.linalg.qr(cloud.T, mode="r").T if cloud.shape[1] > cloud.shape[0] else cloud
        for cloud in (one, two)
    )
    return float(np.linalg.svd(one.T @ two, compute_uv=False).sum())
