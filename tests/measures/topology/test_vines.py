from itertools import permutations

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.measures.topology.vines import match_bars, vines
from lamella.results import Diagrams


def diagrams(*bars, dimension=1):
    birth, death = np.array(bars, dtype=float).reshape(-1, 2).T
    return Diagrams(birth, death, np.full(len(birth), dimension), mean_distance=1.0)


def slow_match(before, now, order):
    """Pairs of the cheapest of all matchings with the diagonal."""

    def cost(i, j):
        halves = (before[i, 1] - before[i, 0]) / 2 if i < len(before) else 0.0
        other = (now[j, 1] - now[j, 0]) / 2 if j < len(now) else 0.0
        if i < len(before) and j < len(now):
            return np.abs(before[i] - now[j]).max() ** order
        return (halves + other) ** order

    size = len(before) + len(now)
    best = min(permutations(range(size)), key=lambda p: sum(cost(i, j) for i, j in enumerate(p)))
    return {(i, j) for i, j in enumerate(best) if i < len(before) and j < len(now)}


@pytest.mark.parametrize("seed", range(5))
def test_matching_is_the_cheapest_of_all(seed):
    rng = np.random.default_rng(seed)
    before, now = (np.sort(rng.random((n, 2)), axis=1) for n in (3, 4))
    for order in (1.0, 2.0):
        assert set(match_bars(before, now, order)) == slow_match(before, now, order)


def test_features_are_followed_through_births_and_deaths():
    steps = [
        diagrams((1, 5), (2, 3)),
        diagrams((1.2, 5.1)),  # the short bar ends
        diagrams((8, 9), (1.3, 5.3)),  # another begins elsewhere
        diagrams((8, 9.2), (1.4, 5.2)),
    ]
    table = vines(steps).frame()
    assert table["vine"].tolist() == [0, 0, 0, 0, 1, 2, 2]
    assert table["epoch"].tolist() == [0, 1, 2, 3, 0, 2, 3]
    named = vines(steps, epochs=[0, 1, 5, 50]).frame()
    assert named["epoch"].tolist() == [0, 1, 5, 50, 0, 5, 50]
    assert (named["dimension"] == 1).all()
    assert table["birth"].tolist() == [1, 1.2, 1.3, 1.4, 2, 8, 8]


def test_short_vines_can_be_left_out():
    steps = [diagrams((1, 5), (2, 3)), diagrams((1, 5))]
    table = vines(steps, least_length=2.0).frame()
    assert table["vine"].tolist() == [0, 0]


def test_order_of_the_bars_does_not_matter():
    rng = np.random.default_rng(0)
    bars = [np.sort(rng.random((6, 2)), axis=1) for _ in range(4)]
    shuffled = [rows[rng.permutation(6)] for rows in bars]
    here, there = (vines([diagrams(*rows) for rows in way]).frame() for way in (bars, shuffled))
    assert here.equals(there)


def test_endless_bars_make_one_vine():
    table = vines(
        [diagrams((0, np.inf), dimension=0), diagrams((0, np.inf), (0, 1), dimension=0)],
        dimension=0,
    )
    assert table.frame()["vine"].tolist() == [0, 0, 1]


def test_empty_diagrams_give_an_empty_table():
    table = vines([diagrams(), diagrams()])
    assert len(table.frame()) == 0
    assert list(table.columns) == ["vine", "epoch", "dimension", "birth", "death"]


def test_units():
    steps = [Diagrams([1], [3], [1], mean_distance=2.0), Diagrams([1], [3], [1], mean_distance=4.0)]
    assert vines(steps).frame()["death"].tolist() == [1.5, 0.75]
    assert vines(steps, unit="raw").frame()["death"].tolist() == [3, 3]


def test_messages():
    with pytest.raises(InputError, match=r"vines.. wants a list of diagrams, got none"):
        vines([])
    with pytest.raises(InputError, match=r"vines.. wants diagrams, got ndarray"):
        vines([np.zeros((2, 2))])
    with pytest.raises(InputError, match=r"vines.. wants 1 epochs, one per diagram, got 2"):
        vines([diagrams((0, 1))], epochs=[0, 1])


def test_steps_in_two_units_are_refused():
    known = Diagrams([1], [2], [1], mean_distance=2.0)
    with pytest.raises(InputError, match="1 of 2 that know it"):
        vines([known, Diagrams([1], [2], [1])])
    assert vines([Diagrams([1], [2], [1])] * 2).frame()["vine"].tolist() == [0, 0]
