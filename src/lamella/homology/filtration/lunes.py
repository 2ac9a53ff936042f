"""The lune of an edge: the vertices that are joined to both of its ends before it comes.

Adding an edge e = ij and all its cofaces at once changes homology by the reduced homology of the
flag complex on its lune: H_k changes by H_{k-2}. So an empty lune joins two components or gives
birth to a loop; a lune of c components gives c - 1 relations between loops; a connected lune
changes neither H0 nor H1, and no triangle has to be looked at. Koyama, Memoli, Robins, Turner
2023, Faster computation of degree-1 persistent homology using the reduced Vietoris-Rips
filtration (arXiv 2307.16333).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import Bits, Counts, Edges, Graph, Vertices
from lamella.homology.bits import ONE, ZERO, bit, has, lowest
from lamella.homology.filtration.edges import vertices_of
from lamella.homology.filtration.graph import connect
from lamella.homology.kernels import kernel

NO_MORE = -1
OVER_BUDGET = -2
EMPTY = 0
SMALL = 33  # lunes with fewer vertices are searched as a list


@kernel
def first_vertex(row_i: Bits, row_j: Bits):
    """The least vertex of the lune of two rows, -1 if it is empty."""
    for w in range(len(row_i)):
        common = row_i[w] & row_j[w]
        if common != ZERO:
            return w * 64 + lowest(common)
    return -1


@kernel
def covers(row_i: Bits, row_j: Bits, row_k: Bits):
    """Whether k is joined to every vertex of the lune: then the lune is a cone, and connected."""
    missed = ZERO
    for w in range(len(row_i)):
        missed |= row_i[w] & row_j[w] & ~row_k[w]
    return missed == ZERO


@kernel
def is_joined_by(graph: Graph, i: int, j: int, k: int):
    """Whether one look shows the lune of i and j to be connected: k covers or reaches the rest."""
    if covers(graph[i], graph[j], graph[k]):
        return True
    return reaches(graph, graph[i], graph[j], graph[k])


@kernel
def reaches(graph: Graph, row_i: Bits, row_j: Bits, row_k: Bits):
    """Whether each vertex of the lune that k misses shares a neighbour in the lune with k."""
    for w in range(len(row_i)):
        missed = row_i[w] & row_j[w] & ~row_k[w]
        while missed != ZERO:
            row = graph[w * 64 + lowest(missed)]
            missed &= missed - ONE
            shared = ZERO
            for q in range(len(row)):
                shared |= row_i[q] & row_j[q] & row_k[q] & row[q]
            if shared == ZERO:
                return False
    return True


class Scratch(NamedTuple):
    """Room to work in, and what the work has cost so far and may cost: `spent`."""

    members: Vertices
    reached: Bits
    unreached: Bits
    roots: Vertices  # the result: a vertex of each component
    spent: Counts


@kernel(allocates=True)
def scratch_for(graph: Graph, work_limit: int):
    """Room for the lunes of a graph."""
    points, words = graph.shape
    return Scratch(
        np.empty(SMALL, np.int64),
        np.empty(words, np.uint64),
        np.empty(words, np.uint64),
        np.empty(points, np.int64),
        np.array([0, work_limit]),
    )


@kernel
def next_critical_edge(
    graph: Graph, edges: Edges, start: int, with_relations: bool, scratch: Scratch
):
    """Add edges until one comes whose lune changes homology; where it is, and its components.

    Components: EMPTY, or 2 and more for a disconnected lune (only `with_relations`; the scratch
    then has a vertex of each), NO_MORE behind the last edge, or OVER_BUDGET. The critical edge
    itself is not added. Most lunes are settled by two looks at rows of bits: a first vertex, and
    that it covers or reaches the rest.
    """
    for position in range(start, len(edges)):
        i, j = vertices_of(edges[position])
        first = first_vertex(graph[i], graph[j])
        if first < 0:
            return position, EMPTY
        if with_relations and not is_joined_by(graph, i, j, first):
            count = lune_components(graph, i, j, scratch)
            if count > 1:
                return position, count
            if scratch.spent[0] > scratch.spent[1]:
                return position, OVER_BUDGET
        connect(graph, i, j)
    return len(edges), NO_MORE


@kernel
def lune_components(graph: Graph, i: int, j: int, scratch: Scratch):
    """How many components the lune of i and j has; the scratch gets a vertex of each."""
    size = lune_members(graph[i], graph[j], scratch.members)
    scratch.spent[0] += size + graph.shape[1]
    if size < len(scratch.members):
        return components_of_few(graph, scratch.members[:size], scratch.roots)
    return components_of_many(graph, i, j, scratch)


@kernel
def lune_members(row_i: Bits, row_j: Bits, members: Vertices):
    """Write down the vertices of the lune, as far as there is room; how many were written."""
    size = 0
    for w in range(len(row_i)):
        common = row_i[w] & row_j[w]
        while common != ZERO:
            vertex = lowest(common)
            common &= common - ONE
            members[size] = w * 64 + vertex
            size += 1
            if size == len(members):
                return size
    return size


@kernel
def components_of_few(graph: Graph, members: Vertices, roots: Vertices):
    """Breadth-first search in a list: [searched, found, not yet found], reordered in place."""
    count = found = 0
    while found < len(members):
        roots[count] = members[found]
        count += 1
        searched = found
        found += 1
        while searched < found < len(members):
            row = graph[members[searched]]
            searched += 1
            for place in range(found, len(members)):
                if has(row, members[place]):
                    members[place], members[found] = members[found], members[place]
                    found += 1
    return count


@kernel
def components_of_many(graph: Graph, i: int, j: int, scratch: Scratch):
    """The same on rows of bits, for large lunes."""
    unreached = scratch.unreached
    for w in range(len(unreached)):
        unreached[w] = graph[i, w] & graph[j, w]
    return components_of_rows(graph, unreached, scratch.reached, scratch.roots, scratch.spent)


@kernel
def components_of_rows(
    graph: Graph, unreached: Bits, reached: Bits, roots: Vertices, spent: Counts
):
    """The components of the set `unreached`, which is emptied; `roots` gets a vertex of each."""
    count = 0
    first = first_vertex(unreached, unreached)
    while first >= 0:
        roots[count] = first
        count += 1
        start_component(graph[first], reached, unreached)
        while grow_component(graph, reached, unreached):
            spent[0] += SMALL * len(reached)
        first = first_vertex(unreached, unreached)
    return count


@kernel
def start_component(row: Bits, reached: Bits, unreached: Bits):
    """Begin a component with one vertex and its neighbours."""
    for w in range(len(row)):
        reached[w] = unreached[w] & row[w]
        unreached[w] &= ~row[w]


@kernel
def grow_component(graph: Graph, reached: Bits, unreached: Bits):
    """Add every unreached vertex that touches the component, with its neighbours, once."""
    grown = False
    for w in range(len(reached)):
        waiting = unreached[w]
        while waiting != ZERO:
            vertex = w * 64 + lowest(waiting)
            waiting &= ~bit(vertex)
            if touches(graph[vertex], reached):
                take_neighbours(graph[vertex], reached, unreached)
                grown = True
                waiting &= unreached[w]
    return grown


@kernel
def touches(row: Bits, reached: Bits):
    """Whether a vertex's row meets the component."""
    common = ZERO
    for w in range(len(row)):
        common |= row[w] & reached[w]
    return common != ZERO


@kernel
def take_neighbours(row: Bits, reached: Bits, unreached: Bits):
    """Move a vertex's neighbours from the unreached to the component."""
    for w in range(len(row)):
        taken = unreached[w] & row[w]
        reached[w] |= taken
        unreached[w] &= ~taken
