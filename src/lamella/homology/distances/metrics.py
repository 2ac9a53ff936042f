"""The metrics: from points to a `Cloud` of distances, rounded once to float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Float32

from lamella.checks import check_choice, check_points
from lamella.errors import bad_input
from lamella.homology.distances.cloud import Cloud
from lamella.homology.distances.euclidean import euclidean
from lamella.homology.distances.precomputed import check_matrix, from_matrix

METRICS = ("euclidean", "cosine", "manhattan", "geodesic", "hops", "precomputed")


def pairwise_distances(points: Any, metric: str = "euclidean") -> Float32[np.ndarray, "n n"]:
    """The matrix of distances between points, in float32, rounded once from float64.

    `metric` as in `homology`. Raises InputError for NaN or infinity.

    >>> pairwise_distances([[0.0, 0.0], [3.0, 4.0]])
    array([[0., 5.],
           [5., 0.]], dtype=float32)
    """
    cloud = cloud_of(points, metric, drop_duplicates=False)
    matrix = np.empty_like(cloud.matrix)
    matrix[np.ix_(cloud.kept, cloud.kept)] = cloud.matrix * np.float32(cloud.scale)
    return matrix


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
    unit, zero = unit_vectors(points)
    cloud = euclidean(unit, drop_duplicates=False)
    # on the unit sphere 1 - cos is half the squared distance, without its cancellation
    half = (cloud.matrix.astype(np.float64) * cloud.scale) ** 2 / 2
    zero = zero[cloud.kept]
    half[np.ix_(zero, ~zero)] = half[np.ix_(~zero, zero)] = 1.0
    return from_matrix(half)._replace(kept=cloud.kept)


def unit_vectors(
    points: Float[np.ndarray, "points features"],
) -> tuple[Float[np.ndarray, "points features"], Bool[np.ndarray, " points"]]:
    """Each point divided by its norm, and which are zero and stay so."""
    array = points.astype(np.float64)
    array = array / max(float(np.abs(array).max(initial=0.0)), 1e-300)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    unit = np.divide(array, norms, out=np.zeros_like(array), where=norms > 0)
    return unit, norms[:, 0] == 0


def directions(
    points: Float[np.ndarray, "points features"],
) -> Float[np.ndarray, "points features_and_one"]:
    """Unit vectors whose squared distances are twice those of `cosine`, zero vectors on an axis."""
    unit, zero = unit_vectors(points)
    return np.column_stack([unit, zero.astype(np.float64)])


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
