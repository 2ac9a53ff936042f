import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamella.geometry import neighbours
from lamella.measures.separability.neighbour_error import neighbour_error
from lamella.measures.separability.wrong_neighbours import wrong_neighbours


def slow_distances(points):
    points = np.asarray(points, dtype=np.longdouble)
    return np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2)).astype(float)


def slow_wrong(points, labels):
    """The share of other labels among the nearest others, one point at a time."""
    shares = []
    for i, row in enumerate(slow_distances(points)):
        others = [j for j in range(len(row)) if j != i]
        least = min(row[j] for j in others)
        ties = [j for j in others if row[j] <= least * (1 + 1e-12)]
        shares.append(sum(labels[i] != labels[j] for j in ties) / len(ties))
    return shares


@given(st.integers(0, 10**6), st.sampled_from([1e-30, 1.0, 1e30]), st.floats(-1e6, 1e6))
@settings(max_examples=20, deadline=None)
def test_distances_keep_their_digits(seed, scale, shift):
    rng = np.random.default_rng(seed)
    cloud = rng.random((20, 5))
    cloud[5] = cloud[6]
    cloud[7] = cloud[8] + 1e-9 * rng.random(5)
    cloud = scale * (cloud + shift)
    found = neighbours.distance_matrix(cloud)
    assert found[5, 6] == 0 == found[3, 3]
    np.testing.assert_allclose(found, slow_distances(cloud), rtol=2e-8)


def test_blocks_of_rows_make_the_whole(monkeypatch):
    cloud = np.random.default_rng(0).random((30, 4))
    whole = neighbours.distance_matrix(cloud)
    labels = np.arange(30) % 3
    shares = next(neighbours.wrong_by_rank(cloud, labels))[1]
    monkeypatch.setattr(neighbours, "BLOCK_BYTES", 30 * 8 * 7)
    np.testing.assert_allclose(neighbours.distance_matrix(cloud), whole, rtol=1e-12)
    blocks = [block for _, block in neighbours.wrong_by_rank(cloud, labels)]
    assert len(blocks) == 5
    np.testing.assert_array_equal(np.concatenate(blocks), shares)


def test_nearest_distances_in_order():
    cloud = np.random.default_rng(1).random((40, 6))
    slow = np.sort(slow_distances(cloud), axis=1)[:, 1:6]
    np.testing.assert_allclose(neighbours.nearest(cloud, 5), slow, rtol=1e-9)


def test_minus_zero_equals_zero():
    assert neighbours.identical_rows(np.array([[0.0, 1.0], [-0.0, 1.0]])).tolist() == [0, 0]


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=30, deadline=None)
def test_wrong_share_equals_the_plain_count(seed, grid):
    rng = np.random.default_rng(seed)
    cloud = rng.integers(0, 3, (25, 2)).astype(float) if grid else rng.random((25, 2))
    labels = rng.integers(0, 3, 25)
    labels[:2] = 0, 1
    found = wrong_neighbours(cloud, labels).columns["wrong"]
    np.testing.assert_allclose(found, slow_wrong(cloud, labels))
    assert neighbour_error(cloud, labels).columns["error"][0] == pytest.approx(100 * found.mean())


@given(st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_order_of_the_points_does_not_matter_even_with_ties(seed):
    rng = np.random.default_rng(seed)
    cloud, labels = rng.integers(0, 3, (30, 3)) / 7, np.arange(30) % 2
    order = rng.permutation(30)
    here = wrong_neighbours(cloud, labels).columns["wrong"]
    there = wrong_neighbours(cloud[order], labels[order]).columns["wrong"]
    np.testing.assert_array_equal(there, here[order])


def test_scikit_learn_agrees_where_nothing_ties():
    from sklearn.model_selection import LeaveOneOut, cross_val_score
    from sklearn.neighbors import KNeighborsClassifier

    rng = np.random.default_rng(5)
    cloud, labels = rng.random((60, 4)), rng.integers(0, 3, 60)
    accuracy = cross_val_score(KNeighborsClassifier(1), cloud, labels, cv=LeaveOneOut()).mean()
    error = neighbour_error(cloud, labels).columns["error"][0]
    assert error == pytest.approx(100 * (1 - accuracy))


def test_labels_at_random_err_at_the_chance_that_is_shown():
    rng = np.random.default_rng(6)
    cloud, labels = rng.random((1500, 2)), np.repeat([0, 1, 2], [1000, 300, 200])
    rng.shuffle(labels)
    found = neighbour_error(cloud, labels).columns
    assert found["error"][0] == pytest.approx(found["chance"][0], abs=3)


def test_all_points_identical_is_chance():
    found = neighbour_error(np.ones((10, 3)), np.arange(10) % 2).columns
    assert found["error"][0] == pytest.approx(found["chance"][0])
