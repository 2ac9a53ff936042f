"""Voids over Z/2: the generators of H2 born so far, and sums of them that are shared.

A value is one integer: 0 is zero, g + 1 the generator g, -s - 1 the stored sum s, a stretch of
generators in ascending order. When a generator dies it becomes the value of its relation, and
sums that hold it are rewritten when they are next read (`resolved`), with a note that leads from
the old sum to the new one. A sum checked since the last death carries its `epoch`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.kernels import ZERO, bit, highest, kernel
from lamella.homology.relations import grown, toggle

BORN, ALIVE, SUMS, USED, EPOCH, STEPS = 0, 1, 2, 3, 4, 5  # places in Voids.count
FULL = 1 << 40  # instead of a value: there was no room to work it out
NOT_MOVED = -(1 << 31)
NO_GENERATOR = 1 << 40


class Voids(NamedTuple):
    """Generators of H2 by age, the values of dead ones, and the stored sums."""

    birth: np.ndarray  # the pair of the edge that gave birth
    dead: np.ndarray
    relation: np.ndarray  # the value of a dead generator
    start: np.ndarray  # of each sum in the pool
    length: np.ndarray
    epoch: np.ndarray
    moved: np.ndarray  # the value that a sum has become, or NOT_MOVED
    pool: np.ndarray
    bits: np.ndarray  # the sum under work
    summary: np.ndarray
    live: np.ndarray  # the reduced sum, youngest first
    count: np.ndarray


@kernel(allocates=True)
def no_voids(capacity):
    """An empty store for `capacity` generators."""
    return Voids(
        np.empty(capacity, np.int64),
        np.zeros(capacity, np.bool_),
        np.zeros(capacity, np.int32),
        np.empty(1024, np.int64),
        np.empty(1024, np.int32),
        np.empty(1024, np.int32),
        np.empty(1024, np.int32),
        np.empty(4096, np.int32),
        np.zeros((capacity >> 6) + 1, np.uint64),
        np.zeros((capacity >> 12) + 1, np.uint64),
        np.empty(capacity, np.int32),
        np.zeros(6, np.int64),
    )


@kernel(allocates=True)
def with_room_for_values(voids):
    """The store with twice the room wherever less than half is left."""
    count = voids.count
    size = len(voids.birth) * (2 if 2 * count[BORN] > len(voids.birth) else 1)
    sums = len(voids.start) * (2 if 2 * count[SUMS] > len(voids.start) else 1)
    pool = len(voids.pool) * (2 if 2 * count[USED] > len(voids.pool) else 1) + size
    return Voids(
        grown(voids.birth, size),
        grown(voids.dead, size),
        grown(voids.relation, size),
        grown(voids.start, sums),
        grown(voids.length, sums),
        grown(voids.epoch, sums),
        grown(voids.moved, sums),
        grown(voids.pool, pool),
        np.zeros((size >> 6) + 1, np.uint64),
        np.zeros((size >> 12) + 1, np.uint64),
        grown(voids.live, size),
        count,
    )


@kernel
def sum_of(a, b, voids):
    """The value a + b."""
    if a == 0:
        return b
    if b == 0:
        return a
    if a == b:
        return np.int64(0)
    start = voids.count[USED]
    if start + size_of(a, voids) + size_of(b, voids) > len(voids.pool):
        return np.int64(FULL)
    return stored(merged(a, b, start, voids), voids)


@kernel
def size_of(value, voids):
    """How many generators a value has that is not zero."""
    return np.int64(1) if value > 0 else np.int64(voids.length[-value - 1])


@kernel
def generator_at(value, place, voids):
    """The generator at a place of a value, NO_GENERATOR behind the last."""
    if place >= size_of(value, voids):
        return np.int64(NO_GENERATOR)
    if value > 0:
        return value - 1
    return np.int64(voids.pool[voids.start[-value - 1] + place])


@kernel
def merged(a, b, start, voids):
    """Write the symmetric difference of two values behind the pool; how many it has."""
    x = y = size = 0
    g, h = generator_at(a, x, voids), generator_at(b, y, voids)
    while g != NO_GENERATOR or h != NO_GENERATOR:
        if g != h:
            voids.pool[start + size] = min(g, h)
            size += 1
        forward_a, forward_b = g <= h, h <= g
        if forward_a:
            x += 1
            g = generator_at(a, x, voids)
        if forward_b:
            y += 1
            h = generator_at(b, y, voids)
    return size


@kernel
def stored(size, voids):
    """The value of the `size` generators just behind the pool, which it takes in."""
    count = voids.count
    start, place = count[USED], count[SUMS]
    if size == 0:
        return np.int64(0)
    if size == 1:
        return np.int64(voids.pool[start]) + 1
    if place == len(voids.start):
        return np.int64(FULL)
    voids.start[place] = start
    voids.length[place] = size
    voids.epoch[place] = count[EPOCH]
    voids.moved[place] = NOT_MOVED
    count[SUMS] += 1
    count[USED] += size
    return -(place + 1)


@kernel
def stored_live(first, stop, voids):
    """The value of the generators live[first:stop], which come youngest first."""
    size, start = stop - first, voids.count[USED]
    if start + size > len(voids.pool):
        return np.int64(FULL)
    for place in range(size):
        voids.pool[start + place] = voids.live[stop - 1 - place]
    return stored(size, voids)


@kernel
def add_value(value, voids):
    """Add a value to the sum under work."""
    if value > 0:
        toggle(voids.bits, voids.summary, value - 1)
    elif value < 0:
        start = voids.start[-value - 1]
        for place in range(start, start + voids.length[-value - 1]):
            toggle(voids.bits, voids.summary, np.int64(voids.pool[place]))


@kernel
def reduce_values(voids):
    """Empty the sum into `voids.live`, dead generators replaced; how many live ones there are."""
    found = 0
    block = (voids.count[BORN] >> 12) + 1
    while block > 0:
        if voids.summary[block - 1] == ZERO:
            block -= 1
            continue
        word = (block - 1) * 64 + highest(voids.summary[block - 1])
        if voids.bits[word] == ZERO:
            voids.summary[block - 1] &= ~bit(word)
            continue
        generator = word * 64 + highest(voids.bits[word])
        voids.bits[word] ^= bit(generator)
        voids.count[STEPS] += 1
        if voids.dead[generator]:
            add_value(forwarded_relation(generator, voids), voids)
        else:
            voids.live[found] = generator
            found += 1
    return found


@kernel
def forwarded_relation(generator, voids):
    """The value of a dead generator, with its moves followed and remembered."""
    value = forwarded(np.int64(voids.relation[generator]), voids)
    voids.relation[generator] = value
    return value


@kernel
def forwarded(value, voids):
    """What a value has become by moves already made."""
    while value < 0 and voids.moved[-value - 1] != NOT_MOVED:
        value = np.int64(voids.moved[-value - 1])
    return value


@kernel
def resolved(value, voids):
    """A value over live generators only; FULL if there was no room to write it."""
    value = forwarded(value, voids)
    if is_live(value, voids):
        return value
    add_value(value, voids)
    found = reduce_values(voids)
    result = stored_live(0, found, voids)
    if result == FULL:
        return result
    if value > 0:
        voids.relation[value - 1] = result
    else:
        voids.moved[-value - 1] = result
    return result


@kernel
def is_live(value, voids):
    """Whether no generator of a value is dead; what holds is noted until the next death."""
    if value >= 0:
        return value == 0 or not voids.dead[value - 1]
    place = -value - 1
    if voids.epoch[place] == voids.count[EPOCH]:
        return True
    start = voids.start[place]
    for generator in voids.pool[start : start + voids.length[place]]:
        if voids.dead[generator]:
            return False
    voids.epoch[place] = voids.count[EPOCH]
    return True
