"""H0, H1 and H2 in one pass over the edges.

As `sweep`, with two more rules. A relation from a disconnected lune that kills no loop closes a
void: its birth, kept as its critical triangle, the edge and the root of the component. And while
a void is alive, each 1-cycle z of a lune of ij gives the 2-cycle that suspends it, z*i + z*j: its
value (see `cocycles`) becomes zero when ij comes, and the youngest void in it dies.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.apexes import (
    DISCONNECTED,
    apexes_for,
    next_edge_for_voids,
)
from lamella.homology.cocycles import (
    SEVERAL,
    no_cocycle,
    set_parent,
    set_value,
    value_of,
    with_room_for_triangles,
)
from lamella.homology.edges import vertices_of
from lamella.homology.graph import connect, empty_graph
from lamella.homology.kernels import ONE, ZERO, kernel, lowest
from lamella.homology.lune_cycles import (
    COMPONENTS,
    CYCLES,
    forest_for,
    grow_forest,
    with_room_for_cycles,
)
from lamella.homology.lunes import EMPTY, NO_MORE, OVER_BUDGET, scratch_for
from lamella.homology.paths import no_paths, with_longer_table
from lamella.homology.ranks import ranked, triangle_of
from lamella.homology.relations import (
    ALIVE,
    grown,
    no_loops,
    rewritten,
    with_more_room,
    worth_rewriting,
)
from lamella.homology.sweep import (
    DONE,
    FULL,
    KILLED,
    NO_MEMORY_LEFT,
    NO_ROOM,
    NO_WORK_LEFT,
    REWRITE,
    join_or_bear,
    kill_loop,
    memory_used,
    no_findings,
    result,
    with_room_for_more,
    work_done,
)
from lamella.homology.tidying import tidy
from lamella.homology.values import (
    BORN,
    EPOCH,
    STEPS,
    add_value,
    no_voids,
    reduce_values,
    stored_live,
    with_room_for_values,
)
from lamella.homology.values import FULL as NO_VALUE

VOIDS_DIED, SETTLED = 0, 1  # places in Closings.count


class Closings(NamedTuple):
    """The voids that died, as the pairs of the edges of birth and death."""

    births: np.ndarray
    deaths: np.ndarray
    count: np.ndarray


class SweptVoids(NamedTuple):
    """The voids of a sweep, in pairs of vertices."""

    births: np.ndarray
    deaths: np.ndarray
    open: np.ndarray


@kernel(allocates=True)
def sweep_with_voids(matrix, limit, work_limit, memory_limit):
    """Joins, loops and voids of the edges up to the length with the bit pattern `limit`."""
    points = len(matrix)
    graph, parents = empty_graph(points), np.arange(points)
    loops, paths = no_loops(points + 64), no_paths(1 << 12)
    found, scratch = no_findings(points), scratch_for(graph, work_limit)
    edges, ranks = ranked(matrix, limit)
    cocycle, voids = no_cocycle(ranks), no_voids(points + 64)
    closed = Closings(np.empty(points, np.int64), np.empty(points, np.int64), np.zeros(2, np.int64))
    closed.count[SETTLED] = 1
    forest = forest_for(points, graph.shape[1], 4 * points)
    apexes = apexes_for(matrix, graph.shape[1])
    position, state = 0, NO_ROOM
    while state > NO_MEMORY_LEFT:
        position, state = sweep_edges_for_voids(
            matrix, edges, position, graph, parents, loops, paths, found, scratch,
            cocycle, voids, closed, forest, apexes,
        )  # fmt: skip
        if state == REWRITE:
            loops = rewritten(loops)
        elif state == NO_ROOM:
            loops, paths = with_more_room(loops), with_longer_table(paths)
            found, closed = with_room_for_more(found), with_room_to_close(closed)
            tidy(cocycle, voids)
            cocycle, voids = with_room_for_triangles(cocycle), with_room_for_values(voids)
            forest = with_room_for_cycles(forest)
            if memory_used(loops, paths) + void_memory(cocycle, voids) > memory_limit:
                state = NO_MEMORY_LEFT
    last = limit if position == len(edges) else edges[position] >> 32
    work = work_done(loops, paths, scratch) + voids.count[STEPS] + forest.spent[0]
    died, born = closed.count[VOIDS_DIED], voids.count[BORN]
    open_voids = voids.birth[:born][~voids.dead[:born]]
    return result(found, loops, state, last, work), SweptVoids(
        closed.births[:died], closed.deaths[:died], open_voids
    )


@kernel
def sweep_edges_for_voids(
    matrix, edges, position, graph, parents, loops, paths, found, scratch,
    cocycle, voids, closed, forest, apexes,
):  # fmt: skip
    """Sweep the edges from a position on; where it ended, and how (see `sweep.sweep_edges`)."""
    while True:
        position, code, apex = next_edge_for_voids(
            graph, edges, position, voids.count[ALIVE] > 0, apexes, scratch
        )
        if code == NO_MORE:
            return position, DONE
        work = work_done(loops, paths, scratch) + voids.count[STEPS] + forest.spent[0]
        if code == OVER_BUDGET or work > scratch.spent[1]:
            return position, NO_WORK_LEFT
        pair = edges[position] & 0xFFFFFFFF
        i, j = vertices_of(pair)
        if code == EMPTY:
            settled = join_or_bear(pair, parents, loops, paths, found)
        else:
            settled = grow_forest(graph, i, j, apex, forest)
            if settled and forest.count[COMPONENTS] > 1:
                settled = settle_components(
                    matrix, pair, graph, loops, paths, found, cocycle, voids, closed, forest
                )
            if settled and code != DISCONNECTED:
                settled = settle_cycles(pair, cocycle, voids, closed, forest)
        if not settled:
            return position, NO_ROOM
        closed.count[SETTLED] = 1
        connect(graph, i, j)
        position += 1
        if worth_rewriting(loops):
            return position, REWRITE


@kernel
def settle_components(matrix, pair, graph, loops, paths, found, cocycle, voids, closed, forest):
    """Each further component of a lune kills a loop, or else a void is born. False: no room."""
    i, j = vertices_of(pair)
    first = forest.roots[0]
    cocycle.roots[i, j] = SEVERAL | first
    cocycle.roots[j, i] = SEVERAL | first
    if not keep_forest(graph, pair, cocycle, forest):
        return False
    if not set_value(triangle_of(i, j, first), 0, cocycle):
        return False
    # an edge that is settled again after making room must not see its own relations: go on
    # where it stopped
    while closed.count[SETTLED] < forest.count[COMPONENTS]:
        root = forest.roots[closed.count[SETTLED]]
        if voids.count[BORN] == len(voids.birth):
            return False
        if not set_value(triangle_of(i, j, root), 0, cocycle):
            return False
        outcome = 0
        if loops.count[ALIVE] > 0:
            outcome = kill_loop(matrix, pair, first, root, loops, paths, found)
        if outcome == FULL:
            return False
        if outcome != KILLED:
            voids.birth[voids.count[BORN]] = pair
            voids.count[BORN] += 1
            voids.count[ALIVE] += 1
            set_value(triangle_of(i, j, root), voids.count[BORN], cocycle)
        closed.count[SETTLED] += 1
    return True


@kernel
def keep_forest(graph, pair, cocycle, forest):
    """Remember the parents in a disconnected lune, which no rule would find again."""
    i, j = vertices_of(pair)
    for w in range(graph.shape[1]):
        lune = graph[i, w] & graph[j, w]
        while lune != ZERO:
            vertex = w * 64 + lowest(lune)
            lune &= lune - ONE
            parent = forest.parent[vertex]
            if parent >= 0 and not set_parent(pair, vertex, parent, cocycle):
                return False
    return True


@kernel
def settle_cycles(pair, cocycle, voids, closed, forest):
    """Suspend each cycle of the lune; the youngest void in its value dies. False: no room."""
    count = closed.count
    for place in range(forest.count[CYCLES]):
        if voids.count[ALIVE] == 0:
            return True
        if count[VOIDS_DIED] == len(closed.births):
            return False
        live = suspension(pair, forest.cycles[place], forest.parent, forest.values, cocycle, voids)
        if live < 0:
            return False
        if live > 0:
            rest = stored_live(1, live, voids)
            if rest == NO_VALUE:
                return False
            youngest = np.int64(voids.live[0])
            voids.dead[youngest] = True
            voids.relation[youngest] = rest
            voids.count[EPOCH] += 1
            voids.count[ALIVE] -= 1
            closed.births[count[VOIDS_DIED]] = voids.birth[youngest]
            closed.deaths[count[VOIDS_DIED]] = pair
            count[VOIDS_DIED] += 1
    return True


@kernel
def suspension(pair, cycle, parent, values, cocycle, voids):
    """Reduce the value of a cycle joined to both ends of an edge; its live voids, -1: no room.

    The cycle runs from its vertex to each of two ends, and up the tree from both. Where the two
    ways meet they run on together, and cancel over Z/2.
    """
    i, j = vertices_of(pair)
    count = 0
    for side in range(2):
        for end in range(1, 3):
            below, vertex = cycle[0], cycle[end]
            while vertex >= 0:
                triangle = triangle_of(i if side == 0 else j, vertex, below)
                values[count] = value_of(triangle, cocycle, voids)
                if values[count] == NO_VALUE:
                    return -1
                count += 1
                below, vertex = vertex, parent[vertex]
    for value in values[:count]:  # only now: working out a value uses the sum under work itself
        add_value(value, voids)
    return reduce_values(voids)


@kernel(allocates=True)
def with_room_to_close(closed):
    """The closings with twice the room if less than half is left."""
    size = len(closed.births) * (2 if 2 * closed.count[VOIDS_DIED] > len(closed.births) else 1)
    return Closings(grown(closed.births, size), grown(closed.deaths, size), closed.count)


@kernel
def void_memory(cocycle, voids):
    """Bytes in what can grow."""
    tables = 10 * len(cocycle.forest_keys) + 12 * len(cocycle.keys) + 8 * len(cocycle.stack)
    return tables + 4 * len(voids.pool) + 20 * len(voids.start) + 20 * len(voids.birth)
