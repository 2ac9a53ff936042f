"""Relations between loops over Z/2: each has killed the youngest loop in it, by the elder rule.

A dead loop is a sum of older ones, its relation, kept as the stretch of its number in a pool.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import Counts
from lamella.homology.filtration.generators import (
    BORN,
    Generators,
    mark_dead,
    no_generators,
    take_youngest,
    toggle_stretch,
    top_block,
    with_room_for_generators,
)
from lamella.homology.filtration.storage import Pool, empty_pool, grown, larger_pool
from lamella.homology.kernels import kernel

READ, READ_BEFORE = 0, 1  # places in Loops.count: members of relations read, and until rewriting


class Loops(NamedTuple):
    """Generators of H1, and the relation of each dead one."""

    generators: Generators
    relations: Pool
    count: Counts


@kernel(allocates=True)
def no_loops(capacity: int):
    """An empty store for `capacity` generators."""
    pool = empty_pool(capacity, 4 * capacity)
    return Loops(no_generators(capacity), pool, np.zeros(2, np.int64))


@kernel(allocates=True)
def with_room_for_loops(loops: Loops):
    """The store with more room wherever less than half is left; the sum under work is zero."""
    generators = with_room_for_generators(loops.generators)
    size = len(generators.birth)
    return Loops(generators, larger_pool(loops.relations, size, size), loops.count)


@kernel
def reduce_loops(generators: Generators, relations: Pool, count: Counts):
    """Empty the sum into `live`, dead generators replaced; how many live ones there are."""
    found = read = 0
    generator, block = take_youngest(generators, top_block(generators))
    while generator >= 0:
        if generators.dead[generator]:
            read += relations.length[generator] + 1
            toggle_stretch(generators, relations, generator)
        else:
            generators.live[found] = generator
            found += 1
        generator, block = take_youngest(generators, block)
    count[READ] += read
    return found


@kernel
def kill_youngest(loops: Loops, found: int):
    """The reduced sum is zero from now on: its youngest generator is the sum of the others.

    False, and nothing done, if there is no room for it.
    """
    live, relations = loops.generators.live, loops.relations
    youngest, used = np.int64(live[0]), relations.used[0]
    if used + found > len(relations.members):
        return False
    for place in range(1, found):
        relations.members[used + place - 1] = live[place]
    relations.start[youngest] = used
    relations.length[youngest] = found - 1
    relations.used[0] += found - 1
    mark_dead(youngest, loops.generators)
    return True


@kernel
def worth_rewriting(loops: Loops):
    """Whether reading relations of dead generators has cost more than rewriting them would."""
    size = loops.relations.used[0] + loops.generators.count[BORN]
    return loops.count[READ] - loops.count[READ_BEFORE] > 40 * size + 10000


@kernel(allocates=True)
def rewritten(loops: Loops):
    """All relations over live generators only; they point to older ones, so one pass is enough."""
    generators, old = loops.generators, loops.relations
    members = np.empty(len(old.members), np.int32)
    used = 0
    for generator in range(generators.count[BORN]):
        if not generators.dead[generator]:
            continue
        toggle_stretch(generators, old, generator)
        new = Pool(members, old.start, old.length, old.used)
        found = reduce_loops(generators, new, loops.count)
        if used + found > len(members):
            members = grown(members, 2 * len(members) + found)
        members[used : used + found] = generators.live[:found]
        old.start[generator] = used
        old.length[generator] = found
        used += found
    old.used[0] = used
    loops.count[READ_BEFORE] = loops.count[READ]
    return Loops(generators, Pool(members, old.start, old.length, old.used), loops.count)
