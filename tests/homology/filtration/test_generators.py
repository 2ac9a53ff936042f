"""Generators and the sum of some under work, against Python sets."""

import numpy as np

from lamella.homology.filtration.generators import (
    add_generator,
    births_of_live,
    mark_dead,
    no_generators,
    take_youngest,
    toggle,
    toggle_stretch,
    top_block,
    with_room_for_generators,
)
from lamella.homology.filtration.storage import empty_pool


def born(count, capacity):
    generators = no_generators(capacity)
    for pair in range(count):
        assert add_generator(generators, 100 + pair)
    return generators


def taken(generators):
    found, (generator, block) = [], take_youngest(generators, top_block(generators))
    while generator >= 0:
        found.append(generator)
        generator, block = take_youngest(generators, block)
    return found


def test_a_sum_is_a_set_that_comes_out_youngest_first():
    generators, twin = born(9000, 9000), set()
    for generator in np.random.default_rng(0).integers(0, 9000, 3000):
        toggle(generators, generator)
        twin ^= {int(generator)}
    assert taken(generators) == sorted(twin, reverse=True)
    assert taken(generators) == []


def test_a_stretch_of_the_pool_is_added_member_by_member():
    generators, pool = born(10, 10), empty_pool(3, 8)
    pool.members[:5], pool.start[1], pool.length[1] = [9, 9, 2, 4, 7], 2, 3
    toggle(generators, 4)
    toggle_stretch(generators, pool, 1)
    assert taken(generators) == [7, 2]


def test_there_is_room_until_there_is_none():
    generators = born(4, 4)
    assert not add_generator(generators, 7)
    mark_dead(1, generators)
    generators = with_room_for_generators(generators)
    assert add_generator(generators, 7)
    assert births_of_live(generators).tolist() == [100, 102, 103, 7]
