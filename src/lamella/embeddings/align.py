"""Turning a picture so that the same samples stay where they were."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float


def align(
    picture: Float[np.ndarray, "points dimensions"],
    reference: Float[np.ndarray, "points dimensions"],
    *,
    scale: bool = False,
) -> Float[np.ndarray, "points dimensions"]:
    """The picture moved and rotated (reflected, if that fits better) onto the reference.

    Distances within the picture stay as they are unless `scale` allows a common factor. Samples
    of the two pictures correspond by row.

    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> turned = square @ np.array([[0.0, 1.0], [-1.0, 0.0]]) + 5
    >>> bool(np.allclose(align(turned, square), square))
    True

    Source: Schoenemann 1966, A generalized solution of the orthogonal Procrustes problem.
    """
    centre, target = picture.mean(axis=0), reference.mean(axis=0)
    moved, goal = picture - centre, reference - target
    left, stretch, right = np.linalg.svd(moved.T @ goal)
    factor = stretch.sum() / max((moved**2).sum(), np.finfo(float).tiny) if scale else 1.0
    return factor * moved @ (left @ right) + target
