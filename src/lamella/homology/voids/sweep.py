"""H0, H1 and H2 in one pass over the edges.

As `sweep`, with two more rules. A relation from a disconnected lune that kills no loop closes a
void: its birth, kept as its critical triangle, the edge and the root of the component. And while
a void is alive, each 1-cycle z of a lune of ij gives the 2-cycle that suspends it, z*i + z*j: its
value (see `cocycles`) becomes zero when ij comes, and the youngest void in it dies.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import Counts, Edges, Graph, Matrix, Pairs, Ranks, Vertices
from lamella.homology.bits import ONE, ZERO, lowest
from lamella.homology.filtration.edges import vertices_of
from lamella.homology.filtration.generators import (
    ALIVE,
    BORN,
    add_generator,
    births_of_live,
    is_room_for_birth,
)
from lamella.homology.filtration.graph import connect
from lamella.homology.filtration.lunes import EMPTY, NO_MORE, OVER_BUDGET
from lamella.homology.filtration.storage import grown, put
from lamella.homology.kernels import kernel
from lamella.homology.loops.paths import with_room_for_paths
from lamella.homology.loops.relations import rewritten, with_room_for_loops, worth_rewriting
from lamella.homology.loops.sweep import (
    DONE,
    FULL,
    KILLED,
    NO_MEMORY_LEFT,
    NO_ROOM,
    NO_WORK_LEFT,
    REWRITE,
    LoopSearch,
    kill_loop,
    loop_search,
    memory_used,
    merge_or_create,
    result,
    with_room_for_more,
    work_done,
)
from lamella.homology.voids.cocycles import (
    SEVERAL,
    Cocycle,
    no_cocycle,
    put_parent,
    value_of,
    with_room_for_triangles,
)
from lamella.homology.voids.compaction import compact
from lamella.homology.voids.cone_apexes import (
    DISCONNECTED,
    ConeApexes,
    next_critical_edge_for_voids,
    no_cone_apexes,
)
from lamella.homology.voids.lune_cycles import (
    COMPONENTS,
    CYCLES,
    Forest,
    forest_for,
    grow_forest,
    with_room_for_cycles,
)
from lamella.homology.voids.ranks import ranked, triangle_of
from lamella.homology.voids.values import (
    NO_VALUE,
    STEPS,
    Voids,
    add_value,
    kill_void,
    no_voids,
    reduce_voids,
    stored_live,
    with_room_for_values,
)

VOIDS_DIED, SETTLED = 0, 1  # places in DeadVoids.count


class DeadVoids(NamedTuple):
    """The voids that died, as the pairs of the edges of birth and death."""

    births: Pairs
    deaths: Pairs
    count: Counts  # voids dead, and components settled of the edge under work


class VoidSearch(NamedTuple):
    """All that a sweep for loops and voids reads and writes."""

    loops: LoopSearch
    cocycle: Cocycle
    voids: Voids
    dead: DeadVoids
    forest: Forest
    apexes: ConeApexes


class SweptVoids(NamedTuple):
    """The voids of a sweep, in pairs of vertices."""

    births: Pairs
    deaths: Pairs
    open: Pairs


@kernel(allocates=True)
def sweep_with_voids(matrix: Matrix, limit: int, work_limit: int, memory_limit: int):
    """Components, loops and voids of the edges up to the length with the bit pattern `limit`."""
    edges, ranks = ranked(matrix, limit)
    search = void_search(matrix, ranks, work_limit)
    position, state = 0, NO_ROOM
    while state > NO_MEMORY_LEFT:
        position, state = sweep_edges_for_voids(edges, position, search)
        if state > NO_MEMORY_LEFT:
            loops, paths, found = search.loops.loops, search.loops.paths, search.loops.found
            cocycle, voids, dead, forest = search.cocycle, search.voids, search.dead, search.forest
            if state == REWRITE:
                loops = rewritten(loops)
            else:
                loops, paths = with_room_for_loops(loops), with_room_for_paths(paths)
                found, dead = with_room_for_more(found), with_room_to_die(dead)
                compact(cocycle, voids)
                cocycle, voids = with_room_for_triangles(cocycle), with_room_for_values(voids)
                forest = with_room_for_cycles(forest)
            graph, parents, scratch = search.loops.graph, search.loops.parents, search.loops.scratch
            swept = LoopSearch(matrix, graph, parents, loops, paths, found, scratch)
            search = VoidSearch(swept, cocycle, voids, dead, forest, search.apexes)
            if memory_used(loops, paths) + void_memory(cocycle, voids) > memory_limit:
                state = NO_MEMORY_LEFT
    last = limit if position == len(edges) else edges[position] >> 32
    died = search.dead.count[VOIDS_DIED]
    return result(search.loops, state, last), SweptVoids(
        search.dead.births[:died],
        search.dead.deaths[:died],
        births_of_live(search.voids.generators),
    )


@kernel(allocates=True)
def void_search(matrix: Matrix, ranks: Ranks, work_limit: int):
    """Before the first edge."""
    points = len(matrix)
    loops = loop_search(matrix, work_limit)
    words = loops.graph.shape[1]
    dead = DeadVoids(np.empty(points, np.int64), np.empty(points, np.int64), np.zeros(2, np.int64))
    dead.count[SETTLED] = 1
    return VoidSearch(
        loops,
        no_cocycle(ranks),
        no_voids(points + 64),
        dead,
        forest_for(points, words, 4 * points),
        no_cone_apexes(matrix, words),
    )


@kernel
def sweep_edges_for_voids(edges: Edges, position: int, search: VoidSearch):
    """Sweep the edges from a position on; where it ended, and how (see `loops.sweep`)."""
    graph, scratch = search.loops.graph, search.loops.scratch
    while True:
        with_voids = search.voids.generators.count[ALIVE] > 0
        position, code, apex = next_critical_edge_for_voids(
            graph, edges, position, with_voids, search.apexes, scratch
        )
        if code == NO_MORE:
            return position, DONE
        work = work_done(scratch.spent, search.loops.loops.count, search.loops.paths.scanned)
        work += search.voids.count[STEPS] + search.forest.spent[0]
        if code == OVER_BUDGET or work > scratch.spent[1]:
            return position, NO_WORK_LEFT
        pair = edges[position] & 0xFFFFFFFF
        if code == EMPTY:
            settled = merge_or_create(pair, search.loops)
        else:
            settled = settle_lune(pair, apex, code != DISCONNECTED, search)
        if not settled:
            return position, NO_ROOM
        search.dead.count[SETTLED] = 1
        i, j = vertices_of(pair)
        connect(graph, i, j)
        position += 1
        if worth_rewriting(search.loops.loops):
            return position, REWRITE


@kernel
def settle_lune(pair: int, apex: int, with_cycles: bool, search: VoidSearch):
    """What the components of a lune bring, and its cycles if a void is alive. False: no room."""
    forest = search.forest
    i, j = vertices_of(pair)
    if not grow_forest(search.loops.graph, i, j, apex, forest):
        return False
    if forest.count[COMPONENTS] > 1 and not settle_components(pair, search):
        return False
    return not with_cycles or settle_cycles(pair, search)


@kernel
def settle_components(pair: int, search: VoidSearch):
    """Each further component of a lune kills a loop, or else a void is born. False: no room."""
    cocycle, generators, forest = search.cocycle, search.voids.generators, search.forest
    settled = search.dead.count
    i, j = vertices_of(pair)
    first = forest.roots[0]
    cocycle.roots[i, j] = SEVERAL | first
    cocycle.roots[j, i] = SEVERAL | first
    if not keep_forest(search.loops.graph, pair, cocycle, forest):
        return False
    if not put(cocycle.values, triangle_of(i, j, first), 0):
        return False
    # an edge that is settled again after making room must not see its own relations: go on
    # where it stopped
    while settled[SETTLED] < forest.count[COMPONENTS]:
        root = forest.roots[settled[SETTLED]]
        if not is_room_for_birth(generators):
            return False
        if not put(cocycle.values, triangle_of(i, j, root), 0):
            return False
        outcome = 0
        if search.loops.loops.generators.count[ALIVE] > 0:
            outcome = kill_loop(pair, first, root, search.loops)
        if outcome == FULL:
            return False
        if outcome != KILLED:
            add_generator(generators, pair)
            put(cocycle.values, triangle_of(i, j, root), generators.count[BORN])
        settled[SETTLED] += 1
    return True


@kernel
def keep_forest(graph: Graph, pair: int, cocycle: Cocycle, forest: Forest):
    """Remember the parents in a disconnected lune, which no rule would find again."""
    i, j = vertices_of(pair)
    for w in range(graph.shape[1]):
        lune = graph[i, w] & graph[j, w]
        while lune != ZERO:
            vertex = w * 64 + lowest(lune)
            lune &= lune - ONE
            parent = forest.parent[vertex]
            if parent >= 0 and not put_parent(pair, vertex, parent, cocycle):
                return False
    return True


@kernel
def settle_cycles(pair: int, search: VoidSearch):
    """Suspend each cycle of the lune; the youngest void in its value dies. False: no room."""
    voids, dead, forest = search.voids, search.dead, search.forest
    generators, count = voids.generators, dead.count
    for place in range(forest.count[CYCLES]):
        if generators.count[ALIVE] == 0:
            return True
        if count[VOIDS_DIED] == len(dead.births):
            return False
        cycle = forest.cycles[place]
        live = suspension(pair, cycle, forest.parent, forest.values, search.cocycle, voids)
        if live < 0:
            return False
        if live > 0:
            rest = stored_live(1, live, voids)
            if rest == NO_VALUE:
                return False
            youngest = np.int64(generators.live[0])
            kill_void(youngest, rest, voids)
            dead.births[count[VOIDS_DIED]] = generators.birth[youngest]
            dead.deaths[count[VOIDS_DIED]] = pair
            count[VOIDS_DIED] += 1
    return True


@kernel
def suspension(
    pair: int, cycle: Vertices, parent: Vertices, values: Vertices, cocycle: Cocycle, voids: Voids
):
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
    return reduce_voids(voids)


@kernel(allocates=True)
def with_room_to_die(dead: DeadVoids):
    """The record of dead voids with twice the room if less than half is left."""
    size = len(dead.births) * (2 if 2 * dead.count[VOIDS_DIED] > len(dead.births) else 1)
    return DeadVoids(grown(dead.births, size), grown(dead.deaths, size), dead.count)


@kernel
def void_memory(cocycle: Cocycle, voids: Voids):
    """Bytes in what can grow beside the loops."""
    tables = 12 * (len(cocycle.parents.keys) + len(cocycle.values.keys))
    sums = 4 * len(voids.sums.members) + 20 * len(voids.sums.start)
    return tables + sums + 8 * len(cocycle.stack.items) + 20 * len(voids.generators.birth)
