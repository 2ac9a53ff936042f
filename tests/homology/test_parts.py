"""The engine's parts against slow plain twins; confidence, warm-up, and the memory it takes."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components
from support.clouds import matrix_of_kind

from lamella.errors import InputError
from lamella.homology import confidence, homology, warm_up
from lamella.homology.blas import _held, blas_threads
from lamella.homology.cocycles import PENDING, no_cocycle, set_value, with_room_for_triangles
from lamella.homology.edges import edges_between, length_bits, vertices_of
from lamella.homology.graph import connect, empty_graph
from lamella.homology.joins import minimum_spanning_tree
from lamella.homology.lune_cycles import CYCLES, forest_for, with_room_for_cycles
from lamella.homology.lunes import lune_components, scratch_for
from lamella.homology.paths import TOO_DEEP, no_paths, slot, with_longer_table
from lamella.homology.sweep import no_findings, with_room_for_more
from lamella.homology.tidying import tidy
from lamella.homology.values import BORN, SUMS, USED, no_voids, sum_of


def test_edges_come_in_a_strict_order():
    matrix = matrix_of_kind("ties", 30, 0)
    edges = edges_between(matrix, -1, length_bits(matrix.max()))
    i, j = np.triu_indices(30, 1)
    order = np.lexsort([j, i, matrix[i, j]])
    assert [vertices_of(e) for e in edges] == list(zip(i[order], j[order], strict=True))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_lune_components_against_scipy(share):
    rng = np.random.default_rng(0)
    n = 140  # large lunes use rows of bits, small ones a list
    joined = np.triu(rng.random((n, n)) < share, 1)
    joined |= joined.T
    graph = empty_graph(n)
    for i, j in np.argwhere(np.triu(joined)):
        connect(graph, i, j)
    scratch = scratch_for(graph, 10**9)
    for i, j in rng.integers(0, n, (60, 2)):
        lune = np.flatnonzero(joined[i] & joined[j])
        if i == j or joined[i, j] or len(lune) == 0:
            continue
        wanted, label = connected_components(joined[np.ix_(lune, lune)], directed=False)
        assert lune_components(graph, i, j, scratch) == wanted
        roots = scratch.roots[:wanted]
        assert sorted(label[np.searchsorted(lune, roots)]) == list(range(wanted))


def sizes(record):
    return [len(field) for field in record]


def test_only_what_is_full_grows():
    # All stores are asked at once when one is full; doubling all took 8 GB for 500 points.
    paths, cocycle = no_paths(64), no_cocycle(np.zeros((6, 6), np.uint16))
    forest, found = forest_for(6, 1, 24), no_findings(6)
    assert sizes(with_longer_table(paths)) == sizes(paths)
    assert sizes(with_room_for_triangles(cocycle)) == sizes(cocycle)
    assert sizes(with_room_for_cycles(forest)) == sizes(forest)
    assert sizes(with_room_for_more(found)) == sizes(found)


def test_what_is_full_grows_and_keeps_what_it_holds():
    paths, cocycle = no_paths(64), no_cocycle(np.zeros((6, 6), np.uint16))
    forest, found = forest_for(6, 1, 24), no_findings(6)
    for store in (paths, cocycle):
        store.stack[:] = np.arange(len(store.stack))
        store.count[TOO_DEEP] = 1
    forest.count[CYCLES], forest.spent[0] = 20, 9
    found.births[:], found.count[:] = np.arange(6), 6
    longer = [with_longer_table(paths).stack, with_room_for_triangles(cocycle).stack]
    for old, new in zip((paths, cocycle), longer, strict=True):
        np.testing.assert_array_equal(new[: len(old.stack)], old.stack)
        assert len(new) == 2 * len(old.stack)
        assert old.count[TOO_DEEP] == 0
    larger = with_room_for_cycles(forest)
    assert (len(larger.cycles), larger.spent[0]) == (48, 9)
    assert with_room_for_more(found).births[:6].tolist() == [0, 1, 2, 3, 4, 5]


def test_closing_up_keeps_what_a_triangle_stands_for():
    cocycle, voids = no_cocycle(np.zeros((6, 6), np.uint16)), no_voids(200)
    voids.count[BORN] = 9
    sums = [merged_sum(voids, *pair) for pair in ((1, 2), (3, 4), (5, 6), (7, 8))]
    voids.moved[-sums[1] - 1] = sums[2]  # rewritten; the last is named by nothing
    voids.dead[3], voids.relation[3] = True, sums[0]
    for triangle, value in ((11, sums[1]), (12, sums[2]), (13, 4), (14, 0), (15, PENDING - 3)):
        set_value(triangle, value, cocycle)
    room = voids._replace(pool=voids.pool[:9])  # more than half full
    tidy(cocycle, room)
    values = [int(cocycle.values[slot(cocycle.keys, t)]) for t in (11, 12, 13, 14, 15)]
    assert values == [-2, -2, 4, 0, PENDING - 3]
    assert voids.relation[3] == -1
    assert voids.count[[SUMS, USED]].tolist() == [2, 4]
    assert [generators(room, v) for v in (-1, -2)] == [[0, 1], [4, 5]]


def merged_sum(voids, a, b):
    return int(sum_of(np.int64(a), np.int64(b), voids))


def generators(voids, value):
    start = voids.start[-value - 1]
    return voids.pool[start : start + voids.length[-value - 1]].tolist()


def test_h0_is_the_minimum_spanning_tree():
    from scipy.sparse.csgraph import minimum_spanning_tree as scipy_tree

    matrix = matrix_of_kind("normal", 50, 1)
    tree = minimum_spanning_tree(matrix)
    ours = matrix[tree >> 16, tree & 0xFFFF]
    np.testing.assert_allclose(np.sort(ours), np.sort(scipy_tree(matrix).data))
    for dimension in (0, 1, 2):
        bars = homology(matrix, dimension, metric="precomputed").bars(0)
        np.testing.assert_array_equal(np.sort(bars[:-1, 1]), np.sort(ours))


def test_confidence_of_a_circle_keeps_the_circle_and_drops_the_noise():
    rng = np.random.default_rng(0)
    angle = rng.random(400) * 2 * np.pi
    circle = np.column_stack([np.cos(angle), np.sin(angle)]) + 0.02 * rng.normal(size=(400, 2))
    bars = homology(circle).bars(1)
    length = bars[:, 1] - bars[:, 0]
    assert (length > confidence(circle, repeats=60)).sum() == 1
    ball = rng.normal(size=(400, 2))
    bars = homology(ball).bars(1)
    assert (bars[:, 1] - bars[:, 0] > confidence(ball, repeats=60)).sum() == 0


def test_confidence_grows_with_the_level_and_repeats_with_the_seed():
    points = np.random.default_rng(1).normal(size=(60, 2))
    levels = [confidence(points, level, repeats=40) for level in (0.5, 0.9, 0.99)]
    assert levels == sorted(levels)
    assert confidence(points, 0.9, repeats=40) == levels[1]
    assert confidence(points, method="subsampling", repeats=40) > levels[1]
    with pytest.raises(InputError, match="level"):
        confidence(points, 95)


def test_blas_is_held_to_one_thread_and_let_go():
    from threadpoolctl import threadpool_info

    with blas_threads(1), blas_threads(4):
        blas = [p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas"]
        assert set(blas) <= {1}
    assert _held == []


def test_reasons_for_an_empty_diagram():
    assert homology(np.eye(3)).why_empty == "3 distinct points cannot hold a loop; 4 are needed"
    ties = np.full((4, 4), 2.0) - 2 * np.eye(4)
    for i, j in ((0, 2), (2, 3), (1, 3)):  # a path; 01 closes it, and 03 fills it, at length 2
        ties[i, j] = ties[j, i] = 1
    filled = homology(ties, metric="precomputed")
    assert filled.why_empty.startswith("every loop dies at the length of its birth")
    line = homology(np.arange(9.0)[:, None])
    assert line.why_empty == "no edge gives birth to a loop"
    assert homology(np.eye(3), 0).why_empty == ""


def test_warm_up_says_how_long_it_took():
    assert 0 < warm_up(1) < 600


def test_importing_the_room_is_light():
    code = "import sys, lamella.homology; print('numba' in sys.modules, 'torch' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
