from itertools import combinations

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.measures.similarity.rtd import divergence, rtd


def distances(points):
    return np.array([[np.linalg.norm(a - b) for b in points] for a in points])


def slow_divergence(one, two):
    """Sum of the H1 bars of Rips(min) with a cone over Rips(one), boundaries reduced over Z/2."""
    count, apex = len(one), len(one)
    least = np.minimum(one, two)

    def value(simplex, matrix):
        return max((matrix[i, j] for i, j in combinations(simplex, 2)), default=0.0)

    simplices = [(0.0, (apex,))]
    for size in (1, 2, 3):
        for simplex in combinations(range(count), size):
            simplices.append((value(simplex, least), simplex))
            if size < 3:
                simplices.append((value(simplex, one), (*simplex, apex)))
    simplices.sort(key=lambda pair: (pair[0], len(pair[1]), pair[1]))
    index = {simplex: k for k, (_, simplex) in enumerate(simplices)}
    lowest, total = {}, 0.0
    for death, simplex in simplices:
        column = {index[face] for face in combinations(simplex, len(simplex) - 1) if face}
        while column and max(column) in lowest:
            column ^= lowest[max(column)]
        if column:
            lowest[max(column)] = column
            birth, face = simplices[max(column)]
            total += (death - birth) * (len(face) == 2)
    return total


@pytest.mark.parametrize("seed", range(6))
def test_equals_the_reduced_mapping_cone(seed):
    rng = np.random.default_rng(seed)
    one, two = (distances(rng.random((7, 2))) for _ in range(2))
    if seed % 2:  # a grid, full of ties
        one = distances(rng.integers(0, 3, (7, 2)))
    assert divergence(one, two) == pytest.approx(slow_divergence(one, two), abs=1e-5)


def test_counts_the_gaps_that_the_other_fills():
    # Two pairs far apart against all four together: they merge at 10, and in the other at 1.
    far = distances(np.array([[0.0], [1.0], [11.0], [12.0]]))
    near = distances(np.array([[0.0], [1.0], [2.0], [3.0]]))
    assert divergence(far, near) == pytest.approx(9.0, abs=1e-5)
    assert divergence(near, far) == pytest.approx(0.0, abs=1e-5)


def test_equal_up_to_scale_is_zero_and_order_does_not_matter():
    rng = np.random.default_rng(0)
    one, two = rng.random((25, 3)), rng.random((25, 2))
    assert rtd(one, 3 * one + 1).columns["rtd"][0] == pytest.approx(0.0, abs=1e-5)
    order = rng.permutation(25)
    here, there = rtd(one, two).columns, rtd(one[order], two[order]).columns
    assert here["rtd"][0] == pytest.approx(there["rtd"][0], rel=1e-4)
    assert here["rtd"][0] == pytest.approx((here["forth"][0] + here["back"][0]) / 2)
    assert here["rtd"][0] > 0.1


def test_clusters_that_split_raise_it():
    rng = np.random.default_rng(1)
    cloud = rng.standard_normal((60, 4))
    moved = [cloud + shift * (np.arange(60)[:, None] % 3) for shift in (0.0, 2.0, 10.0)]
    values = [rtd(cloud, other, sample=40).columns["rtd"][0] for other in moved]
    assert values[0] == pytest.approx(0, abs=1e-5)
    assert values[0] < values[1] < values[2]


def test_samples_are_fixed_by_the_seed():
    rng = np.random.default_rng(2)
    one, two = rng.random((40, 3)), rng.random((40, 2))
    first, again, other = (
        rtd(one, two, sample=20, repeats=2, seed=s).columns["rtd"][0] for s in (0, 0, 1)
    )
    assert first == again != other


def test_identical_points_are_zero():
    assert rtd(np.ones((6, 2)), np.ones((6, 3))).columns["rtd"][0] == 0


def test_message():
    with pytest.raises(
        InputError, match=r"rtd.. wants the same samples on both sides, got 6 and 5"
    ):
        rtd(np.ones((6, 2)), np.ones((5, 2)))
