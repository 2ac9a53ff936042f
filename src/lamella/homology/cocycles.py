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

from lamella.homology.kernels import kernel
from lamella.homology.paths import FREE, TOO_DEEP, longer_stack, slot
from lamella.homology.ranks import earliest_apex, earliest_bridge, longest_edge, triangle_of
from lamella.homology.values import FULL, STEPS, resolved, sum_of

UNKNOWN = 0xFFFF  # the root of a lune: not asked for yet
SEVERAL = 0x8000  # a lune of several components, with the first root in the lower bits
PENDING = -(1 << 30)  # a triangle whose value is being worked out: PENDING - parent
KNOWN, PARENTS = 0, 1  # places in Cocycle.count, where TOO_DEEP is another


class Cocycle(NamedTuple):
    """Roots of lunes, the forests of disconnected ones, and the values of triangles."""

    ranks: np.ndarray
    roots: np.ndarray  # of each edge's lune
    forest_keys: np.ndarray  # edge and vertex: `pair << 16 | vertex`
    forest: np.ndarray  # the parent of that vertex
    keys: np.ndarray  # triangles
    values: np.ndarray
    stack: np.ndarray
    queue: np.ndarray  # of a breadth-first search
    parent: np.ndarray
    count: np.ndarray


@kernel(allocates=True)
def no_cocycle(ranks):
    """Nothing known of any triangle."""
    points = len(ranks)
    return Cocycle(
        ranks,
        np.full(ranks.shape, UNKNOWN, np.uint16),
        np.full(1 << 12, FREE, np.int64),
        np.empty(1 << 12, np.uint16),
        np.full(1 << 13, FREE, np.int64),
        np.empty(1 << 13, np.int32),
        np.empty(4096, np.int64),
        np.empty(points, np.int64),
        np.empty(points, np.int64),
        np.zeros(3, np.int64),
    )


@kernel(allocates=True)
def with_room_for_triangles(cocycle):
    """The same with four times the room in a table that is full, twice the stack if it was."""
    forest_keys, forest = cocycle.forest_keys, cocycle.forest
    keys, values = cocycle.keys, cocycle.values
    if 3 * cocycle.count[PARENTS] > len(forest_keys):
        forest_keys, forest = rehashed(forest_keys, forest)
    if 3 * cocycle.count[KNOWN] > len(keys):
        keys, values = rehashed(keys, values)
    return Cocycle(
        cocycle.ranks,
        cocycle.roots,
        forest_keys,
        forest,
        keys,
        values,
        longer_stack(cocycle.stack, cocycle.count),
        cocycle.queue,
        cocycle.parent,
        cocycle.count,
    )


@kernel(allocates=True)
def rehashed(keys, values):
    """A hash table with four times the room."""
    new_keys = np.full(4 * len(keys), FREE, np.int64)
    new_values = np.empty(len(new_keys), values.dtype)
    for old in range(len(keys)):
        if keys[old] != FREE:
            new = slot(new_keys, keys[old])
            new_keys[new] = keys[old]
            new_values[new] = values[old]
    return new_keys, new_values


@kernel
def set_value(triangle, value, cocycle):
    """Fix the value of a triangle; False if the table is full."""
    place = slot(cocycle.keys, triangle)
    if cocycle.keys[place] == FREE:
        if 2 * cocycle.count[KNOWN] >= len(cocycle.keys):
            return False
        cocycle.keys[place] = triangle
        cocycle.count[KNOWN] += 1
    cocycle.values[place] = value
    return True


@kernel
def set_parent(pair, vertex, parent, cocycle):
    """Fix the parent of a vertex in the forest of a disconnected lune; False: no room."""
    key = (pair << 16) | vertex
    place = slot(cocycle.forest_keys, key)
    if cocycle.forest_keys[place] == FREE:
        if 2 * cocycle.count[PARENTS] >= len(cocycle.forest_keys):
            return False
        cocycle.forest_keys[place] = key
        cocycle.count[PARENTS] += 1
    cocycle.forest[place] = parent
    return True


@kernel
def root_of(a, b, cocycle):
    """The root of the lune of ab, chosen when it is first asked for."""
    root = np.int64(cocycle.roots[a, b])
    if root == UNKNOWN:
        root = earliest_apex(cocycle.ranks, a, b)
        cocycle.roots[a, b] = root
    return root


@kernel
def parent_of(a, b, w, rank, root, cocycle):
    """The parent of w in the forest of the lune of ab: the root if it can be, else on the way."""
    if root >= SEVERAL:
        key = (((a << 16) | b) << 16) | w
        return np.int64(cocycle.forest[slot(cocycle.forest_keys, key)])
    if cocycle.ranks[root, w] < rank:
        return root
    bridge = earliest_bridge(cocycle.ranks, a, b, w, root, rank)
    return bridge if bridge >= 0 else search_parent(a, b, w, rank, root, cocycle)


@kernel
def search_parent(a, b, w, rank, root, cocycle):
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
def value_of(triangle, cocycle, voids):
    """The value of a triangle over live generators; FULL if there was no room for it.

    The recursion of the module's head with a stack of its own. A triangle stays PENDING, with
    its parent, until its terms are known; so work cut short for lack of room is not lost.
    """
    stack = cocycle.stack
    stack[0] = triangle
    waiting = 1
    value = np.int64(0)
    while waiting > 0:
        voids.count[STEPS] += 1
        top = stack[waiting - 1]
        a, b, w, rank = longest_edge(cocycle.ranks, top)
        root = root_of(a, b, cocycle)
        place = slot(cocycle.keys, top)
        known = cocycle.keys[place] == top
        if known and cocycle.values[place] > PENDING:
            value = resolved(np.int64(cocycle.values[place]), voids)
            if value == FULL:
                return value
            cocycle.values[place] = value
            waiting -= 1
            continue
        if root == w:
            value = np.int64(0)
            waiting -= 1
            continue
        if known:
            parent = PENDING - np.int64(cocycle.values[place])
        else:
            parent = parent_of(a, b, w, rank, root, cocycle)
            if not set_value(top, PENDING - parent, cocycle):
                return np.int64(FULL)
            place = slot(cocycle.keys, top)
        if waiting + 3 > len(stack):
            cocycle.count[TOO_DEEP] = 1
            return np.int64(FULL)
        missing, value = add_terms(a, b, w, parent, root, waiting, cocycle, voids)
        if value == FULL:
            return value
        if missing == 0:
            cocycle.values[place] = value
            waiting -= 1
        waiting += missing
    return value


@kernel
def add_terms(a, b, w, parent, root, waiting, cocycle, voids):
    """Sum the terms of a value; how many are not known yet (put on the stack), and the sum."""
    missing = 0
    value = np.int64(0)
    for term in range(2 if parent == root else 3):
        if term == 0:
            triangle = triangle_of(a, w, parent)
        elif term == 1:
            triangle = triangle_of(b, w, parent)
        else:
            triangle = triangle_of(a, b, parent)
        place = slot(cocycle.keys, triangle)
        if cocycle.keys[place] == triangle and cocycle.values[place] > PENDING:
            known = resolved(np.int64(cocycle.values[place]), voids)
            if known == FULL:
                return missing, known
            cocycle.values[place] = known
            if missing == 0:
                value = sum_of(value, known, voids)
                if value == FULL:
                    return missing, value
        else:
            x, y, third, _ = longest_edge(cocycle.ranks, triangle)
            if root_of(x, y, cocycle) != third:
                cocycle.stack[waiting + missing] = triangle
                missing += 1
    return missing, value
