"""Generators of homology over Z/2, loops or voids, by age; and the sum of some under work.

The sum is a row of bits, with a second row that says which of its words may be set. A dead
generator is a sum of older ones, so reducing a sum to live generators is one walk from its
youngest bit down.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import Bits, Counts, Flags, Numbers, Pairs
from lamella.homology.bits import ZERO, bit, highest
from lamella.homology.filtration.storage import Pool, grown
from lamella.homology.kernels import kernel

BORN, ALIVE = 0, 1  # places in Generators.count


class Generators(NamedTuple):
    """The classes born so far, in the order of their birth."""

    birth: Pairs  # the edge that gave birth to each
    dead: Flags
    bits: Bits  # the sum under work
    summary: Bits  # which words of `bits` may be set
    live: Numbers  # the sum reduced to live generators, youngest first
    count: Counts


@kernel(allocates=True)
def no_generators(capacity: int):
    """None yet, with room for `capacity`."""
    return Generators(
        np.empty(capacity, np.int64),
        np.zeros(capacity, np.bool_),
        np.zeros((capacity >> 6) + 1, np.uint64),
        np.zeros((capacity >> 12) + 1, np.uint64),
        np.empty(capacity, np.int32),
        np.zeros(2, np.int64),
    )


@kernel(allocates=True)
def with_room_for_generators(generators: Generators):
    """The same with twice the room if less than half is left; the sum under work is zero."""
    room = len(generators.birth)
    size = room * (2 if 2 * generators.count[BORN] > room else 1)
    return Generators(
        grown(generators.birth, size),
        grown(generators.dead, size),
        np.zeros((size >> 6) + 1, np.uint64),
        np.zeros((size >> 12) + 1, np.uint64),
        grown(generators.live, size),
        generators.count,
    )


@kernel
def is_room_for_birth(generators: Generators):
    """Whether one more can be born."""
    return generators.count[BORN] < len(generators.birth)


@kernel
def add_generator(generators: Generators, pair: int):
    """A class is born with an edge; False if there is no room for it."""
    if not is_room_for_birth(generators):
        return False
    generators.birth[generators.count[BORN]] = pair
    generators.count[BORN] += 1
    generators.count[ALIVE] += 1
    return True


@kernel
def mark_dead(generator: int, generators: Generators):
    """A class has become a sum of older ones."""
    generators.dead[generator] = True
    generators.count[ALIVE] -= 1


@kernel(allocates=True)
def births_of_live(generators: Generators):
    """The edges that gave birth to the classes that live on."""
    born = generators.count[BORN]
    return generators.birth[:born][~generators.dead[:born]]


@kernel
def toggle(generators: Generators, generator: int):
    """Add one generator to the sum under work."""
    word = generator >> 6
    generators.bits[word] ^= bit(generator)
    generators.summary[word >> 6] |= bit(word)


@kernel
def toggle_stretch(generators: Generators, pool: Pool, stretch: int):
    """Add the generators of a stretch of the pool to the sum under work."""
    start = pool.start[stretch]
    for place in range(start, start + pool.length[stretch]):
        toggle(generators, np.int64(pool.members[place]))


@kernel
def top_block(generators: Generators):
    """Where the search for the youngest generator of a sum begins."""
    return (generators.count[BORN] >> 12) + 1


@kernel
def take_youngest(generators: Generators, block: int):
    """Take the youngest generator out of the sum under work; it, or -1, and where to go on."""
    bits, summary = generators.bits, generators.summary
    while block > 0:
        if summary[block - 1] == ZERO:
            block -= 1
            continue
        word = (block - 1) * 64 + highest(summary[block - 1])
        if bits[word] == ZERO:
            summary[block - 1] &= ~bit(word)
            continue
        generator = word * 64 + highest(bits[word])
        bits[word] ^= bit(generator)
        return generator, block
    return -1, block
