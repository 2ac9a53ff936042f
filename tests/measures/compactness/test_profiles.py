from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamella.errors import InputError
from lamella.measures.compactness.compactness_profile import compactness_profile
from lamella.measures.compactness.complete_cross_validation import (
    complete_cross_validation,
    cross_validation_error,
    rank_weights,
)

LINE = np.array([0, 1, 2.5, 4.7, 5.1, 7.9, 8.2, 10.6])[:, None]
CLASSES = np.array([0, 0, 0, 1, 0, 1, 1, 1])


def slow_profile(points, labels):
    """K(m) by sorting the neighbours of one point at a time; ties share their ranks."""
    total = np.zeros(len(points) - 1)
    for i in range(len(points)):
        others = [j for j in range(len(points)) if j != i]
        far = {j: np.linalg.norm(points[i] - points[j]) for j in others}
        for m in range(1, len(points)):
            at_rank = sorted(far.values())[m - 1]
            ties = [j for j in others if abs(far[j] - at_rank) <= 1e-12 * (1 + at_rank)]
            total[m - 1] += np.mean([labels[j] != labels[i] for j in ties])
    return total / len(points)


def slow_cross_validation(points, labels, count):
    """The 1-NN error averaged over every choice of `count` test points."""
    errors = []
    for test in combinations(range(len(points)), count):
        train = [j for j in range(len(points)) if j not in test]
        for i in test:
            nearest = min(train, key=lambda j: abs(points[i, 0] - points[j, 0]))
            errors.append(labels[nearest] != labels[i])
    return np.mean(errors)


def test_known_profile():
    profile = compactness_profile(LINE, CLASSES).y[0]
    assert profile.tolist() == [0.25, 0.25, 0.75, 0.125, 0.875, 0.875, 0.875]


def test_known_cross_validation():
    profile = compactness_profile(LINE, CLASSES).y[0]
    found = [cross_validation_error(profile, count) for count in range(1, 8)]
    known = [0.25, 0.25, 0.273809524, 0.303571429, 0.342857143, 0.416666667, 0.571428571]
    np.testing.assert_allclose(found, known, atol=5e-10)
    for count in range(1, 8):
        table = complete_cross_validation(LINE, CLASSES, test_share=count / 8)
        assert table.columns["error"][0] == pytest.approx(known[count - 1], abs=5e-10)
        assert table.columns["test_points"][0] == count


def test_cross_validation_equals_all_splits():
    profile = compactness_profile(LINE, CLASSES).y[0]
    for count in range(1, 8):
        slow = slow_cross_validation(LINE, CLASSES, count)
        assert cross_validation_error(profile, count) == pytest.approx(slow)


@pytest.mark.parametrize(("points", "tests"), [(12, 5), (400, 133), (3000, 1499)])
def test_weights_of_the_ranks_are_exact_far_beyond_what_floats_hold(points, tests):
    ranks = range(1, tests + 1)
    train = points - tests
    whole = comb(points - 1, train)
    exact = [comb(points - 1 - m, train - 1) / whole for m in ranks]
    np.testing.assert_allclose(rank_weights(points, tests), exact, rtol=1e-8, atol=1e-300)
    assert rank_weights(points, tests).sum() == pytest.approx(1.0)


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=15, deadline=None)
def test_profile_equals_the_plain_one(seed, grid):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 3, (14, 2)).astype(float) if grid else rng.random((14, 3))
    labels = np.arange(14) % 3
    curve = compactness_profile(points, labels)
    np.testing.assert_allclose(curve.y[0], slow_profile(points, labels), atol=1e-12)
    assert curve.series == ("all", "0", "1", "2")


def test_mean_over_all_ranks_depends_on_the_class_sizes_alone():
    labels = np.repeat([0, 1, 2], [5, 10, 15])
    means = [
        compactness_profile(np.random.default_rng(seed).random((30, 4)), labels).y[0].mean()
        for seed in range(3)
    ]
    pairs = sum(labels[i] != labels[j] for i in range(30) for j in range(30)) / (30 * 29)
    assert means == pytest.approx([pairs] * 3)


def test_series_carry_the_labels_and_average_to_all():
    rng = np.random.default_rng(0)
    points, labels = rng.random((30, 2)), np.repeat(["cat", "dog"], [10, 20])
    curve = compactness_profile(points, labels)
    assert curve.series == ("all", "cat", "dog")
    np.testing.assert_allclose(curve.y[0], (curve.y[1] + 2 * curve.y[2]) / 3)


def test_separate_classes_stay_at_zero_until_the_class_ends():
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.random((10, 2)), rng.random((10, 2)) + 50])
    profile = compactness_profile(points, np.repeat([0, 1], 10)).y[0]
    assert profile.tolist() == [0.0] * 9 + [1.0] * 10


def test_message():
    with pytest.raises(InputError, match=r"a test share in \[0, 1\], got 2"):
        complete_cross_validation(LINE, CLASSES, test_share=2)
