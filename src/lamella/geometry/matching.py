"""The best matching of two sets of bars, where a bar may also go to the diagonal."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Int

Bars = Float[np.ndarray, "bars 2"]
NEAREST = 16  # bars of the other side that each bar is offered at first


def best_matching(first: Bars, second: Bars, order: float) -> tuple[list[tuple[int, int]], float]:
    """Pairs of bars to match with each other, and what that saves over the diagonal.

    The distance of two bars is max(|birth - birth'|, |death - death'|), that to the diagonal half
    a bar's length; costs are distances to the power of `order`. Bars in no pair go to the
    diagonal. Exact: the best matching among near bars comes with a price list; pairs that would
    save more than it says are added until there are none (column generation, Gilmore, Gomory
    1961, A linear programming approach to the cutting-stock problem).
    """
    births = np.concatenate([first[:, 0], second[:, 0]])
    if len(first) == 0 or len(second) == 0:
        return [], 0.0
    if (births == births[0]).all():
        return _matching_on_a_line(half_lengths(first), half_lengths(second), order)
    from lamella.homology.matching.assignment import ALONE, assign
    from lamella.homology.matching.near_bars import pairs_that_save_more

    codes = _near_pairs(first, second)
    while True:
        rows, columns = np.divmod(codes, len(second))
        savings = _savings(first, second, rows, columns, order)
        found = assign(rows, columns, savings, (len(first), len(second)))
        missed = pairs_that_save_more(first, second, order, found.gains, found.prices)
        more = np.union1d(codes, missed[0] * len(second) + missed[1])
        if len(more) == len(codes):
            break
        codes = more
    matched = np.flatnonzero(found.columns != ALONE)
    saved = _savings(first, second, matched, found.columns[matched], order).sum()
    return [(int(i), int(found.columns[i])) for i in matched], float(saved)


def half_lengths(bars: Bars) -> Float[np.ndarray, " bars"]:
    """The distance of each bar to the diagonal."""
    return (bars[:, 1] - bars[:, 0]) / 2


def _near_pairs(first: Bars, second: Bars) -> Int[np.ndarray, " pairs"]:
    """The nearest others of each bar of both sides, as row * columns + column, ascending."""
    ahead = np.arange(len(first))[:, None] * len(second) + _nearest(first, second)
    back = _nearest(second, first) * len(second) + np.arange(len(second))[:, None]
    return np.union1d(ahead, back)


def _nearest(bars: Bars, others: Bars) -> Int[np.ndarray, "bars nearest"]:
    from scipy.spatial import KDTree

    ranks: Any = range(1, min(NEAREST, len(others)) + 1)  # a list keeps the axis of a single one
    return np.asarray(KDTree(others).query(bars, ranks, p=np.inf)[1])


def _matching_on_a_line(first, second, order: float) -> tuple[list[tuple[int, int]], float]:
    from lamella.homology.matching.born_together import match_born_together

    pairs, saved = match_born_together(first, second, order)
    return sorted((int(i), int(j)) for i, j in pairs), saved


def _savings(first: Bars, second: Bars, rows, columns, order: float) -> Float[np.ndarray, " edges"]:
    one, two = first[rows], second[columns]
    cost = np.abs(one - two).max(axis=1, initial=0.0) ** order
    return half_lengths(one) ** order + half_lengths(two) ** order - cost
