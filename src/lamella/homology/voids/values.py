"""Voids over Z/2: the generators of H2 born so far, and sums of them that are shared.

A value is one integer: 0 is zero, g + 1 the generator g, -s - 1 the stored sum s, a stretch of
generators in ascending order. When a generator dies it becomes the value of its relation, and
sums that hold it are rewritten when they are next read (`resolved`), with a note that leads from
the old sum to the new one. A sum checked since the last death carries its `epoch`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import Counts, Numbers
from lamella.homology.filtration.generators import (
    Generators,
    mark_dead,
    no_generators,
    take_youngest,
    toggle,
    toggle_stretch,
    top_block,
    with_room_for_generators,
)
from lamella.homology.filtration.storage import Pool, empty_pool, grown, larger_pool
from lamella.homology.kernels import kernel

SUMS, EPOCH, STEPS = 0, 1, 2  # places in Voids.count
NO_VALUE = 1 << 40  # there was no room to work it out
NOT_MOVED = -(1 << 31)
NO_GENERATOR = 1 << 40


class Voids(NamedTuple):
    """Generators of H2, the values of dead ones, and the stored sums."""

    generators: Generators
    relation: Numbers  # the value of a dead generator
    sums: Pool
    epoch: Numbers  # of each sum
    moved: Numbers  # the value that a sum has become, or NOT_MOVED
    count: Counts


@kernel(allocates=True)
def no_voids(capacity: int):
    """An empty store for `capacity` generators."""
    return Voids(
        no_generators(capacity),
        np.zeros(capacity, np.int32),
        empty_pool(1024, 4096),
        np.empty(1024, np.int32),
        np.empty(1024, np.int32),
        np.zeros(3, np.int64),
    )


@kernel(allocates=True)
def with_room_for_values(voids: Voids):
    """The store with twice the room wherever less than half is left."""
    generators = with_room_for_generators(voids.generators)
    size, room = len(generators.birth), len(voids.sums.start)
    sums = room * (2 if 2 * voids.count[SUMS] > room else 1)
    return Voids(
        generators,
        grown(voids.relation, size),
        larger_pool(voids.sums, sums, size),
        grown(voids.epoch, sums),
        grown(voids.moved, sums),
        voids.count,
    )


@kernel
def sum_of(a: int, b: int, voids: Voids):
    """The value a + b."""
    if a == 0:
        return b
    if b == 0:
        return a
    if a == b:
        return np.int64(0)
    start = voids.sums.used[0]
    if start + size_of(a, voids.sums) + size_of(b, voids.sums) > len(voids.sums.members):
        return np.int64(NO_VALUE)
    return stored(merged(a, b, start, voids.sums), voids)


@kernel
def size_of(value: int, sums: Pool):
    """How many generators a value has that is not zero."""
    return np.int64(1) if value > 0 else np.int64(sums.length[-value - 1])


@kernel
def generator_at(value: int, place: int, sums: Pool):
    """The generator at a place of a value, NO_GENERATOR behind the last."""
    if place >= size_of(value, sums):
        return np.int64(NO_GENERATOR)
    if value > 0:
        return value - 1
    return np.int64(sums.members[sums.start[-value - 1] + place])


@kernel
def merged(a: int, b: int, start: int, sums: Pool):
    """Write the symmetric difference of two values behind the pool; how many it has."""
    x = y = size = 0
    g, h = generator_at(a, x, sums), generator_at(b, y, sums)
    while g != NO_GENERATOR or h != NO_GENERATOR:
        if g != h:
            sums.members[start + size] = min(g, h)
            size += 1
        forward_a, forward_b = g <= h, h <= g
        if forward_a:
            x += 1
            g = generator_at(a, x, sums)
        if forward_b:
            y += 1
            h = generator_at(b, y, sums)
    return size


@kernel
def stored(size: int, voids: Voids):
    """The value of the `size` generators just behind the pool, which it takes in."""
    sums, count = voids.sums, voids.count
    start, place = sums.used[0], count[SUMS]
    if size == 0:
        return np.int64(0)
    if size == 1:
        return np.int64(sums.members[start]) + 1
    if place == len(sums.start):
        return np.int64(NO_VALUE)
    sums.start[place] = start
    sums.length[place] = size
    voids.epoch[place] = count[EPOCH]
    voids.moved[place] = NOT_MOVED
    count[SUMS] += 1
    sums.used[0] += size
    return -(place + 1)


@kernel
def stored_live(first: int, stop: int, voids: Voids):
    """The value of the generators live[first:stop], which come youngest first."""
    size, start = stop - first, voids.sums.used[0]
    if start + size > len(voids.sums.members):
        return np.int64(NO_VALUE)
    for place in range(size):
        voids.sums.members[start + place] = voids.generators.live[stop - 1 - place]
    return stored(size, voids)


@kernel
def add_value(value: int, voids: Voids):
    """Add a value to the sum under work."""
    if value > 0:
        toggle(voids.generators, value - 1)
    elif value < 0:
        toggle_stretch(voids.generators, voids.sums, -value - 1)


@kernel
def reduce_voids(voids: Voids):
    """Empty the sum into `live`, dead generators replaced; how many live ones there are."""
    generators = voids.generators
    found = 0
    generator, block = take_youngest(generators, top_block(generators))
    while generator >= 0:
        voids.count[STEPS] += 1
        if generators.dead[generator]:
            add_value(forwarded_relation(generator, voids), voids)
        else:
            generators.live[found] = generator
            found += 1
        generator, block = take_youngest(generators, block)
    return found


@kernel
def kill_void(generator: int, value: int, voids: Voids):
    """A void becomes a value over older ones; sums checked so far must be checked again."""
    mark_dead(generator, voids.generators)
    voids.relation[generator] = value
    voids.count[EPOCH] += 1


@kernel
def forwarded_relation(generator: int, voids: Voids):
    """The value of a dead generator, with its moves followed and remembered."""
    value = forwarded(np.int64(voids.relation[generator]), voids)
    voids.relation[generator] = value
    return value


@kernel
def forwarded(value: int, voids: Voids):
    """What a value has become by moves already made."""
    last = np.int64(value)
    while last < 0 and voids.moved[-last - 1] != NOT_MOVED:
        last = np.int64(voids.moved[-last - 1])
    return last


@kernel
def resolved(value: int, voids: Voids):
    """A value over live generators only; NO_VALUE if there was no room to write it."""
    value = forwarded(value, voids)
    if is_live(value, voids):
        return value
    add_value(value, voids)
    found = reduce_voids(voids)
    result = stored_live(0, found, voids)
    if result == NO_VALUE:
        return result
    if value > 0:
        voids.relation[value - 1] = result
    else:
        voids.moved[-value - 1] = result
    return result


@kernel
def is_live(value: int, voids: Voids):
    """Whether no generator of a value is dead; what holds is noted until the next death."""
    dead, sums = voids.generators.dead, voids.sums
    if value >= 0:
        return value == 0 or not dead[value - 1]
    place = -value - 1
    if voids.epoch[place] == voids.count[EPOCH]:
        return True
    start = sums.start[place]
    for generator in sums.members[start : start + sums.length[place]]:
        if dead[generator]:
            return False
    voids.epoch[place] = voids.count[EPOCH]
    return True
