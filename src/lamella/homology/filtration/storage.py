"""What grows with the work: a hash table, a stack, and a pool of stretches.

Nothing grows inside the kernels that fill them: they stop where there is no room, the caller
makes some, and they go on. Room is asked for all at once, so only what is full gets more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lamella.homology.arrays import Counts, Flags, Numbers, Vertices
from lamella.homology.kernels import kernel

FREE = -1  # where no key is; keys are not negative


class HashTable(NamedTuple):
    """Integers by key, with open addressing; the capacity is a power of two."""

    keys: Vertices
    values: Numbers
    filled: Counts  # one number


class Stack(NamedTuple):
    """Integers still to be worked on, and whether there was no room for more."""

    items: Vertices
    overflown: Flags  # one flag


class Pool(NamedTuple):
    """Lists of generators, each a stretch of one long array."""

    members: Numbers
    start: Vertices  # of each stretch
    length: Numbers
    used: Counts  # one number: how many members


@kernel(allocates=True)
def empty_table(capacity: int):
    """A hash table without a key."""
    keys = np.full(capacity, FREE, np.int64)
    return HashTable(keys, np.empty(capacity, np.int32), np.zeros(1, np.int64))


@kernel
def slot(keys: Vertices, key: int):
    """Where a key is, or where it would be put."""
    mask = len(keys) - 1
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    place = np.int64(mixed >> np.uint64(24)) & mask
    while keys[place] != key and keys[place] != FREE:
        place = (place + 1) & mask
    return place


@kernel
def put(table: HashTable, key: int, value: int):
    """Set the value of a key; False if the table is full."""
    place = slot(table.keys, key)
    if table.keys[place] == FREE:
        if is_full(table):
            return False
        table.keys[place] = key
        table.filled[0] += 1
    table.values[place] = value
    return True


@kernel
def is_full(table: HashTable):
    """Whether half of the slots are taken: with more, searches become long."""
    return 2 * table.filled[0] >= len(table.keys)


@kernel(allocates=True)
def larger_if_full(table: HashTable):
    """The table, with four times the room if it is full."""
    if not is_full(table):
        return table
    larger = empty_table(4 * len(table.keys))
    for old in range(len(table.keys)):
        if table.keys[old] != FREE:
            new = slot(larger.keys, table.keys[old])
            larger.keys[new] = table.keys[old]
            larger.values[new] = table.values[old]
    larger.filled[0] = table.filled[0]
    return larger


@kernel(allocates=True)
def empty_stack(capacity: int):
    """A stack with room for `capacity` integers."""
    return Stack(np.empty(capacity, np.int64), np.zeros(1, np.bool_))


@kernel(allocates=True)
def longer_if_overflown(stack: Stack):
    """The stack with what it holds, and twice the room if it ran out."""
    if not stack.overflown[0]:
        return stack
    stack.overflown[0] = False
    return Stack(grown(stack.items, 2 * len(stack.items)), stack.overflown)


@kernel(allocates=True)
def empty_pool(stretches: int, members: int):
    """A pool with room for so many stretches and members."""
    return Pool(
        np.empty(members, np.int32),
        np.zeros(stretches, np.int64),
        np.zeros(stretches, np.int32),
        np.zeros(1, np.int64),
    )


@kernel(allocates=True)
def larger_pool(pool: Pool, stretches: int, extra: int):
    """The pool with room for so many stretches, `extra` members, and twice those if half full."""
    members = len(pool.members)
    members = members * (2 if 2 * pool.used[0] > members else 1) + extra
    return Pool(
        grown(pool.members, members),
        grown(pool.start, stretches),
        grown(pool.length, stretches),
        pool.used,
    )


@kernel(allocates=True)
def grown(array: np.ndarray, size: int):
    """The same array with room for `size` entries, new ones zero."""
    larger = np.zeros(size, array.dtype)
    larger[: len(array)] = array
    return larger
