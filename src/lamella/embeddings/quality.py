"""How far a picture can be trusted: what became of the neighbours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from lamella.results import Embedding

NEIGHBOURS = 15


def with_quality(
    embedding: Embedding, cloud: Float[np.ndarray, "points features"], neighbours: int = NEIGHBOURS
) -> Embedding:
    """The embedding with its trustworthiness and share of neighbours kept filled in."""
    if len(cloud) < 4:
        return embedding
    neighbours = min(neighbours, (len(cloud) - 1) // 2)
    ranks = neighbour_order(cloud)
    near = neighbour_order(embedding.points)[:, :neighbours]
    return replace(
        embedding,
        trustworthiness=_trustworthiness(ranks, near),
        neighbours_kept=_overlap(ranks[:, :neighbours], near),
    )


def trustworthiness(
    cloud: Float[np.ndarray, "points features"],
    picture: Float[np.ndarray, "points dimensions"],
    neighbours: int = NEIGHBOURS,
) -> float:
    """One minus the penalty for neighbours in the picture that were far in the cloud.

    1 when every neighbour in the picture is one in the cloud, about .5 for a random picture.
    Source: Venna and Kaski 2001, Neighborhood preservation in nonlinear projection methods.
    """
    return _trustworthiness(neighbour_order(cloud), neighbour_order(picture)[:, :neighbours])


def neighbours_kept(
    cloud: Float[np.ndarray, "points features"],
    picture: Float[np.ndarray, "points dimensions"],
    neighbours: int = NEIGHBOURS,
) -> float:
    """Mean share of the nearest neighbours in the cloud that are nearest in the picture too."""
    near_cloud = neighbour_order(cloud)[:, :neighbours]
    return _overlap(near_cloud, neighbour_order(picture)[:, :neighbours])


def neighbour_order(
    points: Float[np.ndarray, "points features"],
) -> Int[np.ndarray, "points others"]:
    """For each point all others, nearest first; equal distances in the order of the points."""
    from scipy.spatial.distance import cdist

    distances = cdist(points, points)
    np.fill_diagonal(distances, -1)
    return np.argsort(distances, axis=1, kind="stable")[:, 1:]


def _trustworthiness(order: np.ndarray, near: np.ndarray) -> float:
    count, k = near.shape
    ranks = np.empty((count, count), dtype=np.int64)
    np.put_along_axis(ranks, order, np.arange(1, count)[None, :], axis=1)
    penalty = np.maximum(np.take_along_axis(ranks, near, axis=1) - k, 0).sum()
    return float(1 - 2 * penalty / (count * k * (2 * count - 3 * k - 1)))


def _overlap(first: np.ndarray, second: np.ndarray) -> float:
    shared = [len(np.intersect1d(a, b)) for a, b in zip(first, second, strict=True)]
    return float(np.mean(shared) / first.shape[1])
