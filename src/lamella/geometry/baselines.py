"""What a number is to be compared with: chance, a cloud without structure, the raw input.

Each baseline is a pair of points and labels that a measure is called with instead of the cell's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from lamella.checks import as_array, check_points
from lamella.geometry.neighbours import centre
from lamella.results import Record
from lamella.seeds import numpy_generator


def shuffled_labels(labels: ArrayLike, *, seed: int = 0) -> Int[np.ndarray, " points"]:
    """The same labels in random order: what a measure says when classes do not matter.

    >>> sorted(shuffled_labels([0, 0, 1, 2]).tolist())
    [0, 0, 1, 2]
    """
    return numpy_generator(seed, "shuffled labels").permutation(as_array(labels))


def gaussian_cloud(points: ArrayLike, *, seed: int = 0) -> Float[np.ndarray, "points features"]:
    """A Gaussian cloud with exactly the mean and covariance of the points.

    It has their size, shape and orientation, but no clusters, holes or curvature. Drawn as an
    orthogonal mixture of the centred points, so that the match is exact and no covariance matrix
    is formed; it is Gaussian as far as points outnumber their rank.

    >>> cloud = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [2.0, 2.0], [1.0, 5.0]])
    >>> bool(np.allclose(np.cov(gaussian_cloud(cloud).T), np.cov(cloud.T)))
    True
    """
    array = check_points(points, "gaussian_cloud()", least=2)
    cloud = centre(array)
    draws = numpy_generator(seed, "gaussian").standard_normal((len(cloud), len(cloud)))
    draws -= draws.mean(axis=0)  # the mixture of centred points stays centred
    left, sizes, axes = np.linalg.svd(cloud, full_matrices=False)
    rank = int((sizes > 1e-10 * sizes.max(initial=0.0)).sum())
    # Orthonormal columns, each orthogonal to the constant: random scores on the same axes.
    scores = np.linalg.qr(draws[:, :rank])[0] if rank else left[:, :0]
    made = (scores * sizes[:rank]) @ axes[:rank] + array.mean(axis=0, dtype=np.float64)
    return made.astype(array.dtype)


def baselines(
    points: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    raw_input: ArrayLike | None = None,
    untrained: ArrayLike | None = None,
    seed: int = 0,
) -> dict[str, dict[str, Any]]:
    """The inputs of every baseline by name: arguments for a measure of points (and labels).

    Names: "shuffled labels" (where there are labels), "matched Gaussian", "raw input" (the
    probe's inputs) and "untrained" (the same layer at epoch 0), the last two where given.
    """
    clouds = {"matched Gaussian": gaussian_cloud(points, seed=seed)}
    if raw_input is not None:
        clouds["raw input"] = check_points(raw_input, "baselines()")
    if untrained is not None:
        clouds["untrained"] = check_points(untrained, "baselines()")
    if labels is None:
        return {name: {"points": cloud} for name, cloud in clouds.items()}
    shuffled = {"points": as_array(points), "labels": shuffled_labels(labels, seed=seed)}
    kept = as_array(labels)
    return {"shuffled labels": shuffled} | {
        name: {"points": cloud, "labels": kept} for name, cloud in clouds.items()
    }


def measure_baselines(
    measure: Callable[..., Record],
    points: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    raw_input: ArrayLike | None = None,
    untrained: ArrayLike | None = None,
    seed: int = 0,
    **arguments: Any,
) -> dict[str, Record]:
    """The record of a measure for the points themselves ("cell") and for every baseline."""
    cell = {"points": points} if labels is None else {"points": points, "labels": labels}
    others = baselines(points, labels, raw_input=raw_input, untrained=untrained, seed=seed)
    return {
        name: measure(**inputs, **arguments) for name, inputs in {"cell": cell, **others}.items()
    }
