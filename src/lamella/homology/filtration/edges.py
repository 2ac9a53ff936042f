"""The order of edges: by length, ties by the pair of vertices, so that no two edges are equal.

An edge is one integer, `length << 32 | i << 16 | j` with i < j; its length is the bit pattern of
a non-negative float32, which grows with the number. `pair` is the lower half, `i << 16 | j`.
Edges are sorted in chunks, the shortest first: most clouds are settled by a tenth of them.
"""

from __future__ import annotations

import numpy as np

from lamella.homology.arrays import Counts, Edges, Matrix
from lamella.homology.kernels import kernel

COARSE = 15  # a bin of the histogram holds lengths that agree in all but their last 15 bits
DIGIT = 11  # bits sorted by one pass
LARGEST = np.float32(3.4e38)


def length_bits(length: float) -> int:
    """The bit pattern of a float32 as an integer."""
    return int(np.float32(length).view(np.int32))


@kernel
def pair_of(i: int, j: int):
    """The two vertices of an edge as one integer, the same both ways round."""
    return (min(i, j) << 16) | max(i, j)


@kernel
def vertices_of(edge: int):
    """The two vertices i < j of an edge or of a pair."""
    return (edge >> 16) & 0xFFFF, edge & 0xFFFF


@kernel(allocates=True)
def sample_lengths(matrix: Matrix, limit: int):
    """A histogram of the lengths up to `limit`, in coarse bins, of every eighth row of many."""
    bits = matrix.view(np.int32)
    counts = np.zeros((limit >> COARSE) + 2, np.int64)
    last = len(counts) - 1
    for i in range(0, len(matrix), 8 if len(matrix) > 400 else 1):
        row = bits[i]
        for j in range(len(matrix)):
            counts[min(np.int64(row[j]) >> COARSE, last)] += np.int64(i != j)
    return counts[:last]


@kernel
def choose_chunk(counts: Counts, share: float, growth: float, low: int, limit: int):
    """The share of all edges up to `limit` to be sorted next time, and the length to go to now."""
    whole = counts.sum()
    done, place = 0, 0
    while place < len(counts) and (done < share * whole or (place << COARSE) - 1 <= low):
        done += counts[place]
        place += 1
    high = limit if place == len(counts) else (np.int64(place) << COARSE) - 1
    return max(share * growth, done / max(whole, 1) + 0.01), high


@kernel(allocates=True)
def edges_between(matrix: Matrix, low: int, high: int):
    """The edges with low < length <= high, sorted."""
    bits = matrix.view(np.int32)
    found = np.empty(4 * len(matrix), np.int64)
    filled = 0
    for i in range(len(matrix)):
        if filled + len(matrix) > len(found):
            larger = np.empty(2 * len(found), np.int64)
            larger[:filled] = found[:filled]
            found = larger
        row = bits[i]
        for j in range(i + 1, len(matrix)):
            length = np.int64(row[j])
            found[filled] = (length << 32) | (i << 16) | j  # overwritten unless it counts
            filled += np.int64((length > low) & (length <= high))
    return radix_sort(found[:filled], low + 1, high)


@kernel(allocates=True)
def radix_sort(edges: Edges, low: int, high: int):
    """Edges sorted by length; they come sorted by pair, and each pass keeps that order."""
    width = 0
    while (high - low) >> width:
        width += 1
    passes = max(1, (width + DIGIT - 1) // DIGIT)
    digit = max(1, (width + passes - 1) // passes)
    mask = (1 << digit) - 1
    offset = low << 32
    other = np.empty_like(edges)
    place = np.empty(1 << digit, np.int64)
    for step in range(passes):
        shift = 32 + step * digit
        place[:] = 0
        for edge in edges:
            place[((edge - offset) >> shift) & mask] += 1
        total = 0
        for value in range(len(place)):
            total, place[value] = total + place[value], total
        for edge in edges:
            value = ((edge - offset) >> shift) & mask
            other[place[value]] = edge
            place[value] += 1
        edges, other = other, edges
    return edges
