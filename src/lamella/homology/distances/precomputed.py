"""A given matrix of distances: whether it is one, and the cloud of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from lamella.checks import as_array
from lamella.errors import bad_input
from lamella.homology.arrays import Matrix
from lamella.homology.distances.cloud import Cloud, power_of_two
from lamella.homology.kernels import kernel


def check_matrix(matrix: Any, where: str) -> Float[np.ndarray, "points points"]:
    """A square symmetric matrix of distances without NaN or negative entries; infinity is allowed.

    A diagonal that is not zero holds the birth of each point, at most its least distance. The
    triangle inequality is not asked for. Raises InputError that names the row.
    """
    array = as_array(matrix)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.dtype.kind not in "fiub":
        shape = f"{array.dtype} of shape {array.shape}"
        raise bad_input(
            where, wanted="a square distance matrix", got=shape, do="Pass points x points"
        )
    if len(array) == 0:
        raise bad_input(where, wanted="at least 1 point", got="0", do="Record a larger probe")
    array = array.astype(np.float64) if array.dtype not in (np.float32, np.float64) else array
    for wanted, bad in (
        ("distances without NaN", np.isnan(array)),
        ("distances >= 0", array < 0),
        ("a symmetric distance matrix", ~np.isclose(array, array.T, rtol=1e-6, atol=0)),
        ("distances at least the births on the diagonal", array < births_of(array)),
    ):
        if bad.any():
            row, column = np.argwhere(bad)[0]
            got = f"{array[row, column]:g} at row {row}, column {column}"
            raise bad_input(where, wanted=wanted, got=got, do="Repair the matrix")
    return array


def births_of(matrix: Float[np.ndarray, "points points"]) -> Float[np.ndarray, "points points"]:
    """For each pair the later birth of its two points, from the diagonal."""
    births = np.diagonal(matrix)
    return np.maximum(births[:, None], births[None, :])


def from_matrix(matrix: Float[np.ndarray, "points points"]) -> Cloud:
    """A cloud of given distances, scaled by a power of two into the range of float32."""
    finite = matrix[np.isfinite(matrix)]
    largest = float(finite.max(initial=0.0))
    scale = power_of_two(largest)
    scaled = np.ascontiguousarray(matrix / scale, np.float32)
    lower = np.tril_indices(len(scaled), -1)
    scaled[lower] = scaled.T[lower]  # differences below float32 are not kept
    farthest, diameter, mean = matrix_summary(scaled)
    order = np.arange(len(scaled))
    return Cloud(scaled, scale, order, farthest, float(diameter) * scale, mean * scale)


@kernel(allocates=True)
def matrix_summary(matrix: Matrix):
    """Greatest distance of each row, the greatest finite distance, and the mean of the finite."""
    farthest = np.zeros(len(matrix), np.float32)
    diameter, total, pairs = np.float32(0), 0.0, 0
    for i in range(len(matrix)):
        for j in range(len(matrix)):
            if i != j:
                farthest[i] = max(farthest[i], matrix[i, j])
                if matrix[i, j] < np.inf:
                    diameter = max(diameter, matrix[i, j])
                    total += matrix[i, j]
                    pairs += 1
    return farthest, diameter, total / max(pairs, 1)
