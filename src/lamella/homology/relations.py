"""Loops over Z/2: the generators born so far, and the relations that have killed some of them.

A sum of generators is a row of bits, with a second row that says which of its words may be set.
A dead generator is a sum of older ones (its relation), so reducing a sum to live generators is
one walk from its youngest bit down. By the elder rule a new relation kills its youngest
generator.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.kernels import ZERO, bit, highest, kernel

BORN, ALIVE, USED, WORK, REWRITTEN = 0, 1, 2, 3, 4  # places in Loops.count


class Loops(NamedTuple):
    """Generators of H1 by age, and the relation of each dead one as a stretch of the pool."""

    birth: np.ndarray  # the pair of the edge that gave birth
    dead: np.ndarray
    start: np.ndarray
    length: np.ndarray
    pool: np.ndarray
    bits: np.ndarray  # the sum under work
    summary: np.ndarray  # which words of `bits` may be set
    live: np.ndarray  # the reduced sum, youngest first
    count: np.ndarray


@kernel(allocates=True)
def no_loops(capacity):
    """An empty store for `capacity` generators."""
    return Loops(
        np.empty(capacity, np.int64),
        np.zeros(capacity, np.bool_),
        np.zeros(capacity, np.int64),
        np.zeros(capacity, np.int64),
        np.empty(4 * capacity, np.int32),
        np.zeros((capacity >> 6) + 1, np.uint64),
        np.zeros((capacity >> 12) + 1, np.uint64),
        np.empty(capacity, np.int32),
        np.zeros(5, np.int64),
    )


@kernel(allocates=True)
def grown(array, size):
    """The same array with room for `size` entries, new ones zero."""
    larger = np.zeros(size, array.dtype)
    larger[: len(array)] = array
    return larger


@kernel
def add_generator(loops, pair):
    """A loop is born with an edge; False if there is no room for it."""
    count = loops.count
    if count[BORN] == len(loops.birth):
        return False
    loops.birth[count[BORN]] = pair
    count[BORN] += 1
    count[ALIVE] += 1
    return True


@kernel(allocates=True)
def with_more_room(loops):
    """The store with more room wherever less than half is left; the sum under work is zero."""
    size = len(loops.birth) * (2 if 2 * loops.count[BORN] > len(loops.birth) else 1)
    pool = len(loops.pool) * (2 if 2 * loops.count[USED] > len(loops.pool) else 1) + size
    return Loops(
        grown(loops.birth, size),
        grown(loops.dead, size),
        grown(loops.start, size),
        grown(loops.length, size),
        grown(loops.pool, pool),
        np.zeros((size >> 6) + 1, np.uint64),
        np.zeros((size >> 12) + 1, np.uint64),
        grown(loops.live, size),
        loops.count,
    )


@kernel
def toggle(bits, summary, generator):
    """Add one generator to the sum under work."""
    word = generator >> 6
    bits[word] ^= bit(generator)
    summary[word >> 6] |= bit(word)


@kernel
def toggle_stretch(bits, summary, pool, start, stop):
    """Add the generators of a stretch of the pool to the sum under work."""
    for place in range(start, stop):
        toggle(bits, summary, np.int64(pool[place]))


@kernel
def reduce(loops, pool):
    """Empty the sum into `loops.live`, dead generators replaced; how many live ones there are."""
    bits, summary, dead, live = loops.bits, loops.summary, loops.dead, loops.live
    start, length = loops.start, loops.length
    found = work = 0
    block = (loops.count[BORN] >> 12) + 1
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
        if dead[generator]:
            work += length[generator] + 1
            stop = start[generator] + length[generator]
            toggle_stretch(bits, summary, pool, start[generator], stop)
        else:
            live[found] = generator
            found += 1
    loops.count[WORK] += work
    return found


@kernel
def kill_youngest(loops, found):
    """The reduced sum is zero from now on: its youngest generator is the sum of the others.

    False, and nothing done, if there is no room for it.
    """
    count, live = loops.count, loops.live
    youngest, used = np.int64(live[0]), count[USED]
    if used + found > len(loops.pool):
        return False
    for place in range(1, found):
        loops.pool[used + place - 1] = live[place]
    loops.dead[youngest] = True
    loops.start[youngest] = used
    loops.length[youngest] = found - 1
    count[USED] += found - 1
    count[ALIVE] -= 1
    return True


@kernel
def worth_rewriting(loops):
    """Whether reading relations of dead generators has cost more than rewriting them would."""
    count = loops.count
    return count[WORK] - count[REWRITTEN] > 40 * (count[USED] + count[BORN]) + 10000


@kernel(allocates=True)
def rewritten(loops):
    """All relations over live generators only; they point to older ones, so one pass is enough."""
    pool = np.empty(len(loops.pool), np.int32)
    used = 0
    for generator in range(loops.count[BORN]):
        if not loops.dead[generator]:
            continue
        start = loops.start[generator]
        stop = start + loops.length[generator]
        toggle_stretch(loops.bits, loops.summary, loops.pool, start, stop)
        found = reduce(loops, pool)
        if used + found > len(pool):
            pool = grown(pool, 2 * len(pool) + found)
        pool[used : used + found] = loops.live[:found]
        loops.start[generator] = used
        loops.length[generator] = found
        used += found
    loops.count[USED] = used
    loops.count[REWRITTEN] = loops.count[WORK]
    return Loops(
        loops.birth,
        loops.dead,
        loops.start,
        loops.length,
        pool,
        loops.bits,
        loops.summary,
        loops.live,
        loops.count,
    )
