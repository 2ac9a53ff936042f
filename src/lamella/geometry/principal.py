"""Variances and scores along the principal axes, by the smaller of two symmetric matrices."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.geometry.neighbours import centre


def variances(points: Float[np.ndarray, "points features"]) -> Float[np.ndarray, " axes"]:
    """Variances along the principal axes in descending order, none negative.

    >>> variances(np.array([[0.0, 1.0], [2.0, 1.0]])).tolist()
    [1.0, 0.0]
    """
    found = np.linalg.eigvalsh(small_gram(centre(points)))[::-1]
    return np.maximum(found, 0.0) / len(points)


def scores(
    points: Float[np.ndarray, "points features"], dimensions: int
) -> Float[np.ndarray, "points dimensions"]:
    """The centred points along their first principal axes (at most as many as there are)."""
    cloud = centre(points)
    values, vectors = np.linalg.eigh(small_gram(cloud))
    values, vectors = values[::-1][:dimensions], vectors[:, ::-1][:, :dimensions]
    if cloud.shape[1] <= cloud.shape[0]:
        return cloud @ vectors
    return vectors * np.sqrt(np.maximum(values, 0.0))


def small_gram(cloud: Float[np.ndarray, "points features"]) -> Float[np.ndarray, "side side"]:
    """The smaller of the two Gram matrices; both have the same eigenvalues above 0."""
    return cloud.T @ cloud if cloud.shape[1] <= cloud.shape[0] else cloud @ cloud.T
