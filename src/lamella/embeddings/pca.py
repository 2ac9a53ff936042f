"""Principal components: the linear picture that keeps most variance."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from lamella.checks import check_points
from lamella.embeddings.quality import with_quality
from lamella.results import Embedding


def pca(points: ArrayLike, dimensions: int = 2) -> Embedding:
    """The points in the directions of greatest variance.

    `points` has shape points x features; the embedding has shape points x dimensions, in the
    units of the points. A cloud of fewer features than dimensions is padded with zeros. The sign
    of each axis makes its largest loading positive, so that repeated calls agree.

    >>> pca([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]], 2).points.round(6) + 0.0
    array([[-2.,  0.],
           [ 0.,  0.],
           [ 2.,  0.]])

    Source: Pearson 1901, On lines and planes of closest fit to systems of points in space.
    """
    cloud = check_points(points, "pca()", dtype=np.float64)
    scores, shares = principal_scores(cloud, dimensions)
    axes = tuple(f"PC {k + 1} ({share:.0%})" for k, share in enumerate(shares))
    return with_quality(Embedding(scores, method="PCA", axes=axes), cloud)


def principal_scores(
    cloud: Float[np.ndarray, "points features"], dimensions: int
) -> tuple[Float[np.ndarray, "points dimensions"], Float[np.ndarray, " dimensions"]]:
    """Scores on the first principal axes, and the share of variance of each."""
    variances, axes = np.linalg.eigh(_gram(cloud - cloud.mean(axis=0)))
    order = np.argsort(variances)[::-1][:dimensions]
    centred = cloud - cloud.mean(axis=0)
    if cloud.shape[1] <= cloud.shape[0]:
        loadings = axes[:, order]
        scores = centred @ loadings
    else:  # the small Gram matrix gives the scores up to their lengths
        scores = axes[:, order] * np.sqrt(np.maximum(variances[order], 0))
        loadings = centred.T @ scores
    signs = np.sign(loadings[np.abs(loadings).argmax(axis=0), np.arange(loadings.shape[1])])
    shares = np.maximum(variances[order], 0) / max(variances.sum(), np.finfo(float).tiny)
    missing = dimensions - scores.shape[1]
    scores = np.pad(scores * np.where(signs == 0, 1, signs), ((0, 0), (0, missing)))
    return scores, np.pad(shares, (0, missing))


def _gram(centred: Float[np.ndarray, "points features"]) -> Float[np.ndarray, "side side"]:
    """The smaller of the two matrices whose eigenvalues are the variances times points."""
    tall = centred.shape[1] <= centred.shape[0]
    return centred.T @ centred if tall else centred @ centred.T
