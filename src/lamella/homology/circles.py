"""Circular coordinates: an angle for every point, going once around a loop."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Float32, Int

from lamella.checks import check_range
from lamella.errors import LamellaError, bad_input
from lamella.homology.distances.cloud import Cloud
from lamella.homology.distances.metrics import cloud_of
from lamella.homology.engine import bars_of, check_finished, last_length, pairs_of_bars
from lamella.homology.filtration.edges import length_bits
from lamella.homology.loops.cocycles import loop_cocycles
from lamella.homology.loops.sweep import sweep

WORK, MEMORY = 10**11, 10**9


def circular_coordinates(
    points: Any,
    loop: int = 0,
    *,
    metric: str = "euclidean",
    scale: float | None = None,
    prime: int = 47,
    memory_mb: float = 4000,
) -> Float[np.ndarray, " points"]:
    """An angle in [0, 1) for each point, along the loop that lives longest, or `loop`-th longest.

    Points near each other get angles near each other, modulo 1, and the angles go once around
    the loop; where they begin and which way they turn is arbitrary. `scale` is the edge length
    at which the complex is taken, by default the middle of the loop's bar. `points` and
    `metric` are as in `homology`. Memory grows with the square of the number of points times
    that of the loops alive at once: some thousand points are much.

    Raises InputError where there is no such loop at that scale, and LamellaError where the
    cocycle modulo `prime` is none over the integers: take another prime then.

    >>> angles = 2 * np.pi * np.arange(8) / 8
    >>> found = circular_coordinates(np.column_stack([np.cos(angles), np.sin(angles)]))
    >>> np.diff(np.sort(found)).round(3).tolist()
    [0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125]

    Source: de Silva, Morozov, Vejdemo-Johansson 2011, Persistent cohomology and circular
    coordinates, sections 2.3 to 2.5.
    """
    check_range(loop, "circular_coordinates()", "loop", low=0)
    cloud = cloud_of(points, metric, drop_duplicates=False, where="circular_coordinates()")
    birth, length = chosen_loop(cloud, loop, scale)
    values = integer_cocycle(cloud.matrix, birth, length, prime, 1e6 * memory_mb)
    angles = np.empty(len(cloud.matrix))
    angles[cloud.kept] = smoothed(values, cloud.matrix <= length)
    return angles


def chosen_loop(cloud: Cloud, loop: int, scale: float | None) -> tuple[int, np.float32]:
    """The edge of birth of the `loop`-th longest bar of H1, and the length to take it at."""
    limit = last_length(cloud, None)
    swept = sweep(cloud.matrix, length_bits(limit), WORK, MEMORY)
    check_finished(swept, cloud, limit, WORK, MEMORY)
    pairs = pairs_of_bars(cloud.matrix, swept)
    bars = bars_of(cloud.matrix, *pairs)
    bars[:, 1] = np.minimum(bars[:, 1], cloud.diameter / cloud.scale)  # of those that never die
    if loop >= len(bars):
        raise bad_input(
            "circular_coordinates()",
            wanted=f"a cloud with more than {loop} loops",
            got=f"{len(bars)}",
            do="Choose another layer, or look at homology(points).bars(1)",
        )
    at = int(np.argsort(bars[:, 0] - bars[:, 1], kind="stable")[loop])
    low, high = (float(end) for end in bars[at])
    length = np.float32((low + high) / 2 if scale is None else scale / cloud.scale)
    if not low <= length < high:
        raise bad_input(
            "circular_coordinates()",
            wanted=f"a scale in [{low * cloud.scale:g}, {high * cloud.scale:g}), where it lives",
            got=f"{scale}",
            do="Leave it out",
        )
    return int(pairs[0][at]), length


def integer_cocycle(
    matrix: Float32[np.ndarray, "points points"],
    birth: int,
    length: np.float32,
    prime: int,
    memory: float,
) -> Int[np.ndarray, "points points"]:
    """A cocycle of the loop born with an edge, over the integers, on edges up to a length."""
    for one in loop_cocycles(matrix, length, prime, memory):
        if one.birth == birth and one.death < 0:
            values = one.values.astype(np.int64)
            values = np.where(2 * values > prime, values - prime, values)
            if not is_cocycle(values, matrix <= length):
                raise LamellaError(
                    f"circular_coordinates() found a cocycle modulo {prime} that is none over the "
                    "integers. Pass another prime, or another scale."
                )
            return values
    raise LamellaError(
        f"circular_coordinates() found no cocycle modulo {prime} of this loop: it is one of Z/2 "
        "only (torsion), so no angle goes around it. Pass another loop."
    )


def is_cocycle(
    values: Int[np.ndarray, "points points"], joined: Bool[np.ndarray, "points points"]
) -> bool:
    """Whether values add up to zero around every triangle."""
    for a, row in enumerate(joined):
        near = np.flatnonzero(row)
        near = near[near > a]
        around = values[a, near][:, None] + values[np.ix_(near, near)] - values[a, near]
        if around[joined[np.ix_(near, near)] & ~np.eye(len(near), dtype=bool)].any():
            return False
    return True


def smoothed(
    values: Int[np.ndarray, "points points"], joined: Bool[np.ndarray, "points points"]
) -> Float[np.ndarray, " points"]:
    """The numbers whose differences, added to a cocycle, make it least in squares; modulo 1."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import lsqr

    one, two = np.nonzero(np.triu(joined, 1))
    edges = np.arange(len(one))
    differences = coo_array(
        (
            np.repeat([-1.0, 1.0], len(one)),
            (np.concatenate([edges, edges]), np.concatenate([one, two])),
        ),
        shape=(len(one), len(values)),
    ).tocsr()
    found = lsqr(differences, -values[one, two].astype(np.float64), atol=1e-12, btol=1e-12)
    return found[0] % 1.0
