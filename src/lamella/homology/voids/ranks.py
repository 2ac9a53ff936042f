"""The order of edges as ranks, for H2: no ties, and the lune of an edge is a comparison.

`ranks[i, j]` is the place of ij in the order, BEYOND where the edge is longer than the limit.
"""

from __future__ import annotations

import numpy as np

from lamella.homology.arrays import Matrix, RankRow, Ranks
from lamella.homology.filtration.edges import edges_between, vertices_of
from lamella.homology.kernels import kernel

BEYOND = np.int32(2147483647)
STRETCH = 128  # vertices looked at before the best one so far is remembered


@kernel(allocates=True)
def ranked(matrix: Matrix, limit: int):
    """All edges up to a limit in order, and their ranks."""
    edges = edges_between(matrix, -1, limit)
    ranks = np.full(matrix.shape, BEYOND, np.int32)
    for rank in range(len(edges)):
        i, j = vertices_of(edges[rank])
        ranks[i, j] = rank
        ranks[j, i] = rank
    return edges, ranks


@kernel
def earliest_vertex(ranks: Ranks, a: int, b: int):
    """The vertex whose later edge to a or b is earliest; in the lune of ab unless that is empty."""
    best, start = BEYOND, 0
    for low in range(0, len(ranks), STRETCH):
        high = min(low + STRETCH, len(ranks))
        least = least_of_later(ranks[a, low:high], ranks[b, low:high])
        if least < best:
            best, start = least, low
    k = start
    while max(ranks[a, k], ranks[b, k]) != best:
        k += 1
    return k


@kernel(fastmath=True)
def least_of_later(row_a: RankRow, row_b: RankRow):
    """The least of the later of two ranks."""
    least = BEYOND
    for k in range(len(row_a)):
        least = min(least, max(row_a[k], row_b[k]))
    return least


@kernel
def earliest_bridge(ranks: Ranks, a: int, b: int, c: int, d: int, rank: int):
    """A vertex joined to four vertices before `rank`, the earliest such; -1 if there is none."""
    best = least_of_latest(ranks[a], ranks[b], ranks[c], ranks[d])
    if best >= rank:
        return -1
    k = 0
    while max(max(ranks[a, k], ranks[b, k]), max(ranks[c, k], ranks[d, k])) != best:
        k += 1
    return k


@kernel(fastmath=True)
def least_of_latest(row_a: RankRow, row_b: RankRow, row_c: RankRow, row_d: RankRow):
    """The least of the latest of four ranks."""
    least = BEYOND
    for k in range(len(row_a)):
        least = min(least, max(max(row_a[k], row_b[k]), max(row_c[k], row_d[k])))
    return least


@kernel
def longest_edge(ranks: Ranks, triangle: int):
    """The last edge a < b of a triangle, the third vertex, and the edge's rank."""
    x, y, z = triangle >> 32, (triangle >> 16) & 0xFFFF, triangle & 0xFFFF
    xy, xz, yz = ranks[x, y], ranks[x, z], ranks[y, z]
    if xy > xz and xy > yz:
        return x, y, z, xy
    if xz > yz:
        return x, z, y, xz
    return y, z, x, yz


@kernel
def triangle_of(a: int, b: int, c: int):
    """Three vertices as one integer, the same in any order."""
    if a > b:
        a, b = b, a
    if b > c:
        b, c = c, b
    if a > b:
        a, b = b, a
    return (a << 32) | (b << 16) | c
