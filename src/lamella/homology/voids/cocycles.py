"""What a triangle is worth in voids: a cocycle, worked out when it is asked for.

Let ab be the last edge of a triangle abw, so that w is in the lune of ab. Walk the spanning
forest of that lune from w to its parent p: the tetrahedron abwp is filled when ab comes, so its
four triangles add up to zero, and

    value(ab, w) = value(ab, p) + value(aw p) + value(bw p).

At a root the value is zero, but for the root of a further component whose relation killed no
loop: there it is the generator of the void that was born. Every other triangle on the right has
an earlier last edge, so the walk ends. Values are remembered in a hash table. This recursion, as
the whole of H2 here, was found for this engine and is in none of the papers cited in `lunes`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import LuneRoots, Ranks, Vertices
from lamella.homology.filtration.storage import (
    HashTable,
    Stack,
    empty_stack,
    empty_table,
    larger_if_full,
    longer_if_overflown,
    put,
    slot,
)
from lamella.homology.kernels import kernel
from lamella.homology.voids.ranks import (
    earliest_bridge,
    earliest_vertex,
    longest_edge,
    triangle_of,
)
from lamella.homology.voids.values import NO_VALUE, STEPS, Voids, resolved, sum_of

UNKNOWN = 0xFFFF  # the root of a lune: not asked for yet
SEVERAL = 0x8000  # a lune of several components, with the first root in the lower bits
PENDING = -(1 << 30)  # a triangle whose value is being worked out: PENDING - parent


class Cocycle(NamedTuple):
    """Roots of lunes, the forests of disconnected ones, and the values of triangles."""

    ranks: Ranks
    roots: LuneRoots  # of each edge's lune
    parents: HashTable  # in the forests of disconnected lunes; keys are `pair << 16 | vertex`
    values: HashTable  # of triangles
    stack: Stack
    queue: Vertices  # of a breadth-first search
    parent: Vertices


@kernel(allocates=True)
def no_cocycle(ranks: Ranks):
    """Nothing known of any triangle."""
    points = len(ranks)
    return Cocycle(
        ranks,
        np.full(ranks.shape, UNKNOWN, np.uint16),
        empty_table(1 << 12),
        empty_table(1 << 13),
        empty_stack(4096),
        np.empty(points, np.int64),
        np.empty(points, np.int64),
    )


@kernel(allocates=True)
def with_room_for_triangles(cocycle: Cocycle):
    """The same with a larger table or a longer stack, whichever was full."""
    return Cocycle(
        cocycle.ranks,
        cocycle.roots,
        larger_if_full(cocycle.parents),
        larger_if_full(cocycle.values),
        longer_if_overflown(cocycle.stack),
        cocycle.queue,
        cocycle.parent,
    )


@kernel
def put_parent(pair: int, vertex: int, parent: int, cocycle: Cocycle):
    """Fix the parent of a vertex in the forest of a disconnected lune; False: no room."""
    return put(cocycle.parents, (pair << 16) | vertex, parent)


@kernel
def root_of(a: int, b: int, cocycle: Cocycle):
    """The root of the lune of ab, chosen when it is first asked for."""
    root = np.int64(cocycle.roots[a, b])
    if root == UNKNOWN:
        root = earliest_vertex(cocycle.ranks, a, b)
        cocycle.roots[a, b] = root
    return root


@kernel
def parent_of(a: int, b: int, w: int, rank: int, root: int, cocycle: Cocycle):
    """The parent of w in the forest of the lune of ab: the root if it can be, else on the way."""
    if root >= SEVERAL:
        place = slot(cocycle.parents.keys, (((a << 16) | b) << 16) | w)
        return np.int64(cocycle.parents.values[place])
    if cocycle.ranks[root, w] < rank:
        return root
    bridge = earliest_bridge(cocycle.ranks, a, b, w, root, rank)
    return bridge if bridge >= 0 else search_parent(a, b, w, rank, root, cocycle)


@kernel
def search_parent(a: int, b: int, w: int, rank: int, root: int, cocycle: Cocycle):
    """The parent of w by breadth-first search of the lune from the root."""
    ranks, queue, parent = cocycle.ranks, cocycle.queue, cocycle.parent
    parent[:] = -1
    parent[root] = root
    queue[0] = root
    head, tail = 0, 1
    while head < tail:
        x = queue[head]
        head += 1
        for k in range(len(ranks)):
            if parent[k] >= 0 or ranks[a, k] >= rank or ranks[b, k] >= rank:
                continue
            if ranks[x, k] < rank:
                parent[k] = x
                if k == w:
                    return x
                queue[tail] = k
                tail += 1
    return np.int64(-1)


@kernel
def value_of(triangle: int, cocycle: Cocycle, voids: Voids):
    """The value of a triangle over live generators; NO_VALUE if there was no room for it.

    The recursion of the module's head with a stack of its own. A triangle stays PENDING, with
    its parent, until its terms are known; so work cut short for lack of room is not lost.
    """
    keys, values, stack = cocycle.values.keys, cocycle.values.values, cocycle.stack.items
    stack[0] = triangle
    waiting = 1
    value = np.int64(0)
    while waiting > 0:
        voids.count[STEPS] += 1
        top = stack[waiting - 1]
        a, b, w, rank = longest_edge(cocycle.ranks, top)
        root = root_of(a, b, cocycle)
        place = slot(keys, top)
        known = keys[place] == top
        if known and values[place] > PENDING:
            value = resolved(np.int64(values[place]), voids)
            if value == NO_VALUE:
                return value
            values[place] = value
            waiting -= 1
            continue
        if root == w:
            value = np.int64(0)
            waiting -= 1
            continue
        if known:
            parent = PENDING - np.int64(values[place])
        else:
            parent = parent_of(a, b, w, rank, root, cocycle)
            if not put(cocycle.values, top, PENDING - parent):
                return np.int64(NO_VALUE)
            place = slot(keys, top)
        if waiting + 3 > len(stack):
            cocycle.stack.overflown[0] = True
            return np.int64(NO_VALUE)
        missing, value = add_terms(a, b, w, parent, root, waiting, cocycle, voids)
        if value == NO_VALUE:
            return value
        if missing == 0:
            values[place] = value
            waiting -= 1
        waiting += missing
    return value


@kernel
def add_terms(
    a: int, b: int, w: int, parent: int, root: int, waiting: int, cocycle: Cocycle, voids: Voids
):
    """Sum the terms of a value; how many are not known yet (put on the stack), and the sum."""
    keys, values = cocycle.values.keys, cocycle.values.values
    missing = 0
    value = np.int64(0)
    for term in range(2 if parent == root else 3):
        if term == 0:
            triangle = triangle_of(a, w, parent)
        elif term == 1:
            triangle = triangle_of(b, w, parent)
        else:
            triangle = triangle_of(a, b, parent)
        place = slot(keys, triangle)
        if keys[place] == triangle and values[place] > PENDING:
            known = resolved(np.int64(values[place]), voids)
            if known == NO_VALUE:
                return missing, known
            values[place] = known
            if missing == 0:
                value = sum_of(value, known, voids)
                if value == NO_VALUE:
                    return missing, value
        else:
            x, y, third, _ = longest_edge(cocycle.ranks, triangle)
            if root_of(x, y, cocycle) != third:
                cocycle.stack.items[waiting + missing] = triangle
                missing += 1
    return missing, value
