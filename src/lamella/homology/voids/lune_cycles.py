"""A spanning forest of a lune, and cycles that generate its H1.

Start with the neighbours of an apex, which form a cone, and add the left-over vertices one at a
time. A vertex whose link with what is covered is connected brings no new cycle; one whose link
has c components brings c - 1 cycles, through the vertex and two of the components; one with an
empty link waits, and starts a new component if nothing else is left. More cycles than needed do
no harm: they evaluate to zero.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import Bits, Counts, Cycles, Graph, Vertices
from lamella.homology.bits import ONE, ZERO, bit, lowest
from lamella.homology.filtration.lunes import components_of_rows, first_vertex
from lamella.homology.kernels import kernel

COMPONENTS, CYCLES = 0, 1  # places in Forest.count


class Forest(NamedTuple):
    """Parents (-1 at a root), the root of each component, and cycles as (vertex, end, end)."""

    parent: Vertices
    roots: Vertices
    cycles: Cycles
    covered: Bits
    waiting: Bits
    link: Bits
    reached: Bits
    link_roots: Vertices
    values: Vertices  # of the triangles of a suspended cycle, at most four paths
    spent: Counts
    count: Counts


@kernel(allocates=True)
def forest_for(points: int, words: int, cycles: int):
    """Room for the forest of a lune, and `cycles` cycles."""
    return Forest(
        np.empty(points, np.int64),
        np.empty(points, np.int64),
        np.empty((cycles, 3), np.int64),
        np.empty(words, np.uint64),
        np.empty(words, np.uint64),
        np.empty(words, np.uint64),
        np.empty(words, np.uint64),
        np.empty(points, np.int64),
        np.empty(4 * points, np.int64),
        np.zeros(2, np.int64),
        np.zeros(2, np.int64),
    )


@kernel(allocates=True)
def with_room_for_cycles(forest: Forest):
    """Room for twice the cycles, if one more vertex could fill it."""
    points, room = len(forest.parent), len(forest.cycles)
    longer = 2 if forest.count[CYCLES] + points > room else 1
    larger = forest_for(points, len(forest.covered), longer * room)
    larger.spent[:] = forest.spent
    return larger


@kernel
def grow_forest(graph: Graph, i: int, j: int, apex: int, forest: Forest):
    """Fill the forest and the cycles of the lune of i and j; False if there are too many cycles."""
    for w in range(graph.shape[1]):
        forest.waiting[w] = graph[i, w] & graph[j, w]
        forest.covered[w] = ZERO
    forest.count[:] = 0
    start_tree(graph, apex, forest)
    while first_vertex(forest.waiting, forest.waiting) >= 0:
        added, vertex, parts = add_simple_vertices(graph, forest)
        if added:
            continue
        if vertex < 0:
            start_tree(graph, first_vertex(forest.waiting, forest.waiting), forest)
        elif forest.count[CYCLES] + parts > len(forest.cycles):
            return False
        else:
            add_cycle_vertex(graph, vertex, forest)
    return True


@kernel
def start_tree(graph: Graph, root: int, forest: Forest):
    """A new component: a root and its waiting neighbours."""
    forest.roots[forest.count[COMPONENTS]] = root
    forest.count[COMPONENTS] += 1
    for w in range(graph.shape[1]):
        taken = forest.waiting[w] & graph[root, w]
        forest.covered[w] |= taken
        forest.waiting[w] &= ~taken
        while taken != ZERO:
            forest.parent[w * 64 + lowest(taken)] = root
            taken &= taken - ONE
    forest.parent[root] = -1


@kernel
def add_simple_vertices(graph: Graph, forest: Forest):
    """Cover the waiting vertices whose link is connected; whether any, and the next best vertex.

    The next best is the one whose link has the fewest components, with their number.
    """
    added, best, fewest = False, -1, len(graph) + 1
    for w in range(graph.shape[1]):
        waiting = forest.waiting[w]
        while waiting != ZERO:
            vertex = w * 64 + lowest(waiting)
            waiting &= waiting - ONE
            parts = link_components(graph, vertex, forest)
            forest.spent[0] += graph.shape[1]
            if parts == 1:
                cover(vertex, forest)
                added = True
            elif 1 < parts < fewest:
                best, fewest = vertex, parts
    return added, best, fewest


@kernel
def link_components(graph: Graph, vertex: int, forest: Forest):
    """The components of a vertex's neighbours among the covered; `link_roots` has one of each."""
    link = forest.link
    for w in range(len(link)):
        link[w] = graph[vertex, w] & forest.covered[w]
    first = first_vertex(link, link)
    if first < 0:
        return 0
    missed = ZERO
    for w in range(len(link)):
        missed |= link[w] & ~graph[first, w]
    if missed == ZERO:
        forest.link_roots[0] = first
        return 1
    return components_of_rows(graph, link, forest.reached, forest.link_roots, forest.spent)


@kernel
def cover(vertex: int, forest: Forest):
    """Add a vertex as a child of the first component of its link."""
    forest.parent[vertex] = forest.link_roots[0]
    forest.covered[vertex >> 6] |= bit(vertex)
    forest.waiting[vertex >> 6] &= ~bit(vertex)


@kernel
def add_cycle_vertex(graph: Graph, vertex: int, forest: Forest):
    """Add a vertex whose link is disconnected: a cycle for each further component."""
    parts = link_components(graph, vertex, forest)
    for part in range(1, parts):
        cycle = forest.cycles[forest.count[CYCLES]]
        cycle[0] = vertex
        cycle[1] = forest.link_roots[0]
        cycle[2] = forest.link_roots[part]
        forest.count[CYCLES] += 1
    cover(vertex, forest)
