"""How many simplices a graph fills in to, before anything is computed, and whether they fit."""

from __future__ import annotations

from math import comb
from typing import Any

import numpy as np
from jaxtyping import Bool

from lamella.errors import BudgetError

STEPS_EACH, BYTES_EACH = 2500, 20  # of gudhi for a simplex, at most, as measured up to H7
COLLAPSE = 0.03  # steps of edge collapse for each pair of edges, as measured


def check_collapse(graph: Any, work: float) -> None:
    """BudgetError where collapsing the edges of a graph takes more than `work` steps."""
    points, edges = graph.shape[0], graph.nnz
    if COLLAPSE * edges**2 > work:
        fit = int(points * (work / (COLLAPSE * edges**2)) ** 0.25)
        raise _refused(f"{edges:,} edges, too many to collapse", points, fit, 2)


def check_simplices(graph: Any, max_dimension: int, work: float, memory: float) -> None:
    """BudgetError where the simplices of a graph exceed what is allowed.

    The message says up to which dimension, or with how many points, it would fit.
    """
    points = graph.shape[0]
    most = min(work / STEPS_EACH, memory / BYTES_EACH)
    counts = np.cumsum([float(n) for n in simplices(adjacency(graph), max_dimension)])
    if counts[-1] > most:
        fit = int(points * (most / counts[-1]) ** (1 / (max_dimension + 1)))
        below = int(np.searchsorted(counts, most, side="right")) - 1
        what = f"up to {counts[-1]:.2g} simplices, where work and memory_mb allow {most:.2g}"
        raise _refused(what, points, fit, min(below, max_dimension - 1))


def _refused(what: str, points: int, fit: int, below: int) -> BudgetError:
    lower = f"max_dimension={below}, " if below > 0 else ""
    return BudgetError(
        f"homology() wants what fits its budget, got {what} ({points:,} points). Pass {lower}"
        f"landmarks={max(fit, 4)}, a max_scale, or a larger work and memory_mb."
    )


def adjacency(graph: Any) -> Bool[np.ndarray, "points points"]:
    """Which points a sparse matrix of one triangle joins."""
    joined = np.zeros(graph.shape, dtype=bool)
    joined[graph.row, graph.col] = joined[graph.col, graph.row] = True
    return joined


def simplices(joined: Bool[np.ndarray, "points points"], max_dimension: int) -> list[int]:
    """At most so many cliques of 1, 2, ... max_dimension + 1 points; exact for a complete graph.

    Each clique is counted at its first point, in an order in which every next point has the fewest
    neighbours left: the others are among its later neighbours.

    >>> simplices(~np.eye(5, dtype=bool), 3)
    [5, 10, 10, 5]
    """
    left, degrees = np.ones(len(joined), dtype=bool), joined.sum(axis=1)
    later = []
    for _ in range(len(joined)):
        point = int(np.argmin(np.where(left, degrees, len(joined) + 1)))
        later.append(int(degrees[point]))
        left[point] = False
        degrees = degrees - joined[point]
    return [sum(comb(count, size) for count in later) for size in range(max_dimension + 1)]
