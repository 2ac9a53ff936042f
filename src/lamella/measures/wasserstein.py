"""Wasserstein distance: how much movement turns one diagram into another."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Float

from lamella.checks import check_range
from lamella.measures.bars import check_diagrams, dimensions_of, in_unit
from lamella.measures.bottleneck import bar_distances, endless_costs
from lamella.measures.row import row
from lamella.registry import measure
from lamella.results import Diagrams, Table


@measure(value="h1", unit="", better="low", default=False, pairwise=True)
def wasserstein(
    diagrams: Diagrams,
    other_diagrams: Diagrams,
    *,
    order: float = 1.0,
    unit: str = "mean_distance",
) -> Table:
    """Least total movement that turns one diagram into another, for each dimension.

    Definition: (min over matchings of the sum of distance^order)^(1/order), where the distance
    of two bars is max(|birth - birth'|, |death - death'|) and a bar may go to the diagonal at
    half its length. Exact, by linear assignment. `unit` is "raw" (edge length), "mean_distance"
    or "diameter", each diagram by its own.

    >>> one, two = Diagrams([0, 0], [2, 1], [1, 1]), Diagrams([0], [2.5], [1])
    >>> wasserstein(one, two, unit="raw").columns["h1"].tolist()
    [1.0]

    Range: 0 (same bars) upwards; infinity where the numbers of endless bars differ.

    Cost: some 10 ms at 1,000 bars against 1,000; the cube of those that lie near each other.

    Misleads: many short bars of noise together outweigh one long bar at order 1; a higher order
    listens to long ones.

    Source: Cohen-Steiner, Edelsbrunner, Harer, Mileyko 2010, Lipschitz functions have
    Lp-stable persistence.
    """
    check_range(order, "wasserstein()", "an order", low=1.0)
    first, second = (
        in_unit(check_diagrams(d, "wasserstein()"), unit, "wasserstein()")
        for d in (diagrams, other_diagrams)
    )
    return row(
        **{
            f"h{d}": wasserstein_distance(first.bars(d), second.bars(d), order)
            for d in dimensions_of(first, second)
        }
    )


def wasserstein_distance(
    first: Float[np.ndarray, "bars 2"], second: Float[np.ndarray, "others 2"], order: float = 1.0
) -> float:
    """The exact Wasserstein distance of two sets of bars."""
    endless = endless_costs(first, second)
    if endless is None:
        return float("inf")
    one, two = (bars[np.isfinite(bars[:, 1])] for bars in (first, second))
    saved = best_matching(one, two, order)[1]
    alone = _diagonal_costs(one, order).sum() + _diagonal_costs(two, order).sum()
    return float(max(alone - saved, 0.0) + (endless**order).sum()) ** (1 / order)


def best_matching(
    first: Float[np.ndarray, "bars 2"], second: Float[np.ndarray, "others 2"], order: float
) -> tuple[list[tuple[int, int]], float]:
    """Pairs of bars to match with each other, and what that saves over the diagonal.

    Bars in no pair go to the diagonal. Only pairs that save are worth an edge, and few do: short
    bars are nearer to the diagonal than to each other. The edges fall apart into components, and
    each is an assignment of its own.
    """
    cost = bar_distances(first, second) ** order
    saving = _diagonal_costs(first, order)[:, None] + _diagonal_costs(second, order) - cost
    pairs, saved = [], 0.0
    for rows, columns in _components(saving > 0):
        part = saving[np.ix_(rows, columns)]
        for i, j in zip(*_assignment(part), strict=True):
            if part[i, j] > 0:
                pairs.append((int(rows[i]), int(columns[j])))
                saved += float(part[i, j])
    return sorted(pairs), saved


def _components(edges: Bool[np.ndarray, "bars others"]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The rows and the columns of each connected component that has an edge."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows, columns = np.nonzero(edges)
    count, size = edges.shape[0], sum(edges.shape)
    graph = coo_array((np.ones(len(rows), bool), (rows, count + columns)), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    for label in np.unique(labels[rows]):
        members = np.flatnonzero(labels == label)
        yield members[members < count], members[members >= count] - count


def _assignment(saving: Float[np.ndarray, "bars others"]) -> tuple[np.ndarray, np.ndarray]:
    from scipy.optimize import linear_sum_assignment

    return linear_sum_assignment(np.maximum(saving, 0.0), maximize=True)


def _diagonal_costs(bars, order):
    return ((bars[:, 1] - bars[:, 0]) / 2) ** order
