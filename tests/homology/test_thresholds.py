"""Lengths that a reader compares bars with, worked out by hand: noise, the bound, the scale."""

import numpy as np
import pytest

from lamella.homology import confidence, farthest_points, homology


@pytest.mark.parametrize("gap", [1.0, 3.0])
def test_the_noise_of_two_points_is_four_times_their_distance(gap):
    # a sample with replacement misses one of both half of the time, and is then one gap away
    points = [[0.0], [gap]]
    assert confidence(points, 0.95, repeats=50) == 4 * gap
    assert confidence(points, 0.1, repeats=50) == 0.0
    assert confidence(points, method="subsampling", size=1, repeats=9) == 4 * gap
    assert confidence(points, method="subsampling", size=2, repeats=9) == 0.0


def test_the_bound_of_landmarks_is_twice_their_radius():
    assert homology([[0.0, 0.0], [1.0, 0.0], [9.0, 0.0]], landmarks=2).bound == 2.0
    points = np.random.default_rng(0).normal(size=(60, 3))
    _, radius = farthest_points(points, 20)
    assert homology(points, landmarks=20).bound == 2 * radius
    assert homology(points, landmarks=60).bound == homology(points).bound == 0.0


@pytest.mark.parametrize("dimension", [0, 1, 2])
def test_components_merge_up_to_the_greatest_scale(dimension):
    points, endless = [[0.0], [1.0], [3.0]], [0.0, np.inf]
    for scale, bars in (
        (0.9, [endless] * 3),
        (1.0, [[0.0, 1.0], endless, endless]),
        (2.0, [[0.0, 1.0], [0.0, 2.0], endless]),
    ):
        found = homology(points, dimension, max_scale=scale).bars(0)
        assert sorted(found.tolist()) == sorted(bars)
