"""Compaction keeps what is in use, and only that."""

import numpy as np

from lamella.homology.filtration.generators import BORN
from lamella.homology.filtration.storage import put, slot
from lamella.homology.voids.cocycles import PENDING, no_cocycle
from lamella.homology.voids.compaction import compact
from lamella.homology.voids.values import SUMS, no_voids, sum_of


def test_compaction_keeps_what_a_triangle_stands_for():
    cocycle, voids = no_cocycle(np.zeros((6, 6), np.int32)), no_voids(200)
    voids.generators.count[BORN] = 9
    sums = [summed(voids, *pair) for pair in ((1, 2), (3, 4), (5, 6), (7, 8))]
    voids.moved[-sums[1] - 1] = sums[2]  # rewritten; the last is named by nothing
    voids.generators.dead[3], voids.relation[3] = True, sums[0]
    for triangle, value in ((11, sums[1]), (12, sums[2]), (13, 4), (14, 0), (15, PENDING - 3)):
        put(cocycle.values, triangle, value)
    # more than half full
    room = voids._replace(sums=voids.sums._replace(members=voids.sums.members[:9]))
    compact(cocycle, room)
    table = cocycle.values
    values = [int(table.values[slot(table.keys, t)]) for t in (11, 12, 13, 14, 15)]
    assert values == [-2, -2, 4, 0, PENDING - 3]
    assert voids.relation[3] == -1
    assert (int(voids.count[SUMS]), int(voids.sums.used[0])) == (2, 4)
    assert [generators(room, v) for v in (-1, -2)] == [[0, 1], [4, 5]]


def summed(voids, a, b):
    return int(sum_of(np.int64(a), np.int64(b), voids))


def generators(voids, value):
    start = voids.sums.start[-value - 1]
    return voids.sums.members[start : start + voids.sums.length[-value - 1]].tolist()
