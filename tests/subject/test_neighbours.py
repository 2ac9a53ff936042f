"""Neighbours of a cloud against a slow plain twin."""

import numpy as np
from scipy.spatial.distance import cdist

from lamella.embeddings import neighbours_kept, trustworthiness
from lamella.subject.neighbours import company, kept_and_trust


def test_the_plain_twin_agrees():
    rng = np.random.default_rng(0)
    cloud, label = rng.normal(size=(700, 4)), rng.integers(0, 3, 700)
    split = (np.arange(700) >= 400).astype(int)
    found = company(cloud.astype(np.float32), label, split)
    distances = cdist(cloud, cloud)
    np.fill_diagonal(distances, np.inf)
    for i in (0, 399, 400, 699):
        nearest = np.argsort(distances[i])[:15]
        assert set(found.near[i]) == set(nearest)
        assert np.isclose(found.mixed[i], np.mean(label[nearest] != label[i]))
        own = np.where(split == split[i], distances[i], np.inf)
        assert found.wrong[i] == (label[own.argmin()] != label[i])


def test_ties_count_by_their_majority():
    cloud = np.array([[0.0], [0.0], [0.0], [5.0], [5.0]])
    label = np.array([0, 1, 1, 0, 1])
    found = company(cloud, label, np.zeros(5, int))
    assert found.wrong.tolist() == [True, False, False, True, True]


def test_the_worth_of_a_picture_is_that_of_the_embeddings_room():
    rng = np.random.default_rng(1)
    cloud = rng.normal(size=(600, 5))
    picture = cloud[:, :2]
    near = company(cloud, np.zeros(600, int), np.zeros(600, int)).near
    kept, trust = kept_and_trust(cloud, picture, near)
    assert np.isclose(kept, neighbours_kept(cloud, picture), atol=1e-3)
    assert np.isclose(trust, trustworthiness(cloud, picture), atol=1e-3)


def test_few_and_equal_points_are_no_error():
    for count in (1, 2, 5):
        cloud = np.zeros((count, 3))
        found = company(cloud, np.zeros(count, int), np.zeros(count, int))
        kept_and_trust(cloud, cloud[:, :2], found.near)
        assert not found.wrong.any()
