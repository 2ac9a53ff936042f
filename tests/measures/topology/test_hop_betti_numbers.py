"""Betti numbers in hops: known shapes, a plain twin, what leaves them alone, and messages."""

from itertools import combinations

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.measures.topology.hop_betti_numbers import hop_betti, hop_betti_numbers, hop_distances
from lamella.registry import datasets
from lamella.studies.topology.data import quarter


def ring(count, radius=1.0, at=(0.0, 0.0)):
    angles = 2 * np.pi * np.arange(count) / count
    return np.column_stack([np.cos(angles), np.sin(angles)]) * radius + at


def plain_hops(points, neighbours, hops):
    """Breadth-first search on lists of neighbours."""
    count = len(points)
    far = [[float(((p - q) ** 2).sum()) for q in points] for p in points]
    near = [set() for _ in range(count)]
    for i in range(count):
        reach = sorted(far[i])[min(neighbours, count) - 1]
        for j in range(count):
            if far[i][j] <= reach:
                near[i].add(j)
                near[j].add(i)
    found = np.full((count, count), hops + 1)
    for start in range(count):
        front, seen = {start}, {start}
        for hop in range(hops + 1):
            for j in front:
                found[start, j] = min(found[start, j], hop)
            front = {k for j in front for k in near[j]} - seen
            seen |= front
    return found


def plain_betti(matrix, hops):
    """Ranks of the boundary matrices over Z/2 of the flag complex of pairs within `hops`."""
    count = len(matrix)
    edges = [(i, j) for i, j in combinations(range(count), 2) if matrix[i, j] <= hops]
    known = set(edges)
    triangles = [t for t in combinations(range(count), 3) if set(combinations(t, 2)) <= known]
    of_edge, of_triangle = (
        np.zeros((count, len(edges)), int),
        np.zeros((len(edges), len(triangles)), int),
    )
    for column, edge in enumerate(edges):
        of_edge[list(edge), column] = 1
    for column, triangle in enumerate(triangles):
        of_triangle[[edges.index(e) for e in combinations(triangle, 2)], column] = 1
    one, two = rank(of_edge), rank(of_triangle)
    return [count - one, len(edges) - one - two]


def rank(matrix):
    matrix, found = matrix.copy() % 2, 0
    for column in range(matrix.shape[1]):
        below = np.flatnonzero(matrix[found:, column])
        if not len(below):
            continue
        matrix[[found, found + below[0]]] = matrix[[found + below[0], found]]
        others = np.flatnonzero(matrix[:, column])
        for row in others[others != found]:
            matrix[row] ^= matrix[found]
        found += 1
        if found == len(matrix):
            break
    return found


def test_nine_discs_and_their_surroundings():
    data = datasets["discs"](train_size=9900)
    chosen = quarter(data)
    points, labels = data.train.inputs[chosen], data.train.labels[chosen]
    table = hop_betti_numbers(points, labels, neighbours=35).columns
    assert table["class"].tolist() == ["0", "1", "all"]
    assert table["betti0"].tolist() == [9, 1, 10]
    assert table["betti1"].tolist() == [0, 9, 9]
    assert table["total"].tolist() == [9, 10, 19]


def test_two_rings_have_two_components_and_two_holes():
    points = np.vstack([ring(16), ring(16, at=(9.0, 0.0))])
    assert hop_betti(points, neighbours=3, hops=2) == [2, 2]


@pytest.mark.parametrize("seed", range(12))
def test_agrees_with_breadth_first_search_and_ranks(seed):
    generator = np.random.default_rng(seed)
    count, neighbours = int(generator.integers(4, 22)), int(generator.integers(2, 6))
    shapes = [
        ring(count) + 0.1 * generator.standard_normal((count, 2)),
        generator.integers(0, 4, (count, 2)).astype(float),
    ]
    points = np.unique(shapes[seed % 2], axis=0)
    wanted = plain_hops(points, neighbours, 2)
    np.testing.assert_array_equal(hop_distances(points, neighbours, 2), wanted)
    assert hop_betti(points, neighbours, 2) == plain_betti(wanted, 2)


def test_rotation_scale_and_order_leave_them_alone():
    generator = np.random.default_rng(3)
    points = np.vstack([ring(20, 3.0), ring(20, 1.0, (0.2, 0.1))])
    points += 0.05 * generator.standard_normal(points.shape)
    labels = np.repeat([0, 1], 20)
    before = hop_betti_numbers(points, labels, neighbours=4).columns
    angle, order = 0.7, generator.permutation(40)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    after = hop_betti_numbers(1000 * points[order] @ turn, labels[order], neighbours=4).columns
    assert before["betti1"].tolist() == after["betti1"].tolist() == [1, 1, 2]
    assert before["betti0"].tolist() == after["betti0"].tolist()


def test_points_that_coincide_count_once():
    points = ring(12)
    doubled = np.vstack([points, points, points])
    assert hop_betti(doubled, 3, 2) == hop_betti(points, 3, 2) == [1, 1]
    assert hop_betti(np.zeros((5, 3)), 3, 2) == [1, 0]


def test_fewer_points_than_neighbours_are_one_piece():
    assert hop_betti(np.array([[0.0], [1.0], [50.0]]), 35, 2) == [1, 0]


@pytest.mark.parametrize(
    ("points", "labels", "options", "message"),
    [
        ([[0.0], [np.nan]], [0, 0], {}, "wants finite points, got NaN in 1 of 2 rows"),
        ([[0.0], [1.0]], [0], {}, "wants 2 labels"),
        ([[0.0], [1.0]], [0, 0], {"neighbours": 1}, "wants neighbours in"),
        ([[0.0], [1.0]], [0, 0], {"hops": 0}, "wants hops in"),
    ],
)
def test_bad_input_says_what_to_do(points, labels, options, message):
    with pytest.raises(InputError, match=message):
        hop_betti_numbers(points, labels, **options)
