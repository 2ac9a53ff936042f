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

from lamella.homology.arrays import Counts, Lengths, Matrix
from lamella.homology.filtration.edges import LARGEST, pair_of, vertices_of
from lamella.homology.filtration.generators import Generators, toggle
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

SPANNING = -1
BLOCK = 256  # vertices looked at before the best one so far is remembered


class Paths(NamedTuple):
    """The next step of each pair known, the pairs still to be walked, and entries scanned."""

    steps: HashTable
    stack: Stack
    scanned: Counts  # one number


@kernel(allocates=True)
def no_paths(capacity: int):
    """Nothing known; `capacity` is a power of two."""
    return Paths(empty_table(capacity), empty_stack(1024), np.zeros(1, np.int64))


@kernel
def generator_mark(generator: int):
    """How the table says that an edge gave birth to a generator."""
    return -2 - generator


@kernel(allocates=True)
def with_room_for_paths(paths: Paths):
    """The same with a larger table or a longer stack, whichever was full."""
    return Paths(larger_if_full(paths.steps), longer_if_overflown(paths.stack), paths.scanned)


@kernel
def add_cycle(matrix: Matrix, i: int, j: int, u: int, v: int, generators: Generators, paths: Paths):
    """Add the 4-cycle i-u-j-v to the sum under work; False if there was no room to walk it."""
    stack = paths.stack.items
    stack[0], stack[1] = pair_of(i, u), pair_of(j, u)
    stack[2], stack[3] = pair_of(i, v), pair_of(j, v)
    return walk(matrix, 4, generators, paths)


@kernel
def walk(matrix: Matrix, waiting: int, generators: Generators, paths: Paths):
    """Walk the edges on the stack down to generators; False if the table or the stack is full."""
    keys, steps, stack = paths.steps.keys, paths.steps.values, paths.stack.items
    while waiting > 0:
        waiting -= 1
        pair = stack[waiting]
        i, j = vertices_of(pair)
        place = slot(keys, pair)
        if keys[place] != pair:
            if not put(paths.steps, pair, inner_vertex(matrix, i, j)):
                return False
            paths.scanned[0] += len(matrix)
        step = np.int64(steps[place])
        if step < SPANNING:
            toggle(generators, -2 - step)
        elif step >= 0:
            if waiting + 2 > len(stack):
                paths.stack.overflown[0] = True
                return False
            stack[waiting] = pair_of(i, step)
            stack[waiting + 1] = pair_of(j, step)
            waiting += 2
    return True


@kernel
def inner_vertex(matrix: Matrix, i: int, j: int):
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
def least_longer_side(row_i: Lengths, row_j: Lengths):
    """The least of max(d_ik, d_jk) over a stretch of vertices k."""
    least = LARGEST
    for k in range(len(row_i)):
        least = min(least, max(row_i[k], row_j[k]))
    return least


@kernel
def tied_lune_vertex(matrix: Matrix, i: int, j: int):
    """A vertex of the lune of ij by the full order, in which ties are broken; -1 if it is empty."""
    length, pair = matrix[i, j], pair_of(i, j)
    for k in range(len(matrix)):
        if k in (i, j) or not comes_before(matrix[i, k], pair_of(i, k), length, pair):
            continue
        if comes_before(matrix[j, k], pair_of(j, k), length, pair):
            return k
    return -1


@kernel
def comes_before(length: float, pair: int, other_length: float, other_pair: int):
    """The strict order of edges."""
    return length < other_length or (length == other_length and pair < other_pair)
