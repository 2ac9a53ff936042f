"""Nearest neighbours by features beside nearest neighbours by pixels."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.data.dataset import Dataset
from lamella.experiments.images.predictions import Predictions, as_pixels
from lamella.results import Images

SPARE = 8  # candidates kept beyond those wanted, before distances are computed exactly


def nearest(
    queries: Float[np.ndarray, "queries features"],
    points: Float[np.ndarray, "points features"],
    count: int = 5,
) -> tuple[Int[np.ndarray, "queries count"], Float[np.ndarray, "queries count"]]:
    """Indices of and Euclidean distances to the nearest points, nearest first.

    Candidates come from float32 matrix products of the centred clouds in blocks; their distances
    are computed again in float64 from differences, and ties go to the lower index.

    >>> nearest(np.array([[0.0]]), np.array([[3.0], [1.0], [-0.5]]), 2)
    (array([[2, 1]]), array([[0.5, 1. ]]))
    """
    import torch

    count = min(count, len(points))
    keep = min(count + SPARE, len(points))
    centre = points.mean(axis=0)
    cloud = torch.from_numpy(np.ascontiguousarray(points - centre, np.float32))
    asked = torch.from_numpy(np.ascontiguousarray(queries - centre, np.float32))
    norms = cloud.square().sum(dim=1)
    index = np.empty((len(queries), count), np.int64)
    distance = np.empty((len(queries), count))
    for start in range(0, len(queries), 512):
        rows = slice(start, start + 512)
        scores = torch.addmm(norms, asked[rows], cloud.T, alpha=-2)
        found = scores.topk(keep, dim=1, largest=False).indices.sort(dim=1).values.numpy()
        exact = exact_distances(queries[rows], points, found)
        order = np.argsort(exact, axis=1, kind="stable")[:, :count]
        index[rows] = np.take_along_axis(found, order, axis=1)
        distance[rows] = np.take_along_axis(exact, order, axis=1)
    return index, distance


def exact_distances(
    queries: Float[np.ndarray, "queries features"],
    points: Float[np.ndarray, "points features"],
    candidates: Int[np.ndarray, "queries keep"],
) -> Float[np.ndarray, "queries keep"]:
    """Distances from each query to its candidates, from differences in float64."""
    out = np.empty(candidates.shape)
    for column in range(candidates.shape[1]):
        difference = queries.astype(np.float64) - points[candidates[:, column]]
        out[:, column] = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    return out


def same_class_share(
    found: Int[np.ndarray, "queries count"],
    of_points: Int[np.ndarray, " points"],
    of_queries: Int[np.ndarray, " queries"],
) -> tuple[float, float]:
    """Share of queries whose nearest neighbour, and share of neighbours that, have their class.

    >>> same_class_share(np.array([[0, 1], [1, 0]]), np.array([5, 6]), np.array([5, 5]))
    (0.5, 0.5)
    """
    same = of_points[found] == of_queries[:, None]
    return float(same[:, 0].mean()), float(same.mean())


def neighbour_rows(
    data: Dataset,
    chosen: Int[np.ndarray, " rows"],
    by_features: Int[np.ndarray, "rows count"],
    by_pixels: Int[np.ndarray, "rows count"],
) -> Images:
    """One row for each chosen test image: itself, its neighbours by features, then by pixels."""
    tiles, labels = [], []
    for row, features, pixels in zip(chosen, by_features, by_pixels, strict=True):
        others = np.concatenate([features, pixels])
        tiles += [data.test.inputs[[row]], data.train.inputs[others]]
        labels += [data.test.labels[[row]], data.train.labels[others]]
    captions = tuple(data.class_names[label] for label in np.concatenate(labels))
    columns = 1 + by_features.shape[1] + by_pixels.shape[1]
    return Images(as_pixels(np.concatenate(tiles), data.steps), captions, columns)


def instructive_queries(
    seen: Predictions, features: Int[np.ndarray, "n k"], pixels: Int[np.ndarray, "n k"],
    labels: Int[np.ndarray, " points"], count: int, seed: int = 0,
) -> Int[np.ndarray, " rows"]:  # fmt: skip
    """Half of the rows drawn at random, half where pixels mislead most and features do not."""
    from lamella.seeds import numpy_generator

    wrong = (labels[pixels] != seen.labels[:, None]).sum(axis=1)
    wrong = wrong - 2 * (labels[features] != seen.labels[:, None]).sum(axis=1)
    order = np.argsort(-wrong, kind="stable")[: count // 2]
    rest = np.setdiff1d(np.arange(len(seen.labels)), order)
    drawn = numpy_generator(seed, "neighbour rows").permutation(rest)[: count - len(order)]
    return np.concatenate([drawn, order])
