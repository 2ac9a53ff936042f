"""The assignment, and the pairs that its prices call for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from lamella.homology.matching.assignment import ALONE, assign
from lamella.homology.matching.near_bars import KEPT, pairs_that_save_more

# Few values, so that ties are common: they are what bidding could go on about for ever.
tables = st.integers(1, 7).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 4), min_size=width, max_size=width), min_size=1, max_size=7
    )
)


def assigned(table):
    rows, columns = np.nonzero(table > 0)
    return assign(rows, columns, table[rows, columns], table.shape)


def check_is_best(table):
    found = assigned(table)
    placed = np.flatnonzero(found.columns != ALONE)
    saved = table[placed, found.columns[placed]]
    assert (saved > 0).all()
    assert len(set(found.columns[placed])) == len(placed)
    best = table[linear_sum_assignment(table, maximize=True)].sum()
    assert saved.sum() == pytest.approx(best)
    # the proof: prices and gains cover every saving, and together are no more than is saved
    assert (found.gains[:, None] + found.prices >= table - 1e-9).all()
    assert found.gains.sum() + found.prices.sum() == pytest.approx(best)


@given(tables)
@settings(max_examples=300, deadline=None)
def test_small_tables_full_of_ties(rows):
    check_is_best(np.array(rows, float))


@pytest.mark.parametrize("share", [0.02, 0.2, 1.0])
@pytest.mark.parametrize("shape", [(60, 60), (90, 20), (20, 90)])
def test_sparse_and_dense_tables(shape, share):
    rng = np.random.default_rng(0)
    check_is_best(rng.random(shape) * (rng.random(shape) < share))


def test_nobody_saves_anything():
    found = assign(np.empty(0, int), np.empty(0, int), np.empty(0), (3, 2))
    assert found.columns.tolist() == [ALONE] * 3


@pytest.mark.parametrize("order", [1.0, 2.0, 3.0])
def test_pairs_that_save_more_are_those_of_the_whole_table(order):
    rng = np.random.default_rng(1)
    births = rng.random((2, 12))
    first, second = (np.column_stack([b, b + rng.random(12)]) for b in births)
    gains, prices = 0.1 * rng.random(12), 0.1 * rng.random(12)
    halves = [(bars[:, 1] - bars[:, 0]) / 2 for bars in (first, second)]
    apart = np.abs(first[:, None] - second).max(axis=2)
    table = halves[0][:, None] ** order + halves[1] ** order - apart**order
    assert len(second) <= KEPT
    found = set(zip(*pairs_that_save_more(first, second, order, gains, prices), strict=True))
    assert found == set(zip(*np.nonzero(table > gains[:, None] + prices), strict=True))
    assert found


def test_of_many_pairs_those_that_exceed_most():
    first = np.array([[0.0, 1.0]])
    second = np.array([[0.0, 1.0 + k / 100] for k in reversed(range(KEPT + 5))])
    _, columns = pairs_that_save_more(first, second, 1.0, np.zeros(1), np.zeros(KEPT + 5))
    assert sorted(columns) == list(range(5, KEPT + 5))
