"""Distances against a slow plain twin in higher precision, and the other metrics."""

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.homology import homology, pairwise_distances


def plain(points):
    """Differences in extended precision, rounded once."""
    x = np.asarray(points, np.longdouble)
    return np.sqrt(((x[:, None] - x[None]) ** 2).sum(-1)).astype(np.float32)


@pytest.mark.parametrize("n", [1, 2, 3, 63, 64, 65, 129, 300])
@pytest.mark.parametrize("features", [1, 3, 300])
def test_the_float32_rounding_of_the_distance(n, features):
    points = np.random.default_rng(n).normal(size=(n, features)).astype(np.float32) + 3
    assert np.array_equal(pairwise_distances(points), plain(points))


def test_more_rows_than_a_block_and_wide():
    points = np.maximum(np.random.default_rng(0).normal(size=(600, 260)), 0).astype(np.float32)
    points[:, 10:60] = 0  # dead units
    assert np.array_equal(pairwise_distances(points), plain(points))


def test_tight_clusters_far_apart():
    rng = np.random.default_rng(1)
    points = rng.integers(0, 2, (150, 1)) * 1e3 + 1e-3 * rng.normal(size=(150, 5))
    found, wanted = pairwise_distances(points), plain(points)
    assert np.array_equal(found == 0, wanted == 0)
    np.testing.assert_allclose(found, wanted, rtol=1.3e-7)


def test_duplicates_are_at_zero_exactly():
    points = np.random.default_rng(2).normal(size=(40, 50)).astype(np.float32)
    matrix = pairwise_distances(np.concatenate([points, points]))
    assert not np.diagonal(matrix, 40).any()
    assert (matrix[:40, :40] > 0).sum() == 40 * 39


def test_cosine_against_its_definition():
    points = np.random.default_rng(3).normal(size=(30, 4))
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    np.testing.assert_allclose(pairwise_distances(points, "cosine"), 1 - unit @ unit.T, atol=1e-7)
    doubled = pairwise_distances([[1.0, 0.0], [2.0, 0.0], [0.0, 0.0]], "cosine")
    assert doubled.tolist() == [[0, 0, 1], [0, 0, 1], [1, 1, 0]]


def test_manhattan_against_its_definition():
    points = np.random.default_rng(4).normal(size=(20, 4))
    wanted = np.abs(points[:, None] - points[None]).sum(-1).astype(np.float32)
    assert np.array_equal(pairwise_distances(points, "manhattan"), wanted)


def from_neighbours(points, k):
    from lamella.homology.distances.metrics import graph_distances

    return graph_distances(points, k, weighted=True)


def test_hops_and_geodesics_along_a_line():
    # k counts the point itself: with 3 each point sees its two neighbours
    matrix = from_neighbours(np.arange(6.0)[:, None], 3)
    assert np.array_equal(matrix, np.abs(np.subtract.outer(range(6), range(6))))
    diagrams = homology(np.arange(6.0)[:, None] * 2, metric="hops", neighbours=3)
    assert diagrams.bars(0).tolist() == [[0, 1]] * 5 + [[0, np.inf]]


def test_separate_graphs_stay_apart():
    points = np.concatenate([np.arange(5.0), 100 + np.arange(5.0)])[:, None]
    diagrams = homology(points, metric="hops", neighbours=3)
    assert np.isinf(diagrams.bars(0)).sum() == 2
    with pytest.raises(InputError, match="neighbours >= 2"):
        homology(points, metric="hops", neighbours=1)
