"""Vines: the features of a diagram followed from epoch to epoch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from jaxtyping import Float

from lamella.checks import check_range
from lamella.errors import bad_input
from lamella.geometry.bars import check_diagrams, in_one_unit
from lamella.geometry.matching import best_matching
from lamella.registry import measures
from lamella.results import Diagrams, Table


@measures.register(value=None, unit="", better=None, default=False, rows="vines")
def vines(
    sequence: Sequence[Diagrams],
    *,
    epochs: Sequence[int] | None = None,
    dimension: int = 1,
    order: float = 2.0,
    least_length: float = 0.0,
    unit: str = "mean_distance",
) -> Table:
    """Bars of consecutive diagrams joined to vines by the optimal matching of each pair.

    Definition: bars of consecutive steps that the Wasserstein matching of `order` pairs with each
    other belong to one vine; a bar matched to the diagonal ends there, or begins. Bars that never
    die match each other in the order of birth. Columns: vine (counted by first epoch, then by
    length), epoch (of `epochs`, else 0, 1, ...), dimension, birth, death. Vines whose longest bar
    is below `least_length` are left out. `unit` is "raw" (edge length), "mean_distance" or
    "diameter", each diagram by its own; where none knows its own they are followed as they are,
    where only some do they are refused.

    >>> steps = [Diagrams([1], [2], [1]), Diagrams([1, 5], [2.5, 6], [1, 1])]
    >>> vines(steps, unit="raw").columns["vine"].tolist()
    [0, 0, 1]

    Range: a vine through all steps is a feature that training keeps; many short ones are noise.

    Cost: one assignment for each pair of consecutive diagrams.

    Misleads: between recorded epochs two bars may have changed places; the matching cannot know.

    Source: Cohen-Steiner, Edelsbrunner, Morozov 2006, Vines and vineyards by updating persistence
    in linear time.
    """
    check_range(order, "vines()", "an order", low=1.0)
    if not isinstance(sequence, Sequence) or len(sequence) == 0:
        got = "none" if isinstance(sequence, Sequence) else type(sequence).__name__
        raise bad_input("vines()", wanted="a list of diagrams", got=got, do="Pass one per epoch")
    known = in_one_unit([check_diagrams(d, "vines()") for d in sequence], unit, "vines()")
    steps = [diagrams.bars(dimension) for diagrams in known]
    steps = [bars[np.argsort(bars[:, 0] - bars[:, 1], kind="stable")] for bars in steps]
    names = _follow(steps, order)
    table = np.concatenate(
        [
            np.column_stack([n, np.full(len(n), t), b])
            for t, (n, b) in enumerate(zip(names, steps, strict=True))
        ]
    )
    moments = np.arange(len(steps)) if epochs is None else np.asarray(epochs)
    if len(moments) != len(steps):
        raise bad_input(
            "vines()",
            wanted=f"{len(steps)} epochs, one per diagram",
            got=f"{len(moments)}",
            do="Align them",
        )
    return _tidy(table, least_length, moments, dimension)


def _follow(steps: list[Float[np.ndarray, "bars 2"]], order: float) -> list[np.ndarray]:
    """The vine of each bar of each step."""
    names = [np.arange(len(steps[0]))]
    total = len(steps[0])
    for before, now in pairwise(steps):
        name = np.full(len(now), -1)
        for i, j in match_bars(before, now, order):
            name[j] = names[-1][i]
        fresh = name < 0
        name[fresh] = total + np.arange(fresh.sum())
        total += int(fresh.sum())
        names.append(name)
    return names


def match_bars(
    before: Float[np.ndarray, "bars 2"], now: Float[np.ndarray, "others 2"], order: float
) -> list[tuple[int, int]]:
    """Pairs of indices of bars that match each other; all others go to the diagonal."""
    endless = [np.flatnonzero(np.isinf(bars[:, 1])) for bars in (before, now)]
    finite = [np.flatnonzero(np.isfinite(bars[:, 1])) for bars in (before, now)]
    endless = [
        found[np.argsort(bars[found, 0])]
        for found, bars in zip(endless, (before, now), strict=True)
    ]
    pairs, _ = best_matching(before[finite[0]], now[finite[1]], order)
    kept = [(int(finite[0][i]), int(finite[1][j])) for i, j in pairs]
    return kept + [(int(i), int(j)) for i, j in zip(*endless, strict=False)]


def _tidy(table, least_length: float, moments, dimension: int) -> Table:
    names = table[:, 0].astype(int)
    longest = np.zeros(names.max(initial=-1) + 1)
    np.maximum.at(longest, names, table[:, 3] - table[:, 2])
    kept = longest >= least_length
    table = table[kept[names]]
    renamed = (np.cumsum(kept) - 1)[table[:, 0].astype(int)]
    order = np.lexsort([table[:, 1], renamed])
    return Table(
        {
            "vine": renamed[order],
            "epoch": moments[table[order, 1].astype(int)],
            "dimension": np.full(len(order), dimension),
            "birth": table[order, 2],
            "death": table[order, 3],
        }
    )
