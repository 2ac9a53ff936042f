"""Landmarks, samples, sparse matrices, and points that look like a matrix of distances."""

import warnings

import numpy as np
import pytest
from scipy import sparse

from lamella.errors import InputError, LamellaWarning
from lamella.homology import farthest_points, homology, pairwise_distances

POINTS = np.random.default_rng(0).normal(size=(60, 3))
METRICS = ["euclidean", "cosine", "manhattan", "geodesic", "hops", "precomputed"]


def given(points, metric):
    return pairwise_distances(points) if metric == "precomputed" else points


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("offset", [0.0, 3.0])  # apart from zero all cosines are small
def test_landmarks_keep_their_bound_in_every_metric(metric, offset):
    gudhi = pytest.importorskip("gudhi")
    points = given(POINTS + offset, metric)
    full, some = homology(points, metric=metric), homology(points, metric=metric, landmarks=25)
    assert (some.points, full.bound) == (25, 0.0)
    apart = [gudhi.bottleneck_distance(full.bars(k), some.bars(k)) for k in (0, 1)]
    assert 0 < max(apart) <= some.bound < 4 * full.diameter


@pytest.mark.parametrize("metric", METRICS)
def test_all_points_as_landmarks_change_nothing(metric):
    points = given(POINTS, metric)
    full, some = homology(points, metric=metric), homology(points, metric=metric, landmarks=60)
    assert some.bound == 0.0
    for k in (0, 1):
        np.testing.assert_allclose(some.bars(k), full.bars(k), rtol=1e-6)


@pytest.mark.parametrize("metric", ["euclidean", "precomputed"])
def test_landmarks_are_those_of_ripser(metric):
    ripser = pytest.importorskip("ripser").ripser
    theirs = ripser(POINTS, n_perm=20)
    chosen, radius = farthest_points(given(POINTS, metric), 20, metric=metric, first=0)
    assert chosen.tolist() == theirs["idx_perm"].tolist()
    assert radius == pytest.approx(theirs["r_cover"], rel=1e-6)


@pytest.mark.parametrize("metric", ["cosine", "manhattan"])
def test_the_radius_is_the_distance_of_the_point_farthest_from_all_landmarks(metric):
    points = np.concatenate([POINTS, np.zeros((2, 3))])
    chosen, radius = farthest_points(points, 12, metric=metric)
    matrix = pairwise_distances(points, metric)
    assert radius == pytest.approx(matrix[:, chosen].min(axis=1).max(), rel=1e-6)
    for place in range(2, 12):  # each is the farthest from those before it
        nearest = matrix[:, chosen[:place]].min(axis=1)
        assert nearest[chosen[place]] == pytest.approx(nearest.max(), rel=1e-6)


def test_more_landmarks_than_points_are_said():
    with pytest.warns(LamellaWarning, match="100 landmarks were asked for, but there are 60"):
        found = homology(POINTS, landmarks=100)
    assert found.frame().equals(homology(POINTS).frame())
    with pytest.warns(LamellaWarning, match="7 landmarks"):
        farthest_points(POINTS[:5], 7)
    with pytest.raises(InputError, match=r"first in \[0, 59\]"):
        farthest_points(POINTS, 3, first=60)
    with pytest.raises(InputError, match="landmarks or a sample, got both"):
        homology(POINTS, landmarks=3, sample=3)


def test_a_sample_wants_a_label_for_every_point():
    with pytest.raises(InputError, match="wants 60 labels, one per point, got 30"):
        homology(POINTS, sample=20, labels=np.arange(30) % 2)
    labels = np.repeat([0, 1, 2], [30, 20, 10])
    found = homology(POINTS, sample=12, labels=labels)
    assert found.points == 12


def test_points_that_look_like_distances_are_said():
    matrix = pairwise_distances(POINTS)
    with pytest.warns(LamellaWarning, match="60 rows look like a matrix of distances"):
        homology(matrix, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        homology(matrix, 0, metric="precomputed")
        homology(POINTS[:3], 0)
        homology(np.zeros((5, 5)), 0)
        homology(np.eye(4), 0)


def test_a_sparse_matrix_holds_the_edges_that_there_are():
    ripser = pytest.importorskip("ripser").ripser
    matrix = pairwise_distances(POINTS)
    upper = sparse.coo_matrix(np.triu(np.where(matrix < 1.5, matrix, 0)))
    theirs = ripser(upper, distance_matrix=True, maxdim=2)["dgms"]
    for edges in (upper, upper.T, (upper + upper.T).tocsr()):
        found = homology(edges, 2, metric="precomputed")
        for k in range(3):
            bars = theirs[k][theirs[k][:, 1] > theirs[k][:, 0]]
            assert sorted(map(tuple, np.float32(found.bars(k)))) == sorted(map(tuple, bars))


def test_a_stored_zero_is_an_edge_and_a_stored_diagonal_a_birth():
    edges = sparse.coo_array(([0.0, 2.0, 1.0], ([0, 1, 1], [1, 2, 1])), shape=(3, 3))
    with pytest.raises(InputError, match="births on the diagonal"):
        homology(edges, metric="precomputed")
    edges = sparse.coo_array(([0.0, 2.0, 1.0], ([0, 1, 2], [1, 2, 2])), shape=(3, 3))
    found = homology(edges, metric="precomputed").bars(0)
    assert sorted(found.tolist()) == [[0.0, np.inf], [1.0, 2.0]]


def test_sparse_points_are_points():
    points = np.where(np.abs(POINTS) > 1, POINTS, 0)
    found = homology(sparse.csr_array(points))
    assert found.frame().equals(homology(points).frame())
    with pytest.raises(InputError, match="square sparse matrix of distances"):
        homology(sparse.csr_array(points), metric="precomputed")
