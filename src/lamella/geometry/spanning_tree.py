"""The shortest spanning tree of a cloud: H0 with the points that each merger joins."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.geometry.neighbours import distance_matrix


def spanning_tree(
    points: Float[np.ndarray, "points features"],
) -> tuple[Int[np.ndarray, "edges 2"], Float[np.ndarray, " edges"]]:
    """Edges of the tree and their lengths in ascending order, which are the deaths of H0.

    >>> edges, lengths = spanning_tree(np.array([[0.0], [5.0], [1.0]]))
    >>> edges.tolist(), lengths.tolist()
    ([[0, 2], [2, 1]], [1.0, 4.0])

    Source: Prim 1957, Shortest connection networks and some generalizations.
    """
    matrix = distance_matrix(points)
    count = len(matrix)
    edges, lengths = np.empty((count - 1, 2), dtype=int), np.empty(count - 1)
    far, via = matrix[0].copy(), np.zeros(count, dtype=int)
    far[0] = np.inf
    outside = np.ones(count, dtype=bool)
    outside[0] = False
    for step in range(count - 1):
        new = int(far.argmin())
        edges[step], lengths[step] = (via[new], new), far[new]
        outside[new] = False
        far[new] = np.inf
        nearer = outside & (matrix[new] < far)
        far[nearer] = matrix[new][nearer]
        via[nearer] = new
    order = np.argsort(lengths, kind="stable")
    return edges[order], lengths[order]


def components(count: int, edges: Int[np.ndarray, "edges 2"]) -> Int[np.ndarray, " points"]:
    """The component of each of `count` points when these edges join them.

    >>> components(4, np.array([[0, 2], [1, 3]])).tolist()
    [0, 1, 0, 1]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(edges))
    graph = coo_array((ones, (edges[:, 0], edges[:, 1])), shape=(count, count))
    return connected_components(graph, directed=False)[1]
