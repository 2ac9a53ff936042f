import numpy as np
import pytest

from lamella.measures.compactness.class_distances import class_distances


def test_pairs_one_by_one():
    rng = np.random.default_rng(0)
    points, labels = rng.random((30, 4)), np.arange(30) % 3
    pairs = [(i, j) for i in range(30) for j in range(i)]
    far = {p: np.linalg.norm(points[p[0]] - points[p[1]]) for p in pairs}
    within = np.mean([far[i, j] for i, j in pairs if labels[i] == labels[j]])
    between = np.mean([far[i, j] for i, j in pairs if labels[i] != labels[j]])
    mean = np.mean(list(far.values()))
    found = {name: column[0] for name, column in class_distances(points, labels).columns.items()}
    assert found == pytest.approx(
        {
            "within": within,
            "between": between,
            "ratio": within / between,
            "within_relative": within / mean,
            "between_relative": between / mean,
        }
    )


def test_classes_that_are_points_have_ratio_zero():
    found = class_distances(np.repeat(np.eye(3), 4, axis=0), np.repeat([0, 1, 2], 4)).columns
    assert found["ratio"][0] == found["within"][0] == 0
    assert found["between"][0] == pytest.approx(2**0.5)


def test_identical_points_have_ratio_one():
    found = class_distances(np.ones((6, 2)), [0, 0, 0, 1, 1, 1]).columns
    assert {name: column[0] for name, column in found.items()} == {
        "within": 0,
        "between": 0,
        "ratio": 1,
        "within_relative": 0,
        "between_relative": 0,
    }
