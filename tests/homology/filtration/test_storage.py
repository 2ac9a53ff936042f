"""The hash table, the stack and the pool: they hold what was put in, and grow when full."""

import numpy as np

from lamella.homology.filtration.storage import (
    FREE,
    empty_pool,
    empty_stack,
    empty_table,
    larger_if_full,
    larger_pool,
    longer_if_overflown,
    put,
    slot,
)


def look_up(table, key):
    place = slot(table.keys, key)
    return None if table.keys[place] == FREE else int(table.values[place])


def test_a_table_is_a_dict_until_it_is_full_and_then_a_larger_one():
    rng = np.random.default_rng(0)
    table, twin = empty_table(16), {}
    for key, value in rng.integers(0, 60, (400, 2)):
        if not put(table, key, value):
            assert key not in twin
            assert len(twin) == len(table.keys) // 2
            table = larger_if_full(table)
            assert put(table, key, value)
        twin[int(key)] = int(value)
    assert {key: look_up(table, key) for key in twin} == twin
    assert look_up(table, 61) is None
    assert len(table.keys) == 256


def test_a_full_table_still_takes_a_new_value_for_a_known_key():
    table = empty_table(4)
    assert [put(table, key, 1) for key in (7, 8, 9)] == [True, True, False]
    assert put(table, 8, 5)
    assert look_up(table, 8) == 5


def test_only_what_is_full_grows():
    # All stores are asked at once when one is full; doubling all took 8 GB for 500 points.
    assert len(larger_if_full(empty_table(64)).keys) == 64
    assert len(longer_if_overflown(empty_stack(8)).items) == 8
    pool = larger_pool(empty_pool(6, 40), 6, 0)
    assert (len(pool.start), len(pool.length), len(pool.members)) == (6, 6, 40)


def test_a_stack_that_ran_out_and_a_pool_half_full_grow_and_keep_what_they_hold():
    stack, pool = empty_stack(8), empty_pool(6, 40)
    stack.items[:], stack.overflown[0] = np.arange(8), True
    longer = longer_if_overflown(stack)
    assert longer.items[:8].tolist() == list(range(8))
    assert (len(longer.items), bool(longer.overflown[0])) == (16, False)
    pool.members[:], pool.start[:], pool.used[0] = np.arange(40), 3, 21
    larger = larger_pool(pool, 9, 2)
    assert (len(larger.members), len(larger.start), int(larger.used[0])) == (82, 9, 21)
    assert larger.members[:40].tolist() == list(range(40))
    assert larger.start.tolist() == [3] * 6 + [0] * 3
