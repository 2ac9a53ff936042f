"""H0: the components that edges merge, by Prim's minimum spanning tree, and their bars."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float32, Int

from lamella.homology.arrays import Matrix
from lamella.homology.kernels import kernel


def spanning_merges(
    matrix: Float32[np.ndarray, "kept kept"], limit: np.float32
) -> Int[np.ndarray, " merges"]:
    """The edges up to a length that merge components, shortest first, as pairs of vertices."""
    tree = minimum_spanning_tree(matrix)
    length = matrix[tree >> 16, tree & 0xFFFF]
    order = np.argsort(length, kind="stable")
    return tree[order[length[order] <= limit]]


@kernel(allocates=True)
def minimum_spanning_tree(matrix: Matrix):
    """Prim 1957, Shortest connection networks: the edges of a minimum spanning tree."""
    points = len(matrix)
    distance = matrix[0].copy()
    nearest = np.zeros(points, np.int64)
    outside = np.ones(points, np.bool_)
    outside[0] = False
    edges = np.empty(points - 1, np.int64)
    for place in range(points - 1):
        best = -1
        for k in range(points):
            if outside[k] and (best < 0 or distance[k] < distance[best]):
                best = k
        outside[best] = False
        other = nearest[best]
        edges[place] = (min(best, other) << 16) | max(best, other)
        for k in range(points):
            if outside[k] and matrix[best, k] < distance[k]:
                distance[k] = matrix[best, k]
                nearest[k] = best
    return edges


def merge_bars(
    matrix: Float32[np.ndarray, "kept kept"], merges: Int[np.ndarray, " merges"]
) -> Float[np.ndarray, "bars 2"]:
    """Bars of the components; by the elder rule the one born later dies in a merge."""
    births = np.diagonal(matrix).astype(np.float64)
    deaths = matrix[merges >> 16, merges & 0xFFFF].astype(np.float64)
    if births.any():
        born, alive = (births[vertices] for vertices in elder_rule(births, merges))
    else:
        born, alive = np.zeros(len(deaths)), np.zeros(len(births) - len(deaths))
    bars = np.column_stack([born, deaths])
    bars = bars[bars[:, 1] > bars[:, 0]]
    return np.concatenate([bars, np.column_stack([alive, np.full(len(alive), np.inf)])])


def merge_edges(
    matrix: Float32[np.ndarray, "kept kept"], merges: Int[np.ndarray, " merges"]
) -> Int[np.ndarray, "bars 4"]:
    """For each bar of `merge_bars` the point it is born with, twice, and the edge it dies by."""
    births = np.diagonal(matrix)
    born, alive = elder_rule(births, merges)
    ends = np.column_stack([merges >> 16, merges & 0xFFFF])
    lasting = matrix[ends[:, 0], ends[:, 1]] > births[born]
    finite = np.column_stack([born, born, ends])[lasting]
    return np.concatenate([finite, np.column_stack([alive, alive, *np.full((2, len(alive)), -1)])])


def elder_rule(
    births: Float[np.ndarray, " kept"], merges: Int[np.ndarray, " merges"]
) -> tuple[Int[np.ndarray, " merges"], Int[np.ndarray, " components"]]:
    """The first vertex of the component that dies in each merge, and of those that live on."""
    parent = list(range(len(births)))

    def root(vertex: int) -> int:
        while parent[vertex] != vertex:
            parent[vertex] = parent[parent[vertex]]
            vertex = parent[vertex]
        return vertex

    born = []
    for pair in merges.tolist():
        a, b = sorted((root(pair >> 16), root(pair & 0xFFFF)), key=lambda v: births[v])
        parent[b] = a
        born.append(b)
    roots = [v for v in range(len(births)) if parent[v] == v]
    return np.array(born, np.int64), np.array(roots, np.int64)
