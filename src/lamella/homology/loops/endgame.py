"""The rest of the edges when no loop is alive: only those with an empty lune matter, unsorted.

An edge ij longer than everything swept has an empty lune unless some witness k is nearer to both
ends than they are to each other. A few neighbours of i are enough to settle most edges of i: the
nearest, and the farthest of those joined so far, lie on the way to nearly every j. A few hubs,
spread over the cloud by farthest-point sampling, settle most of the rest. Both are minima over
rows of the matrix that the vector units take sixteen columns at a time; what is left is searched
in full.
"""

from __future__ import annotations

import numpy as np

from lamella.homology.arrays import (
    Edges,
    Graph,
    Hubs,
    Lengths,
    Matrix,
    Numbers,
    Pairs,
    Vertices,
    Witnesses,
)
from lamella.homology.distances.farthest import lower_to
from lamella.homology.filtration.edges import LARGEST, vertices_of
from lamella.homology.filtration.graph import component
from lamella.homology.filtration.lunes import first_vertex
from lamella.homology.filtration.storage import grown
from lamella.homology.kernels import kernel
from lamella.homology.loops.paths import BLOCK, least_longer_side, tied_lune_vertex

WITNESSES = 10  # of each vertex
NEAREST = 6  # of them; the others are the farthest
HUBS = 16
STRIP = 256  # columns handled together
MANY = 16  # unsettled columns of a strip that are worth asking the hubs


@kernel(allocates=True)
def remaining_merges(
    matrix: Matrix,
    graph: Graph,
    parents: Vertices,
    swept: Pairs,
    latest: Edges,
    low: int,
    high: int,
):
    """Whether all edges with low < length <= high and an empty lune merge components; those edges.

    `swept` are the pairs of the shorter edges with an empty lune, `latest` the last edges swept.
    If an edge gives birth to a loop, the answer is False and the sweep must go on.
    """
    edges = np.sort(empty_lunes(matrix, graph, swept, latest, low, high))
    parents = parents.copy()
    for edge in edges:
        i, j = vertices_of(edge)
        a, b = component(parents, i), component(parents, j)
        if a == b:
            return False, edges
        parents[a] = b
    return True, edges


@kernel(allocates=True)
def empty_lunes(matrix: Matrix, graph: Graph, swept: Pairs, latest: Edges, low: int, high: int):
    """The edges with low < length <= high whose lune is empty in the full order."""
    points = len(matrix)
    witness = np.empty((points, WITNESSES), np.int32)
    witnesses = np.zeros(points, np.int64)
    add_witnesses(witness, witnesses, swept, NEAREST)
    add_witnesses(witness, witnesses, latest[::-1], WITNESSES)
    hubs = spread_rows(matrix, HUBS)
    limits = np.array([low, high], np.int32).view(np.float32)
    nearest, unsettled = np.empty(STRIP, np.float32), np.empty(STRIP + 1, np.int64)
    found = np.empty(256, np.int64)
    filled = 0
    for strip in range(0, points, STRIP):  # a strip of all rows fits the cache, whole rows do not
        stop = min(strip + STRIP, points)
        for i in range(stop - 1):
            start = max(strip, i + 1)
            lower_by_witnesses(nearest, matrix, witness[i, : witnesses[i]], start, stop)
            row = matrix[i, start:stop]
            if count_unsettled(nearest, row, limits[0], limits[1]) > MANY:
                lower_by_hubs(nearest, hubs, i, start, stop)
            count = columns_left(nearest, row, limits[0], limits[1], unsettled)
            for place in range(count):
                j = start + unsettled[place]
                if witnessed(matrix[i], witness[j], witnesses[j], matrix[i, j]):
                    continue
                if lune_is_empty(matrix, graph, i, j):
                    if filled == len(found):
                        found = grown(found, 2 * filled)
                    length = np.int64(matrix.view(np.int32)[i, j])
                    found[filled] = (length << 32) | (i << 16) | j
                    filled += 1
    return found[:filled]


@kernel
def add_witnesses(witness: Witnesses, count: Vertices, edges: Pairs | Edges, most: int):
    """Write down both ends of each edge as a witness of the other, up to `most` for a vertex."""
    for edge in edges:
        i, j = vertices_of(edge)
        if count[i] < most:
            witness[i, count[i]] = j
            count[i] += 1
        if count[j] < most:
            witness[j, count[j]] = i
            count[j] += 1


@kernel(allocates=True)
def spread_rows(matrix: Matrix, wanted: int):
    """The rows of the matrix of farthest-point samples, beginning with the first point."""
    rows = np.empty((min(wanted, len(matrix)), len(matrix)), np.float32)
    uncovered = matrix[0].copy()
    for row in range(len(rows)):
        rows[row] = matrix[0 if row == 0 else np.argmax(uncovered)]
        lower_to(uncovered, rows[row])
    return rows


@kernel
def lower_by_witnesses(nearest: Lengths, matrix: Matrix, witness: Numbers, start: int, stop: int):
    """For each column the distance to the nearest witness."""
    nearest[:] = LARGEST
    for k in witness:
        lower_to(nearest, matrix[k, start:stop])


@kernel
def lower_by_hubs(nearest: Lengths, hubs: Hubs, i: int, start: int, stop: int):
    """Elementwise minimum with the longer of the two edges to each hub."""
    for hub in hubs:
        lower_to_longer(nearest, hub[start:stop], hub[i])


@kernel(fastmath=True)
def lower_to_longer(nearest: Lengths, row: Lengths, reach: float):
    """Elementwise minimum with the longer of two edges."""
    for j in range(len(row)):
        nearest[j] = min(nearest[j], max(row[j], reach))


@kernel(fastmath=True)
def count_unsettled(nearest: Lengths, row: Lengths, low: float, high: float):
    """How many columns with low < length <= high have no witness."""
    count = 0
    for j in range(len(row)):
        count += (row[j] > low) & (row[j] <= high) & (nearest[j] >= row[j])
    return count


@kernel
def columns_left(nearest: Lengths, row: Lengths, low: float, high: float, unsettled: Vertices):
    """Write down the columns with low < length <= high that have no witness; how many."""
    if count_unsettled(nearest, row, low, high) == 0:
        return 0
    count = 0
    for j in range(len(row)):
        unsettled[count] = j  # overwritten unless it counts
        count += (row[j] > low) & (row[j] <= high) & (nearest[j] >= row[j])
    return count


@kernel
def witnessed(row: Lengths, witness: Numbers, count: int, length: float):
    """Whether a witness of j is nearer to i than j is."""
    for place in range(count):  # noqa: SIM110 - numba compiles no generators
        if row[witness[place]] < length:
            return True
    return False


@kernel
def lune_is_empty(matrix: Matrix, graph: Graph, i: int, j: int):
    """The full search: neighbours by swept edges, then every vertex, then ties."""
    if first_vertex(graph[i], graph[j]) >= 0:
        return False
    for low in range(0, len(matrix), BLOCK):
        high = min(low + BLOCK, len(matrix))
        if least_longer_side(matrix[i, low:high], matrix[j, low:high]) < matrix[i, j]:
            return False
    return tied_lune_vertex(matrix, i, j) < 0
