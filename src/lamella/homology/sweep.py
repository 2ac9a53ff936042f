"""H0 and H1 in one pass over the edges, the shortest first.

Three rules are all there is (see `lunes`): an edge with an empty lune joins two components or
gives birth to a loop; an edge whose lune has c components brings c - 1 relations, each a 4-cycle
through the edge's ends; every other edge is only added to the graph.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.edges import choose_chunk, edges_between, sample_lengths, vertices_of
from lamella.homology.endgame import remaining_joins
from lamella.homology.graph import component, connect, empty_graph
from lamella.homology.kernels import kernel
from lamella.homology.lunes import EMPTY, NO_MORE, OVER_BUDGET, next_telling_edge, scratch_for
from lamella.homology.paths import (
    SCANNED,
    SPANNING,
    add_cycle,
    generator_mark,
    no_paths,
    remember,
    with_longer_table,
)
from lamella.homology.relations import (
    ALIVE,
    BORN,
    WORK,
    add_generator,
    grown,
    kill_youngest,
    no_loops,
    reduce,
    rewritten,
    with_more_room,
    worth_rewriting,
)

FIRST_SHARE = 0.08  # of the edges, in the first chunk
GROWTH = 1.6  # of the chunks

DONE, NO_WORK_LEFT, NO_MEMORY_LEFT, NO_ROOM, REWRITE = 0, 1, 2, 3, 4  # how a pass can end
JOINED, EMPTIED, DIED = 0, 1, 2  # places in Findings.count
NOTHING, KILLED, FULL = 0, 1, 2  # what became of a relation


class Findings(NamedTuple):
    """What the sweep has found so far, as pairs of vertices; lengths stay in the matrix."""

    joins: np.ndarray  # edges that joined components
    swept: np.ndarray  # all edges with an empty lune
    births: np.ndarray  # edge that gave birth to each loop that died
    deaths: np.ndarray  # edge that killed it
    count: np.ndarray


class Swept(NamedTuple):
    """The result of a sweep, in pairs of vertices."""

    joins: np.ndarray
    births: np.ndarray
    deaths: np.ndarray
    open: np.ndarray  # births of the loops that live on
    state: int  # DONE, NO_WORK_LEFT or NO_MEMORY_LEFT
    last: int  # bit pattern of the last length swept
    work: int


@kernel(allocates=True)
def sweep(matrix, limit, work_limit, memory_limit):
    """Joins and loops of the edges up to the length with the bit pattern `limit`."""
    points = len(matrix)
    graph, parents = empty_graph(points), np.arange(points)
    loops, paths = no_loops(points + 64), no_paths(1 << 12)
    found, scratch = no_findings(points), scratch_for(graph, work_limit)
    lengths = sample_lengths(matrix, limit)
    share, low = FIRST_SHARE, np.int64(-1)
    state = DONE
    while state == DONE and low < limit:
        share, high = choose_chunk(lengths, share, GROWTH, low, limit)
        edges = edges_between(matrix, low, high)
        position, state = sweep_edges(
            matrix, edges, 0, graph, parents, loops, paths, found, scratch
        )
        while state > NO_MEMORY_LEFT:
            if state == REWRITE:
                loops = rewritten(loops)
            else:
                loops, paths = with_more_room(loops), with_longer_table(paths)
                found = with_room_for_more(found)
                if memory_used(loops, paths) > memory_limit:
                    state = NO_MEMORY_LEFT
                    break
            position, state = sweep_edges(
                matrix, edges, position, graph, parents, loops, paths, found, scratch
            )
        low = high
        if state == DONE and loops.count[ALIVE] == 0 and low < limit:
            swept = found.swept[: found.count[EMPTIED]]
            last, left = remaining_joins(matrix, graph, parents, swept, edges, low, limit)
            if last:
                start = found.count[JOINED]
                found.joins[start : start + len(left)] = left & 0xFFFFFFFF
                found.count[JOINED] += len(left)
                break
    return result(found, loops, state, low, work_done(loops, paths, scratch))


@kernel
def sweep_edges(matrix, edges, position, graph, parents, loops, paths, found, scratch):
    """Sweep a chunk of edges from a position on; where it ended, and how.

    It ends early when something is full, with every edge before that position settled. An edge
    may be settled twice without harm: the relations that it brought are zero the second time.
    """
    while True:
        with_relations = loops.count[ALIVE] > 0
        position, components = next_telling_edge(graph, edges, position, with_relations, scratch)
        if components == NO_MORE:
            return position, DONE
        if components == OVER_BUDGET or work_done(loops, paths, scratch) > scratch.spent[1]:
            return position, NO_WORK_LEFT
        pair = edges[position] & 0xFFFFFFFF
        if components == EMPTY:
            settled = join_or_bear(pair, parents, loops, paths, found)
        else:
            roots = scratch.roots[:components]
            settled = relate(matrix, pair, roots, loops, paths, found)
        if not settled:
            return position, NO_ROOM
        i, j = vertices_of(pair)
        connect(graph, i, j)
        position += 1
        if worth_rewriting(loops):
            return position, REWRITE


@kernel
def join_or_bear(pair, parents, loops, paths, found):
    """An edge with an empty lune: it joins two components, or a loop is born. False: no room."""
    count = found.count
    i, j = vertices_of(pair)
    a, b = component(parents, i), component(parents, j)
    step = SPANNING if a != b else generator_mark(loops.count[BORN])
    if count[EMPTIED] == len(found.swept) or loops.count[BORN] == len(loops.birth):
        return False
    if not remember(paths, pair, step):
        return False
    found.swept[count[EMPTIED]] = pair
    count[EMPTIED] += 1
    if a == b:
        return add_generator(loops, pair)
    parents[a] = b
    found.joins[count[JOINED]] = pair
    count[JOINED] += 1
    return True


@kernel
def relate(matrix, pair, roots, loops, paths, found):
    """An edge with a disconnected lune: each further component may kill a loop. False: no room."""
    for root in roots[1:]:
        if loops.count[ALIVE] == 0:
            return True
        if kill_loop(matrix, pair, roots[0], root, loops, paths, found) == FULL:
            return False
    return True


@kernel
def kill_loop(matrix, pair, u, v, loops, paths, found):
    """Make the 4-cycle of an edge and two lune vertices zero: KILLED, NOTHING new, or FULL."""
    count = found.count
    i, j = vertices_of(pair)
    if count[DIED] == len(found.births):
        return FULL
    if not add_cycle(matrix, i, j, u, v, loops, paths):
        return FULL
    live = reduce(loops, loops.pool)
    if live == 0:
        return NOTHING
    if not kill_youngest(loops, live):
        return FULL
    found.births[count[DIED]] = loops.birth[loops.live[0]]
    found.deaths[count[DIED]] = pair
    count[DIED] += 1
    return KILLED


@kernel(allocates=True)
def no_findings(points):
    """Nothing found yet."""
    return Findings(
        np.empty(points, np.int64),
        np.empty(2 * points, np.int64),
        np.empty(points, np.int64),
        np.empty(points, np.int64),
        np.zeros(3, np.int64),
    )


@kernel(allocates=True)
def with_room_for_more(found):
    """The findings with twice the room wherever less than half is left."""
    swept = len(found.swept) * (2 if 2 * found.count[EMPTIED] > len(found.swept) else 1)
    died = len(found.births) * (2 if 2 * found.count[DIED] > len(found.births) else 1)
    return Findings(
        found.joins,
        grown(found.swept, swept),
        grown(found.births, died),
        grown(found.deaths, died),
        found.count,
    )


@kernel
def work_done(loops, paths, scratch):
    """Elementary steps so far: words of bits, relations read, matrix entries looked at."""
    return scratch.spent[0] + loops.count[WORK] + paths.count[SCANNED]


@kernel
def memory_used(loops, paths):
    """Bytes in what can grow."""
    return 4 * len(loops.pool) + 30 * len(loops.birth) + 12 * len(paths.keys)


@kernel(allocates=True)
def result(found, loops, state, last, work):
    """The findings, cut to their length."""
    born, died = loops.count[BORN], found.count[DIED]
    return Swept(
        found.joins[: found.count[JOINED]],
        found.births[:died],
        found.deaths[:died],
        loops.birth[:born][~loops.dead[:born]],
        state,
        last,
        work,
    )
