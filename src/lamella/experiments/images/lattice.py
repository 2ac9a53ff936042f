"""An embedding on a lattice: each sample gets its own place, near where the embedding put it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int


def assign_to_lattice(
    points: Float[np.ndarray, "points 2"], rows: int, columns: int
) -> Int[np.ndarray, " places"]:
    """For each place of the lattice, row by row from the top, the index of the point put there.

    Each point is used once; the sum of squared distances between points and places, both scaled to
    the unit square, is the least possible. InputError unless there are rows x columns points.

    Source: the linear assignment problem (Kuhn 1955), by SciPy's Jonker-Volgenant; the use for
    t-SNE after Karpathy (2014), t-SNE visualization of CNN codes.

    >>> assign_to_lattice(np.array([[9.0, 9], [0, 9], [0, 0], [9, 0]]), 2, 2)
    array([1, 0, 2, 3])
    """
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    from lamella.errors import bad_input

    if len(points) != rows * columns:
        raise bad_input(
            "assign_to_lattice()",
            wanted=f"{rows} x {columns} points",
            got=str(len(points)),
            do="Take as many points as places",
        )
    low, high = points.min(axis=0), points.max(axis=0)
    unit = (points - low) / np.maximum(high - low, 1e-12)
    across, down = np.linspace(0, 1, columns), np.linspace(1, 0, rows)
    places = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    return linear_sum_assignment(cdist(places, unit, "sqeuclidean"))[1]
