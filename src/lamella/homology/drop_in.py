"""`ripser` as ripser.py calls it, with the result that it gives."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from jaxtyping import Float, Int

from lamella.checks import as_array
from lamella.errors import LamellaWarning, bad_input
from lamella.homology.distances.metrics import pairwise_distances
from lamella.homology.landmarks import farthest_points
from lamella.homology.persistence import homology
from lamella.homology.reduction import check_plausible, dense

MEMORY_MB = 4000.0
OWN_METRICS = ("euclidean", "cosine", "manhattan")
Cocycle = Int[np.ndarray, "edges 3"]


def ripser(
    X: Any,
    maxdim: int = 1,
    thresh: float = np.inf,
    coeff: int = 2,
    distance_matrix: bool = False,
    do_cocycles: bool = False,
    metric: str | Callable[..., float] = "euclidean",
    n_perm: int | None = None,
) -> dict[str, Any]:
    """Persistence diagrams by this engine, called and answered as by ripser.py.

    `X` are points x features, or with `distance_matrix` distances, a sparse SciPy array too.
    `metric` may be any of scikit-learn's, or a function of two rows. The result is a dictionary:
    dgms (bars of each dimension, sorted by birth), cocycles (of H1 where `do_cocycles`, rows of
    two points and a value modulo `coeff`, in the order of dgms[1]; empty for H0), num_edges (up
    to `thresh` and the enclosing radius), dperm2all (the distances used), idx_perm and r_cover
    (of `n_perm` farthest points). H3 and above, and `coeff` other than 2 without cocycles, need
    gudhi. Raises InputError, which is a ValueError, and warns where ripser.py does.

    >>> ripser(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))["dgms"][1].round(3)
    array([[1.   , 1.414]])

    Source: Tralie, Saul, Bar-On 2018, Ripser.py: a lean persistent homology library for Python.
    """
    check_call(X, maxdim, distance_matrix, do_cocycles, n_perm)
    distances, chosen, cover = distances_of(X, metric, distance_matrix, n_perm)
    used = distances[:, chosen] if len(distances) < distances.shape[1] else distances
    scale = None if np.isinf(thresh) else float(thresh)
    # bars over Z/p in H1 come with the cocycles
    field = 2 if do_cocycles and maxdim == 1 else coeff
    if not distance_matrix and n_perm is None and metric in OWN_METRICS:
        points, by = dense(X, "euclidean"), str(metric)
    else:
        points, by = used, "precomputed"
    found = homology(points, maxdim, metric=by, max_scale=scale, field=field)
    bars = [found.bars(k) for k in range(maxdim + 1)]
    cocycles: list[list[Cocycle]] = [[] for _ in bars]
    if do_cocycles and maxdim > 0:
        bars[1], cocycles[1] = bars_with_cocycles(used, scale, coeff)
        for rows in cocycles[1]:
            rows[:, :2] = chosen[rows[:, :2]]
    return {
        "dgms": bars,
        "cocycles": cocycles,
        "num_edges": edges_used(used, thresh),
        "dperm2all": X if distance_matrix and n_perm is None else distances,
        "idx_perm": chosen,
        "r_cover": cover,
    }


def check_call(x: Any, maxdim: int, distance_matrix: bool, do_cocycles: bool, n_perm: Any) -> None:
    """What ripser.py refuses or warns of, and cocycles that there are none of."""
    rows, columns = x.shape if hasattr(x, "shape") else np.shape(x)
    if n_perm is not None and not 0 < n_perm <= rows:
        raise bad_input(
            "ripser()", wanted=f"n_perm in [1, {rows}]", got=str(n_perm), do="Pass fewer"
        )
    if n_perm is not None and distance_matrix and hasattr(x, "tocoo"):
        raise bad_input(
            "ripser()",
            wanted="n_perm with points or a full matrix of distances",
            got="a sparse one",
            do="Pass x.toarray() if all distances are there",
        )
    if do_cocycles and maxdim > 1:
        raise bad_input(
            "ripser()",
            wanted="cocycles with maxdim of at most 1",
            got=f"maxdim={maxdim}",
            do="Ask for the cocycles in a call of their own",
        )
    if not distance_matrix and rows < columns:
        warnings.warn(
            f"ripser() got {rows} points of {columns} features: did you mean to transpose them?",
            LamellaWarning,
            stacklevel=3,
        )


def distances_of(
    x: Any, metric: str | Callable[..., float], distance_matrix: bool, n_perm: int | None
) -> tuple[Float[np.ndarray, "chosen points"], Int[np.ndarray, " chosen"], float]:
    """The distances from the chosen points to all, which they are, and their covering radius."""
    if distance_matrix:
        distances = as_array(dense(x, "precomputed"))
    else:
        points = as_array(dense(x, "euclidean"))
        if n_perm is not None or metric not in OWN_METRICS:  # homology() says it otherwise
            check_plausible(points, "euclidean")
        if metric in OWN_METRICS:
            distances = pairwise_distances(points, str(metric)).astype(np.float64)
        else:
            from sklearn.metrics import pairwise_distances as by_sklearn

            distances = by_sklearn(points, metric=cast(Any, metric))
    if n_perm is None or n_perm == len(distances):
        return distances, np.arange(len(distances)), 0.0
    chosen, radius = farthest_points(distances, n_perm, metric="precomputed", first=0)
    return distances[chosen], chosen, radius


def bars_with_cocycles(
    distances: Float[np.ndarray, "points points"], scale: float | None, prime: int
) -> tuple[Float[np.ndarray, "bars 2"], list[Cocycle]]:
    """The bars of H1 over Z/p that have a length, sorted by birth, and a cocycle of each."""
    from lamella.homology.distances.metrics import cloud_of
    from lamella.homology.engine import last_length, lengths
    from lamella.homology.loops.cocycles import loop_cocycles

    cloud = cloud_of(distances, "precomputed")
    found = []
    limit = last_length(cloud, scale)
    for one in loop_cocycles(cloud.matrix, limit, prime, 1e6 * MEMORY_MB):
        birth, death = lengths(cloud.matrix, np.array([one.birth, max(one.death, 0)]))
        death = np.inf if one.death < 0 else death
        if death > birth:
            before = np.tril(one.values)
            if one.death >= 0:  # the edge that ends it is no edge of the complex yet
                before[one.death & 0xFFFF, one.death >> 16] = 0
            rows, columns = np.nonzero(before)
            values = one.values[rows, columns]
            found.append((birth, death, np.column_stack([rows, columns, values]).astype(int)))
    found.sort(key=lambda bar: bar[:2])
    bars = np.array([bar[:2] for bar in found]).reshape(-1, 2) * cloud.scale
    return bars, [bar[2] for bar in found]


def edges_used(distances: Float[np.ndarray, "points points"], thresh: float) -> int:
    """How many edges are no longer than the scale, or than the enclosing radius."""
    radius = distances.max(axis=1).min()
    apart = distances[np.triu_indices(len(distances), 1)]
    return int(((apart <= min(thresh, radius)) & np.isfinite(apart)).sum())
