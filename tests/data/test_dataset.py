"""What data sets are made of: splits, rotations, stratified samples."""

import numpy as np
import pytest

from lamella.data.dataset import Split, embed, stratified
from lamella.errors import InputError


def test_rotations_are_uniform_to_the_first_moments():
    points = np.eye(3)
    turned = np.stack([embed(points, 3, seed, "") for seed in range(2000)])
    assert np.abs(turned.mean(axis=0)).max() < 0.06
    assert np.abs((turned**2).mean(axis=0) - 1 / 3).max() < 0.03


def test_a_split_wants_labels_for_all():
    with pytest.raises(InputError, match="3 inputs, 2 labels"):
        Split(np.zeros((3, 2)), np.zeros(2), np.arange(3))


def test_stratified_samples_keep_shares_and_ids():
    labels = np.repeat([0, 1, 2], [600, 300, 100])
    rows = stratified(labels, 100, seed=0)
    assert np.bincount(labels[rows]).tolist() == [60, 30, 10]
    assert np.array_equal(rows, np.unique(rows))
    assert not np.array_equal(rows, stratified(labels, 100, seed=1))
