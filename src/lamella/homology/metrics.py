"""The metrics: from points to a `Cloud` of distances, rounded once to float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float

from lamella.checks import as_array, check_choice, check_points
from lamella.errors import bad_input
from lamella.homology.distances import Cloud, euclidean, matrix_facts, power_of_two

METRICS = ("euclidean", "cosine", "manhattan", "geodesic", "hops", "precomputed")


def cloud_of(
    points: Any,
    metric: str,
    *,
    neighbours: int = 15,
    drop_duplicates: bool = True,
    where: str = "homology()",
) -> Cloud:
    """The distances of points by a metric, or of a matrix of distances (`precomputed`)."""
    check_choice(metric, METRICS, "metric")
    if metric == "precomputed":
        return from_matrix(check_matrix(points, where))
    array = check_points(points, where)
    if metric == "euclidean":
        return euclidean(array, drop_duplicates=drop_duplicates)
    if metric == "cosine":
        return cosine(array)
    if metric == "manhattan":
        return from_matrix(manhattan(array))
    return from_matrix(graph_distances(array, neighbours, weighted=metric == "geodesic"))


def cosine(points: Float[np.ndarray, "points features"]) -> Cloud:
    """One minus the cosine of the angle; 1 to a zero vector, 0 between two zero vectors."""
    array = points.astype(np.float64)
    array = array / max(float(np.abs(array).max(initial=0.0)), 1e-300)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    unit = np.divide(array, norms, out=np.zeros_like(array), where=norms > 0)
    cloud = euclidean(unit, drop_duplicates=False)
    # on the unit sphere 1 - cos is half the squared distance, without its cancellation
    half = (cloud.matrix.astype(np.float64) * cloud.scale) ** 2 / 2
    zero = norms[cloud.kept, 0] == 0
    half[np.ix_(zero, ~zero)] = half[np.ix_(~zero, zero)] = 1.0
    return from_matrix(half)._replace(kept=cloud.kept)


def manhattan(points: Float[np.ndarray, "points features"]) -> Float[np.ndarray, "points points"]:
    """Sums of absolute differences of the coordinates."""
    from scipy.spatial.distance import pdist, squareform

    return squareform(pdist(points.astype(np.float64), "cityblock"))


def graph_distances(
    points: Float[np.ndarray, "points features"], neighbours: int, *, weighted: bool
) -> Float[np.ndarray, "points points"]:
    """Lengths of shortest paths in the k-nearest-neighbour graph; infinite between components.

    `neighbours` counts the point itself, as in Naitzat, Zhitnikov, Lim 2020, Topology of deep
    neural networks, section 5; the graph has an edge if either end is near to the other.
    Unweighted, each edge counts 1 (hops).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    if neighbours < 2:
        raise bad_input("homology()", wanted="neighbours >= 2", got=str(neighbours), do="Raise it")
    cloud = euclidean(points, drop_duplicates=False)
    count = len(cloud.matrix)
    nearest = np.argsort(cloud.matrix, axis=1, kind="stable")[:, :neighbours]
    rows = np.repeat(np.arange(count), nearest.shape[1])
    columns = nearest.ravel()
    lengths = cloud.matrix[rows, columns].astype(np.float64) * cloud.scale
    # csgraph reads a stored zero as a missing edge: duplicates get the least positive length
    lengths = np.maximum(lengths, np.finfo(float).tiny) if weighted else np.ones(len(rows))
    keep = rows != columns
    graph = csr_array((lengths[keep], (rows[keep], columns[keep])), shape=(count, count))
    paths = shortest_path(graph, directed=False, unweighted=not weighted)
    back = np.argsort(cloud.kept)
    return paths[np.ix_(back, back)]


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
    farthest, diameter, mean = matrix_facts(scaled)
    order = np.arange(len(scaled))
    return Cloud(scaled, scale, order, farthest, float(diameter) * scale, mean * scale)
