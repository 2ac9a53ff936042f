"""The Betti numbers that a data set claims are those that persistent homology finds in it."""

import numpy as np
import pytest

from lamella.homology import homology
from lamella.registry import datasets


def farthest_points(points, count):
    chosen, distance = [0], np.linalg.norm(points - points[0], axis=1)
    while len(chosen) < count:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return points[chosen]


def betti_numbers(points, scale, max_dimension):
    found = homology(points, max_dimension, max_scale=1.05 * scale)
    bars = [found.bars(k) for k in range(max_dimension + 1)]
    return tuple(int(((b[:, 0] <= scale) & (b[:, 1] > scale)).sum()) for b in bars)


CASES = [
    ("circle", {}, 0, 150, 0.3, 1),
    ("circle", {}, 1, 150, 0.3, 1),
    ("circle", {}, "all", 150, 0.3, 1),
    ("torus", {}, 0, 300, 0.85, 2),
    ("torus", {}, 1, 100, 0.85, 2),
    ("discs", {}, 0, 300, 1.4, 1),
    ("discs", {}, 1, 700, 1.4, 1),
    ("linked_rings", {"units": 3}, 0, 300, 1.5, 1),
    ("linked_rings", {"units": 3}, 1, 300, 1.5, 1),
    ("shells", {"units": 1}, 0, 350, 0.68, 2),
    ("shells", {"units": 1}, 1, 900, 0.5, 2),
    ("spheres", {"dimension": 3}, 0, 300, 0.5, 2),
    ("spheres", {"dimension": 3}, 1, 300, 0.5, 2),
    ("spheres", {"dimension": 2}, 0, 100, 0.5, 1),
]


@pytest.mark.parametrize(("name", "options", "part", "count", "scale", "top"), CASES)
def test_betti_numbers_are_those_claimed(name, options, part, count, scale, top):
    made = datasets[name](**options)
    rows = slice(None) if part == "all" else made.train.labels == part
    points = farthest_points(made.train.inputs[rows].astype(float), count)
    assert betti_numbers(points, scale, top) == made.betti[part][: top + 1]


def test_two_spheres_apart_are_two_pieces():
    made = datasets["spheres"](dimension=3, radii=(1, 0.5), distance=3, train_size=2000)
    assert made.betti["all"] == (2, 0, 2)
    points = farthest_points(made.train.inputs.astype(float), 300)
    assert betti_numbers(points, 0.5, 2) == (2, 0, 2)


def test_circles_that_cross_have_three_loops():
    made = datasets["spheres"](dimension=2, radii=(1.0, 1.0), distance=1.0, noise=0.0)
    assert made.betti["all"] == (1, 3, 0)
    points = farthest_points(made.train.inputs.astype(float), 300)
    assert betti_numbers(points, 0.15, 1) == (1, 3)
