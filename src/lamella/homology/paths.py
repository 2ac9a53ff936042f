"""Writing a cycle in generators, lazily: an edge is homologous to a path of two earlier edges.

An edge ij with a vertex k in its lune is the path i-k-j, for ijk is a triangle of the complex.
Doing so until no edge has such a k leaves edges with an empty lune: those that joined components
(zero), and those that gave birth to a loop (that generator). Every step is remembered in a hash
table from the pair to `k`, SPANNING or `generator_mark(g)`. Koyama, Robins, Turner 2024,
Distilled Vietoris-Rips filtration for persistent homology (arXiv 2412.07805) shrinks further
along the same lines.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.edges import LARGEST, pair_of, vertices_of
from lamella.homology.kernels import kernel
from lamella.homology.relations import grown, toggle

SPANNING = -1
FREE = -1  # no pair is negative
KNOWN, SCANNED, TOO_DEEP = 0, 1, 2  # places in Paths.count; TOO_DEEP: the stack was full
BLOCK = 256  # vertices looked at before the best one so far is remembered


class Paths(NamedTuple):
    """An open hash table from pairs to their next step, and the pairs still to be walked."""

    keys: np.ndarray
    steps: np.ndarray
    stack: np.ndarray
    count: np.ndarray


@kernel(allocates=True)
def no_paths(capacity):
    """An empty table; `capacity` is a power of two."""
    return Paths(
        np.full(capacity, FREE, np.int64),
        np.empty(capacity, np.int32),
        np.empty(1024, np.int64),
        np.zeros(3, np.int64),
    )


@kernel
def generator_mark(generator):
    """How the table says that an edge gave birth to a generator."""
    return -2 - generator


@kernel
def slot(keys, key):
    """Where a key is, or where it would be put."""
    mask = len(keys) - 1
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    place = np.int64(mixed >> np.uint64(24)) & mask
    while keys[place] != key and keys[place] != FREE:
        place = (place + 1) & mask
    return place


@kernel
def remember(paths, pair, step):
    """Store the step of a pair; False if the table is full."""
    if 2 * paths.count[KNOWN] >= len(paths.keys):
        return False
    place = slot(paths.keys, pair)
    paths.keys[place] = pair
    paths.steps[place] = step
    paths.count[KNOWN] += 1
    return True


@kernel(allocates=True)
def with_longer_table(paths):
    """The table, four times as long if it is full, and the stack, twice as long if it was."""
    stack = longer_stack(paths.stack, paths.count)
    if 2 * paths.count[KNOWN] < len(paths.keys):
        return Paths(paths.keys, paths.steps, stack, paths.count)
    keys = np.full(4 * len(paths.keys), FREE, np.int64)
    steps = np.empty(len(keys), np.int32)
    for old in range(len(paths.keys)):
        if paths.keys[old] != FREE:
            new = slot(keys, paths.keys[old])
            keys[new] = paths.keys[old]
            steps[new] = paths.steps[old]
    return Paths(keys, steps, stack, paths.count)


@kernel(allocates=True)
def longer_stack(stack, count):
    """A stack with twice the room if it ran out, with what it holds."""
    if count[TOO_DEEP] == 0:
        return stack
    count[TOO_DEEP] = 0
    return grown(stack, 2 * len(stack))


@kernel
def add_cycle(matrix, i, j, u, v, loops, paths):
    """Add the 4-cycle i-u-j-v to the sum under work; False if there was no room to walk it."""
    stack = paths.stack
    stack[0], stack[1] = pair_of(i, u), pair_of(j, u)
    stack[2], stack[3] = pair_of(i, v), pair_of(j, v)
    return walk(matrix, 4, loops.bits, loops.summary, paths)


@kernel
def walk(matrix, waiting, bits, summary, paths):
    """Walk the edges on the stack down to generators; False if the table or the stack is full."""
    keys, steps, stack = paths.keys, paths.steps, paths.stack
    while waiting > 0:
        waiting -= 1
        pair = stack[waiting]
        i, j = vertices_of(pair)
        place = slot(keys, pair)
        if keys[place] != pair:
            if not remember(paths, pair, inner_vertex(matrix, i, j)):
                return False
            paths.count[SCANNED] += len(matrix)
        step = np.int64(steps[place])
        if step < SPANNING:
            toggle(bits, summary, -2 - step)
        elif step >= 0:
            if waiting + 2 > len(stack):
                paths.count[TOO_DEEP] = 1
                return False
            stack[waiting] = pair_of(i, step)
            stack[waiting + 1] = pair_of(j, step)
            waiting += 2
    return True


@kernel
def inner_vertex(matrix, i, j):
    """A vertex of the lune of ij, the one whose longer edge to i or j is shortest."""
    best, start = LARGEST, 0
    for low in range(0, len(matrix), BLOCK):
        high = min(low + BLOCK, len(matrix))
        least = least_longer_side(matrix[i, low:high], matrix[j, low:high])
        if least < best:
            best, start = least, low
    if best < matrix[i, j]:
        for k in range(start, min(start + BLOCK, len(matrix))):
            if max(matrix[i, k], matrix[j, k]) == best:
                return k
    return tied_lune_vertex(matrix, i, j)


@kernel(fastmath=True)
def least_longer_side(row_i, row_j):
    """The least of max(d_ik, d_jk) over a stretch of vertices k."""
    least = LARGEST
    for k in range(len(row_i)):
        least = min(least, max(row_i[k], row_j[k]))
    return least


@kernel
def tied_lune_vertex(matrix, i, j):
    """A vertex of the lune of ij by the full order, in which ties are broken; -1 if it is empty."""
    length, pair = matrix[i, j], pair_of(i, j)
    for k in range(len(matrix)):
        if k in (i, j) or not comes_before(matrix[i, k], pair_of(i, k), length, pair):
            continue
        if comes_before(matrix[j, k], pair_of(j, k), length, pair):
            return k
    return -1


@kernel
def comes_before(length, pair, other_length, other_pair):
    """The strict order of edges."""
    return length < other_length or (length == other_length and pair < other_pair)
