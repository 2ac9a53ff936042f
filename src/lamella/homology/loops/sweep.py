"""H0 and H1 in one pass over the edges, the shortest first.

Three rules are all there is (see `lunes`): an edge with an empty lune joins two components or
gives birth to a loop; an edge whose lune has c components brings c - 1 relations, each a 4-cycle
through the edge's ends; every other edge is only added to the graph.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import Counts, Edges, Graph, Matrix, Pairs, Vertices
from lamella.homology.filtration.edges import (
    choose_chunk,
    edges_between,
    sample_lengths,
    vertices_of,
)
from lamella.homology.filtration.generators import (
    ALIVE,
    BORN,
    add_generator,
    births_of_live,
    is_room_for_birth,
)
from lamella.homology.filtration.graph import component, connect, empty_graph
from lamella.homology.filtration.lunes import (
    EMPTY,
    NO_MORE,
    OVER_BUDGET,
    Scratch,
    next_critical_edge,
    scratch_for,
)
from lamella.homology.filtration.storage import grown, put
from lamella.homology.kernels import kernel
from lamella.homology.loops.endgame import remaining_merges
from lamella.homology.loops.paths import (
    SPANNING,
    Paths,
    add_cycle,
    generator_mark,
    no_paths,
    with_room_for_paths,
)
from lamella.homology.loops.relations import (
    READ,
    Loops,
    kill_youngest,
    no_loops,
    reduce_loops,
    rewritten,
    with_room_for_loops,
    worth_rewriting,
)

FIRST_SHARE = 0.08  # of the edges, in the first chunk
GROWTH = 1.6  # of the chunks

DONE, NO_WORK_LEFT, NO_MEMORY_LEFT, NO_ROOM, REWRITE = 0, 1, 2, 3, 4  # how a pass can end
MERGED, EMPTIED, DIED = 0, 1, 2  # places in Findings.count
NOTHING, KILLED, FULL = 0, 1, 2  # what became of a relation


class Findings(NamedTuple):
    """What the sweep has found so far, as pairs of vertices; lengths stay in the matrix."""

    merges: Pairs  # edges that merged two components
    swept: Pairs  # all edges with an empty lune
    births: Pairs  # edge that gave birth to each loop that died
    deaths: Pairs  # edge that killed it
    count: Counts


class LoopSearch(NamedTuple):
    """All that a sweep for loops reads and writes."""

    matrix: Matrix
    graph: Graph  # of the edges swept
    parents: Vertices  # of its components
    loops: Loops
    paths: Paths
    found: Findings
    scratch: Scratch


class Swept(NamedTuple):
    """The result of a sweep, in pairs of vertices."""

    merges: Pairs
    births: Pairs
    deaths: Pairs
    open: Pairs  # births of the loops that live on
    state: int  # DONE, NO_WORK_LEFT or NO_MEMORY_LEFT
    last: int  # bit pattern of the last length swept
    work: int


@kernel(allocates=True)
def sweep(matrix: Matrix, limit: int, work_limit: int, memory_limit: int):
    """Components and loops of the edges up to the length with the bit pattern `limit`."""
    search = loop_search(matrix, work_limit)
    lengths = sample_lengths(matrix, limit)
    share, low = FIRST_SHARE, np.int64(-1)
    state = DONE
    while state == DONE and low < limit:
        share, high = choose_chunk(lengths, share, GROWTH, low, limit)
        edges = edges_between(matrix, low, high)
        position, state = sweep_edges(edges, 0, search)
        while state > NO_MEMORY_LEFT:
            loops, paths, found = search.loops, search.paths, search.found
            if state == REWRITE:
                loops = rewritten(loops)
            else:
                loops, paths = with_room_for_loops(loops), with_room_for_paths(paths)
                found = with_room_for_more(found)
            search = LoopSearch(
                matrix, search.graph, search.parents, loops, paths, found, search.scratch
            )
            if memory_used(loops, paths) > memory_limit:
                state = NO_MEMORY_LEFT
                break
            position, state = sweep_edges(edges, position, search)
        low = high
        if state == DONE and low < limit and take_remaining_merges(search, edges, low, limit):
            break
    return result(search, state, low)


@kernel(allocates=True)
def loop_search(matrix: Matrix, work_limit: int):
    """Before the first edge."""
    points = len(matrix)
    graph = empty_graph(points)
    return LoopSearch(
        matrix,
        graph,
        np.arange(points),
        no_loops(points + 64),
        no_paths(1 << 12),
        no_findings(points),
        scratch_for(graph, work_limit),
    )


@kernel(allocates=True)
def take_remaining_merges(search: LoopSearch, edges: Edges, low: int, limit: int):
    """Whether no loop lives or will; then the merges by edges longer than `low` are noted."""
    if search.loops.generators.count[ALIVE] > 0:
        return False
    found = search.found
    swept = found.swept[: found.count[EMPTIED]]
    last, left = remaining_merges(
        search.matrix, search.graph, search.parents, swept, edges, low, limit
    )
    if last:
        start = found.count[MERGED]
        found.merges[start : start + len(left)] = left & 0xFFFFFFFF
        found.count[MERGED] += len(left)
    return last


@kernel
def sweep_edges(edges: Edges, position: int, search: LoopSearch):
    """Sweep a chunk of edges from a position on; where it ended, and how.

    It ends early when something is full, with every edge before that position settled. An edge
    may be settled twice without harm: the relations that it brought are zero the second time.
    """
    graph, scratch = search.graph, search.scratch
    while True:
        with_relations = search.loops.generators.count[ALIVE] > 0
        position, components = next_critical_edge(graph, edges, position, with_relations, scratch)
        if components == NO_MORE:
            return position, DONE
        work = work_done(scratch.spent, search.loops.count, search.paths.scanned)
        if components == OVER_BUDGET or work > scratch.spent[1]:
            return position, NO_WORK_LEFT
        pair = edges[position] & 0xFFFFFFFF
        if components == EMPTY:
            settled = merge_or_create(pair, search)
        else:
            settled = relate(pair, scratch.roots[:components], search)
        if not settled:
            return position, NO_ROOM
        i, j = vertices_of(pair)
        connect(graph, i, j)
        position += 1
        if worth_rewriting(search.loops):
            return position, REWRITE


@kernel
def merge_or_create(pair: int, search: LoopSearch):
    """An edge with an empty lune merges two components, or creates a loop. False: no room."""
    found, generators = search.found, search.loops.generators
    count = found.count
    i, j = vertices_of(pair)
    a, b = component(search.parents, i), component(search.parents, j)
    step = SPANNING if a != b else generator_mark(generators.count[BORN])
    if count[EMPTIED] == len(found.swept) or not is_room_for_birth(generators):
        return False
    if not put(search.paths.steps, pair, step):
        return False
    found.swept[count[EMPTIED]] = pair
    count[EMPTIED] += 1
    if a == b:
        return add_generator(generators, pair)
    search.parents[a] = b
    found.merges[count[MERGED]] = pair
    count[MERGED] += 1
    return True


@kernel
def relate(pair: int, roots: Vertices, search: LoopSearch):
    """An edge with a disconnected lune: each further component may kill a loop. False: no room."""
    for root in roots[1:]:
        if search.loops.generators.count[ALIVE] == 0:
            return True
        if kill_loop(pair, roots[0], root, search) == FULL:
            return False
    return True


@kernel
def kill_loop(pair: int, u: int, v: int, search: LoopSearch):
    """Make the 4-cycle of an edge and two lune vertices zero: KILLED, NOTHING new, or FULL."""
    loops, found = search.loops, search.found
    generators, count = loops.generators, found.count
    i, j = vertices_of(pair)
    if count[DIED] == len(found.births):
        return FULL
    if not add_cycle(search.matrix, i, j, u, v, generators, search.paths):
        return FULL
    live = reduce_loops(generators, loops.relations, loops.count)
    if live == 0:
        return NOTHING
    if not kill_youngest(loops, live):
        return FULL
    found.births[count[DIED]] = generators.birth[generators.live[0]]
    found.deaths[count[DIED]] = pair
    count[DIED] += 1
    return KILLED


@kernel(allocates=True)
def no_findings(points: int):
    """Nothing found yet."""
    return Findings(
        np.empty(points, np.int64),
        np.empty(2 * points, np.int64),
        np.empty(points, np.int64),
        np.empty(points, np.int64),
        np.zeros(3, np.int64),
    )


@kernel(allocates=True)
def with_room_for_more(found: Findings):
    """The findings with twice the room wherever less than half is left."""
    swept = len(found.swept) * (2 if 2 * found.count[EMPTIED] > len(found.swept) else 1)
    died = len(found.births) * (2 if 2 * found.count[DIED] > len(found.births) else 1)
    return Findings(
        found.merges,
        grown(found.swept, swept),
        grown(found.births, died),
        grown(found.deaths, died),
        found.count,
    )


@kernel
def work_done(spent: Counts, loops: Counts, scanned: Counts):
    """Elementary steps so far: words of bits, relations read, matrix entries looked at."""
    return spent[0] + loops[READ] + scanned[0]


@kernel
def memory_used(loops: Loops, paths: Paths):
    """Bytes in what can grow."""
    table = 12 * len(paths.steps.keys)
    return 4 * len(loops.relations.members) + 26 * len(loops.generators.birth) + table


@kernel(allocates=True)
def result(search: LoopSearch, state: int, last: int):
    """The findings, cut to their length."""
    found = search.found
    died = found.count[DIED]
    return Swept(
        found.merges[: found.count[MERGED]],
        found.births[:died],
        found.deaths[:died],
        births_of_live(search.loops.generators),
        state,
        last,
        work_done(search.scratch.spent, search.loops.count, search.paths.scanned),
    )
