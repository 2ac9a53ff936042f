"""The graph of the edges added so far, as rows of bits, and its connected components.

Every vertex is its own neighbour: then a vertex of a lune covers itself.
"""

from __future__ import annotations

import numpy as np

from lamella.homology.arrays import Graph, Vertices
from lamella.homology.bits import bit
from lamella.homology.kernels import kernel


@kernel
def words_for(count: int):
    """Words in a row of bits: a multiple of four, for the vector units."""
    return ((count + 63) // 64 + 3) // 4 * 4


@kernel(allocates=True)
def empty_graph(count: int):
    """`count` vertices without an edge."""
    graph = np.zeros((count, words_for(count)), np.uint64)
    for v in range(count):
        graph[v, v >> 6] |= bit(v)
    return graph


@kernel
def connect(graph: Graph, i: int, j: int):
    """Add the edge between two vertices."""
    graph[i, j >> 6] |= bit(j)
    graph[j, i >> 6] |= bit(i)


@kernel
def component(parents: Vertices, vertex: int):
    """The root of a vertex's component (union-find, halving the path on the way)."""
    while parents[vertex] != vertex:
        parents[vertex] = parents[parents[vertex]]
        vertex = parents[vertex]
    return vertex
