"""Closing up the stored sums of voids: most of what was ever written nobody asks for again.

A sum that was rewritten, or was a step on the way to another, keeps its stretch of the pool.
Before the pool grows, only the sums that a triangle or a dead generator stands for are kept, moved
to the front, and renumbered wherever they are named.
"""

from __future__ import annotations

import numpy as np

from lamella.homology.cocycles import PENDING
from lamella.homology.kernels import kernel
from lamella.homology.paths import FREE
from lamella.homology.values import BORN, NOT_MOVED, SUMS, USED, forwarded

UNNAMED, NAMED = -1, 0


@kernel(allocates=True)
def tidy(cocycle, voids):
    """Keep only the sums that are still named, if more than half of the room for sums is used."""
    count = voids.count
    if 2 * count[USED] <= len(voids.pool) and 2 * count[SUMS] <= len(voids.start):
        return
    places = np.full(count[SUMS], UNNAMED, np.int64)
    for entry in range(len(cocycle.keys)):
        if is_settled(entry, cocycle):
            cocycle.values[entry] = named(np.int64(cocycle.values[entry]), places, voids)
    for generator in range(count[BORN]):
        if voids.dead[generator]:
            value = named(np.int64(voids.relation[generator]), places, voids)
            voids.relation[generator] = value
    close_up(places, voids)
    for entry in range(len(cocycle.keys)):
        if is_settled(entry, cocycle):
            cocycle.values[entry] = renumbered(np.int64(cocycle.values[entry]), places)
    for generator in range(count[BORN]):
        if voids.dead[generator]:
            voids.relation[generator] = renumbered(np.int64(voids.relation[generator]), places)


@kernel
def is_settled(entry, cocycle):
    """Whether an entry of the table holds the value of a triangle."""
    return cocycle.keys[entry] != FREE and cocycle.values[entry] > PENDING


@kernel
def named(value, places, voids):
    """A value with its moves followed; if it is a sum, that is noted."""
    value = forwarded(value, voids)
    if value < 0:
        places[-value - 1] = NAMED
    return value


@kernel
def close_up(places, voids):
    """Move the named sums to the front, in their order, and note where each is now."""
    count = voids.count
    kept = used = 0
    for place in range(len(places)):
        if places[place] == UNNAMED:
            continue
        start, length = voids.start[place], voids.length[place]
        for offset in range(length):
            voids.pool[used + offset] = voids.pool[start + offset]
        voids.start[kept], voids.length[kept] = used, length
        voids.epoch[kept], voids.moved[kept] = voids.epoch[place], NOT_MOVED
        places[place] = kept
        kept += 1
        used += length
    count[SUMS], count[USED] = kept, used


@kernel
def renumbered(value, places):
    """The value with the new number of its sum."""
    return value if value >= 0 else -(places[-value - 1] + 1)
