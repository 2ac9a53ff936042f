"""The best matching of two sets of bars, where a bar may also go to the diagonal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int

Bars = Float[np.ndarray, "bars 2"]
Edges = tuple[Int[np.ndarray, " edges"], Int[np.ndarray, " edges"]]


def best_matching(first: Bars, second: Bars, order: float) -> tuple[list[tuple[int, int]], float]:
    """Pairs of bars to match with each other, and what that saves over the diagonal.

    The distance of two bars is max(|birth - birth'|, |death - death'|), that to the diagonal half
    a bar's length; costs are distances to the power of `order`. Bars in no pair go to the
    diagonal. Only pairs that save are worth an edge, and few do: short bars are nearer to the
    diagonal than to each other. The edges fall apart into components, and each is an assignment
    of its own.
    """
    births = np.concatenate([first[:, 0], second[:, 0]])
    if len(births) and (births == births[0]).all():
        return _matching_on_a_line(half_lengths(first), half_lengths(second), order)
    rows, columns = edges_that_may_save(first, second)
    saving = _savings(first, second, rows, columns, order)
    worth = saving > 0
    pairs, saved = [], 0.0
    for i, j, part in _components((rows[worth], columns[worth]), saving[worth], len(first)):
        for r, c in zip(*_assignment(part), strict=True):
            if part[r, c] > 0:
                pairs.append((int(i[r]), int(j[c])))
                saved += float(part[r, c])
    return sorted(pairs), saved


def half_lengths(bars: Bars) -> Float[np.ndarray, " bars"]:
    """The distance of each bar to the diagonal."""
    return (bars[:, 1] - bars[:, 0]) / 2


def edges_that_may_save(first: Bars, second: Bars) -> Edges:
    """Pairs of bars whose middles lie nearer than the shorter bar is long.

    With middles m and half lengths h, the distance is |m - m'| + |h - h'|. At order 1 a pair
    saves when this is below h + h', which is |m - m'| < 2 min(h, h'); at higher orders it must be
    nearer still.
    """
    middles = first.sum(axis=1) / 2, second.sum(axis=1) / 2
    reach = 2 * half_lengths(first), 2 * half_lengths(second)
    sorted_places = np.argsort(middles[1], kind="stable")
    ladder = middles[1][sorted_places]
    low = np.searchsorted(ladder, middles[0] - reach[0], side="left")
    high = np.searchsorted(ladder, middles[0] + reach[0], side="right")
    counts = high - low
    rows = np.repeat(np.arange(len(first)), counts)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    columns = sorted_places[np.repeat(low, counts) + offsets]
    near = np.abs(middles[0][rows] - middles[1][columns]) < reach[1][columns]
    return rows[near], columns[near]


def _matching_on_a_line(first, second, order: float) -> tuple[list[tuple[int, int]], float]:
    from lamella.homology.born_together import match_born_together

    pairs, saved = match_born_together(first, second, order)
    return sorted((int(i), int(j)) for i, j in pairs), saved


def _savings(first: Bars, second: Bars, rows, columns, order: float) -> Float[np.ndarray, " edges"]:
    one, two = first[rows], second[columns]
    cost = np.abs(one - two).max(axis=1, initial=0.0) ** order
    return half_lengths(one) ** order + half_lengths(two) ** order - cost


def _components(
    edges: Edges, saving: Float[np.ndarray, " edges"], count: int
) -> Iterator[tuple[np.ndarray, np.ndarray, Float[np.ndarray, "bars others"]]]:
    """The rows, the columns and the savings of each connected component."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, columns = edges
    size = count + int(columns.max(initial=-1)) + 1
    graph = coo_array((np.ones(len(rows), bool), (rows, count + columns)), shape=(size, size))
    labels = connected_components(graph, directed=False)[1][rows]
    order = np.argsort(labels, kind="stable")
    for edge in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if not len(edge):
            continue
        (i, at_i), (j, at_j) = (np.unique(e[edge], return_inverse=True) for e in edges)
        part = np.zeros((len(i), len(j)))
        part[at_i, at_j] = saving[edge]
        yield i, j, part


def _assignment(saving: Float[np.ndarray, "bars others"]) -> tuple[np.ndarray, np.ndarray]:
    from scipy.optimize import linear_sum_assignment

    return linear_sum_assignment(saving, maximize=True)
