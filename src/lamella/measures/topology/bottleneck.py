"""Bottleneck distance: the farthest that any bar must move between two diagrams."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from lamella.geometry.bars import check_diagrams, dimensions_of, in_one_unit
from lamella.geometry.matching import half_lengths
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Diagrams, Table

Bars = Float[np.ndarray, "bars 2"]
HALVINGS = 12


@measures.register(value="h1", unit="", better="low", default=False, pairwise=True)
def bottleneck(
    diagrams: Diagrams, other_diagrams: Diagrams, *, unit: str = "mean_distance"
) -> Table:
    """Least number such that two diagrams match with no bar moved farther, for each dimension.

    Definition: the minimum over matchings, where a bar may also go to the diagonal, of the
    greatest distance max(|birth - birth'|, |death - death'|). Bars that never die match each
    other only. Exact: bisection over the possible values, each decided by bipartite matching;
    bars born together, as in H0, match in the order of their lengths. `unit` is "raw" (edge
    length), "mean_distance" or "diameter", each diagram by its own; where neither knows its own
    they are compared as they are, where one does they are refused.

    >>> one, two = Diagrams([0], [2], [1]), Diagrams([0], [2.5], [1])
    >>> bottleneck(one, two, unit="raw").columns["h1"].tolist()
    [0.5]

    Range: 0 (same bars) upwards; infinity where the numbers of endless bars differ.

    Cost: some milliseconds at thousands of bars.

    Misleads: one bar decides it, the rest may differ by anything up to it.

    Source: Cohen-Steiner, Edelsbrunner, Harer 2007, Stability of persistence diagrams.
    """
    both = [check_diagrams(d, "bottleneck()") for d in (diagrams, other_diagrams)]
    first, second = in_one_unit(both, unit, "bottleneck()")
    return row(
        "h1",
        **{
            f"h{d}": bottleneck_distance(first.bars(d), second.bars(d))
            for d in dimensions_of(first, second)
        },
    )


def bottleneck_distance(first: Bars, second: Bars) -> float:
    """The exact bottleneck distance of two sets of bars."""
    endless = endless_costs(first, second)
    if endless is None:
        return float("inf")
    finite = _finite_distance(first[np.isfinite(first[:, 1])], second[np.isfinite(second[:, 1])])
    return max(finite, float(endless.max(initial=0.0)))


def endless_costs(first: Bars, second: Bars) -> Float[np.ndarray, " endless"] | None:
    """How far the births of endless bars move when matched in order; None for unequal numbers."""
    births = [np.sort(bars[np.isinf(bars[:, 1]), 0]) for bars in (first, second)]
    if len(births[0]) != len(births[1]):
        return None
    return np.abs(births[0] - births[1])


def bar_distances(first: Bars, second: Bars) -> Float[np.ndarray, "bars others"]:
    """Greater of the moves of birth and death, for each pair of bars."""
    births, deaths = (np.abs(np.subtract.outer(first[:, k], second[:, k])) for k in (0, 1))
    return np.maximum(births, deaths, out=births)


def _finite_distance(first, second) -> float:
    one, two = half_lengths(first), half_lengths(second)
    most = max(one.max(initial=0.0), two.max(initial=0.0))  # everything to the diagonal
    births = np.concatenate([first[:, 0], second[:, 0]])
    if len(births) and (births == births[0]).all():
        return _one_birth_distance(one, two)
    low, high = _bracket(first, second, most)
    values = _values_within(first, second, low, high)
    lowest, highest = 0, len(values) - 1  # the highest value always works
    while lowest < highest:
        middle = (lowest + highest) // 2
        if _matches(first, second, values[middle]):
            highest = middle
        else:
            lowest = middle + 1
    return float(values[lowest])


def _bracket(first: Bars, second: Bars, most: float) -> tuple[float, float]:
    """Bounds of the distance, by bisection of [0, most], so that few values lie between them."""
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _matches(first, second, middle):
            high = middle
        else:
            low = middle
    return low, high


def _values_within(
    first: Bars, second: Bars, low: float, high: float
) -> Float[np.ndarray, " values"]:
    """All values in [low, high] that the distance can have: half lengths and distances of pairs.

    A pair of bars that are both no longer than 2 low never needs to match.
    """
    long = half_lengths(first) > low, half_lengths(second) > low
    values = [
        half_lengths(first),
        half_lengths(second),
        bar_distances(first[long[0]], second).ravel(),
        bar_distances(first[~long[0]], second[long[1]]).ravel(),
    ]
    inside = [v[(v >= low) & (v <= high)] for v in values]
    return np.unique(np.concatenate([[low], *inside]))


def _matches(first: Bars, second: Bars, value: float) -> bool:
    """Whether all bars that are too long for the diagonal can be matched within a value.

    It is enough to match those of either side alone: the two matchings combine into one
    (Mendelsohn, Dulmage 1958, Some generalizations of the problem of distinct representatives).
    """
    return all(
        _covers(bar_distances(one[half_lengths(one) > value], two) <= value)
        for one, two in ((first, second), (second, first))
    )


def _covers(near: Bool[np.ndarray, "bars others"]) -> bool:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    if not near.any(axis=1).all():
        return False
    matched = maximum_bipartite_matching(csr_array(near), perm_type="column")  # Hopcroft-Karp
    return bool((matched >= 0).all())


def _one_birth_distance(first, second) -> float:
    """Bars that are all born together, as in H0, match in the order of their lengths."""
    size = max(len(first), len(second))
    one, two = (np.pad(np.sort(half)[::-1], (0, size - len(half))) for half in (first, second))
    return float(np.minimum(2 * np.abs(one - two), np.maximum(one, two)).max(initial=0.0))
