"""Diagrams known from theory: polygons, circles, hypercubes, a torus, a projective plane."""

from math import ceil, pi, sin

import numpy as np
import pytest

from lamella.homology import homology


def polygon(n):
    angle = 2 * pi * np.arange(n) / n
    return np.column_stack([np.cos(angle), np.sin(angle)])


@pytest.mark.parametrize("n", [4, 5, 6, 7, 10, 12, 50, 101])
def test_regular_polygons(n):
    # Adamaszek, Adams 2017, The Vietoris-Rips complexes of a circle
    bars = homology(polygon(n)).bars(1)
    expected = [[2 * sin(pi / n), 2 * sin(pi * ceil(n / 3) / n)]]
    np.testing.assert_allclose(bars, expected, rtol=1e-6)


def test_even_spheres_at_the_critical_steps():
    assert homology(polygon(6), 2).bars(2) == pytest.approx(np.array([[3**0.5, 2.0]]), rel=1e-6)
    nine = homology(polygon(9), 2).bars(2)
    np.testing.assert_allclose(nine, [[3**0.5, 1.969616]] * 2, rtol=1e-6)


def test_a_step_of_the_circle_with_the_homotopy_type_of_the_three_sphere():
    # between l/(2l+1) = 1/3 and 2/5 of the circle: no H1, no H2
    diagrams = homology(polygon(20), 2, max_scale=2 * sin(pi * 7 / 20) + 1e-6)
    assert not np.isinf(diagrams.bars(1)).any()
    assert len(diagrams.bars(2)) == 0


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_hypercubes_with_hamming_distance(n):
    vertices = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    bars = homology(vertices, metric="manhattan").bars(1)
    assert bars.tolist() == [[1.0, 2.0]] * (n * 2 ** (n - 1) - 2**n + 1)


def test_flat_torus():
    grid = np.stack(np.meshgrid(range(8), range(8)), -1).reshape(-1, 2)
    gap = np.abs(grid[:, None] - grid[None])
    matrix = np.minimum(gap, 8 - gap).max(-1)
    diagrams = homology(matrix, 2, metric="precomputed")
    assert diagrams.bars(1).tolist() == [[1.0, 3.0]] * 2
    assert diagrams.bars(2).tolist() == [[1.0, 3.0]]


# The barycentric vertices of the six-vertex projective plane would be 31; this is a flag complex
# on fewer: a cone-free triangulation in which every triangle is a triangle of the graph.
def projective_plane():
    """Antipodal quotient of a flag sphere, as hop lengths 1 (edge) and 2 (no edge)."""
    from itertools import permutations, product

    points = {tuple(p) for base in [(1, 0, 0), (1, 1, 0), (1, 1, 1)] for p in permutations(base)}
    signed = {tuple(np.multiply(p, s)) for p in points for s in product((1, -1), repeat=3)}
    classes = sorted({max(p, tuple(-np.array(p))) for p in signed})
    matrix = np.full((len(classes), len(classes)), 2.0)
    np.fill_diagonal(matrix, 0)
    for a, p in enumerate(classes):
        for b, q in enumerate(classes):
            close = any(face_of(p, tuple(s * np.array(q))) for s in (1, -1))
            if a != b and close:
                matrix[a, b] = 1
    return matrix


def face_of(p, q):
    """Whether one cell of the cube's boundary (by its signed support) is a face of the other."""
    p, q = np.array(p), np.array(q)
    return bool(np.all((p == q) | (p == 0)) or np.all((p == q) | (q == 0)))


def test_projective_plane_over_two_fields():
    matrix = projective_plane()
    assert len(matrix) == 13
    ours = homology(matrix, 2, metric="precomputed")
    assert ours.bars(1).tolist() == [[1.0, 2.0]]
    assert ours.bars(2).tolist() == [[1.0, 2.0]]
    over_three = homology(matrix, 2, metric="precomputed", field=3)
    assert len(over_three.bars(1)) == 0
    assert len(over_three.bars(2)) == 0


def test_births_on_the_diagonal():
    bars = homology([[1, 3], [3, 2]], metric="precomputed").bars(0)
    assert sorted(bars.tolist()) == [[1.0, np.inf], [2.0, 3.0]]


def test_cross_polytope_has_a_void_and_nothing_else():
    # the octahedron: its six vertices at distance sqrt 2, opposite ones at 2
    points = np.concatenate([np.eye(3), -np.eye(3)])
    diagrams = homology(points, 2)
    assert len(diagrams.bars(1)) == 0
    np.testing.assert_allclose(diagrams.bars(2), [[2**0.5, 2.0]], rtol=1e-6)


def test_above_h2_goes_to_gudhi():
    points = np.concatenate([np.eye(4), -np.eye(4)])
    np.testing.assert_allclose(homology(points, 3).bars(3), [[2**0.5, 2.0]], rtol=1e-6)
