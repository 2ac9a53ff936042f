"""What gudhi would have to go through is counted beforehand, and refused where it is too much."""

from itertools import combinations
from math import comb

import numpy as np
import pytest

from lamella.errors import BudgetError, InputError
from lamella.homology import homology
from lamella.homology.other_fields.simplices import simplices


def cliques(joined, size):
    """All cliques of so many points, one after the other."""
    return sum(
        all(joined[i, j] for i, j in combinations(chosen, 2))
        for chosen in combinations(range(len(joined)), size)
    )


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_the_bound_is_never_below_the_count(share):
    upper = np.triu(np.random.default_rng(0).random((10, 10)) < share, 1)
    joined = upper | upper.T
    counts = [cliques(joined, size) for size in range(1, 6)]
    bounds = simplices(joined, 4)
    assert bounds[:2] == counts[:2]  # points and edges
    assert all(bound >= count for bound, count in zip(bounds, counts, strict=True))


def test_of_a_complete_graph_it_is_the_count():
    assert simplices(~np.eye(9, dtype=bool), 5) == [comb(9, size) for size in range(1, 7)]


def circle(points):
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def test_too_many_simplices_are_refused_before_they_are_made():
    with pytest.raises(BudgetError, match=r"got up to 1\.9e\+11 simplices, where work and") as told:
        homology(circle(100), 7)
    assert "Pass max_dimension=3, landmarks=34, a max_scale, or a larger work" in str(told.value)
    assert homology(circle(100), 7, max_scale=0.2).dimensions == (0, 1)


def test_what_the_message_says_would_fit_does():
    budget = {"work": 1e8, "memory_mb": 1000}
    with pytest.raises(BudgetError, match=r"Pass max_dimension=2, landmarks=32") as told:
        homology(circle(60), 3, field=3, **budget)
    assert "(60 points)" in str(told.value)
    assert len(homology(circle(60), 2, field=3, **budget).bars(1)) == 1
    assert len(homology(circle(60), 3, field=3, landmarks=32, **budget).bars(1)) == 1


def test_edges_that_would_take_long_to_collapse_are_refused():
    points = np.random.default_rng(0).normal(size=(200, 3))
    with pytest.raises(BudgetError, match="edges, too many to collapse"):
        homology(points, 3, work=1e6)


def test_a_sphere_of_three_dimensions_is_found():
    """The cross-polytope on 8 points: born at sqrt 2, filled at 2."""
    points = np.vstack([np.eye(4), -np.eye(4)])
    for field in (2, 3):
        bars = homology(points, 3, field=field).bars(3)
        assert bars == pytest.approx(np.array([[np.sqrt(2), 2.0]]), rel=1e-6)


@pytest.mark.parametrize("dimension", ["2", 1.5, None, True])
def test_a_dimension_is_a_whole_number(dimension):
    with pytest.raises(InputError, match="wants max_dimension as a whole number, got"):
        homology(circle(8), dimension)


def test_a_budget_is_a_number():
    with pytest.raises(InputError, match=r"wants work as a number.*, got 'much'"):
        homology(circle(8), 1, work="much")
