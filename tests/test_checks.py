"""Checks on what comes in: what passes, and what is said when it does not."""

import numpy as np
import pytest

from lamella.checks import check_choice, check_labels, check_points, check_range
from lamella.errors import InputError, UnknownName


def test_points_are_flattened_and_keep_their_precision():
    assert check_points(np.zeros((2, 3, 4), np.float32), "f()").shape == (2, 12)
    assert check_points(np.zeros((2, 3), np.float32), "f()").dtype == np.float32
    assert check_points([[1, 2]], "f()").dtype == np.float64
    assert check_points(np.zeros((2, 3), np.float16), "f()", dtype=np.float32).dtype == np.float32


@pytest.mark.parametrize(
    ("points", "why"),
    [
        ([1.0, 2.0], "points x features"),
        (np.zeros((0, 3)), "at least 1 point, got 0"),
        (np.array([["a"]]), "points x features"),
        ([[np.nan], [0.0]], r"NaN in 1 of 2 rows \(first: row 0\)"),
        ([[0.0], [np.inf]], r"infinity in 1 of 2 rows \(first: row 1\)"),
    ],
)
def test_points_that_cannot_be_measured_are_refused(points, why):
    with pytest.raises(InputError, match=why):
        check_points(points, "f()")


def test_opposite_infinities_are_seen():
    with pytest.raises(InputError, match="infinity in 2 of 2 rows"):
        check_points([[np.inf], [-np.inf]], "f()")


def test_labels_become_indices():
    assert check_labels(["b", "a", "b"], 3, "f()").tolist() == [1, 0, 1]
    with pytest.raises(InputError, match="3 labels, one per point, got 2"):
        check_labels([0, 1], 3, "f()")
    with pytest.raises(InputError, match="at least 2 classes, got 1"):
        check_labels([5, 5], 2, "f()", classes=2)


def test_choices_and_ranges():
    assert check_choice("pca", ["pca", "tsne"], "embedding") == "pca"
    with pytest.raises(UnknownName, match="Nearest: tsne"):
        check_choice("t-sne", ["pca", "tsne"], "embedding")
    assert check_range(0.5, "f()", "share", low=0, high=1) == 0.5
    with pytest.raises(InputError, match=r"share in \[0, 1\], got 2"):
        check_range(2, "f()", "share", low=0, high=1)
