"""Compaction of the stored sums of voids: most of what was ever written nobody asks for again.

A sum that was rewritten, or was a step on the way to another, keeps its stretch of the pool.
Before the pool grows, the sums that a triangle or a dead generator stands for are marked, moved
to the front, and renumbered wherever they are named.
"""

from __future__ import annotations

import numpy as np

from lamella.homology.arrays import Vertices
from lamella.homology.filtration.generators import BORN
from lamella.homology.filtration.storage import FREE, HashTable
from lamella.homology.kernels import kernel
from lamella.homology.voids.cocycles import PENDING, Cocycle
from lamella.homology.voids.values import NOT_MOVED, SUMS, Voids, forwarded

UNUSED, IN_USE = -1, 0


@kernel(allocates=True)
def compact(cocycle: Cocycle, voids: Voids):
    """Keep only the sums in use, if more than half of the room for sums is taken."""
    count, sums, generators = voids.count, voids.sums, voids.generators
    if 2 * sums.used[0] <= len(sums.members) and 2 * count[SUMS] <= len(sums.start):
        return
    values = cocycle.values.values
    places = np.full(count[SUMS], UNUSED, np.int64)
    for entry in range(len(values)):
        if is_settled(entry, cocycle.values):
            values[entry] = mark(np.int64(values[entry]), places, voids)
    for generator in range(generators.count[BORN]):
        if generators.dead[generator]:
            value = mark(np.int64(voids.relation[generator]), places, voids)
            voids.relation[generator] = value
    move_to_front(places, voids)
    for entry in range(len(values)):
        if is_settled(entry, cocycle.values):
            values[entry] = renumbered(np.int64(values[entry]), places)
    for generator in range(generators.count[BORN]):
        if generators.dead[generator]:
            voids.relation[generator] = renumbered(np.int64(voids.relation[generator]), places)


@kernel
def is_settled(entry: int, table: HashTable):
    """Whether an entry of the table holds the value of a triangle."""
    return table.keys[entry] != FREE and table.values[entry] > PENDING


@kernel
def mark(value: int, places: Vertices, voids: Voids):
    """A value with its moves followed; if it is a sum, that is in use."""
    value = forwarded(value, voids)
    if value < 0:
        places[-value - 1] = IN_USE
    return value


@kernel
def move_to_front(places: Vertices, voids: Voids):
    """Move the sums in use to the front, in their order, and note where each is now."""
    sums = voids.sums
    kept = used = 0
    for place in range(len(places)):
        if places[place] == UNUSED:
            continue
        start, length = sums.start[place], np.int64(sums.length[place])
        for offset in range(length):
            sums.members[used + offset] = sums.members[start + offset]
        sums.start[kept], sums.length[kept] = used, length
        voids.epoch[kept], voids.moved[kept] = voids.epoch[place], NOT_MOVED
        places[place] = kept
        kept += 1
        used += length
    voids.count[SUMS], sums.used[0] = kept, used


@kernel
def renumbered(value: int, places: Vertices):
    """The value with the new number of its sum."""
    return value if value >= 0 else -(places[-value - 1] + 1)
