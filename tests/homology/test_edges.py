"""The edges of birth and death of every bar: of the right length, and those that gudhi names."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.clouds import matrix_of_kind

from lamella.errors import InputError
from lamella.homology import homology

KINDS = st.sampled_from(["ties", "normal", "random", "sphere", "disconnected", "grid"])


@settings(max_examples=40, deadline=None)
@given(KINDS, st.integers(4, 20), st.integers(0, 9), st.integers(0, 2))
def test_births_and_deaths_are_the_lengths_of_their_edges(kind, size, seed, dimension):
    matrix = matrix_of_kind(kind, size, seed)
    found = homology(matrix, dimension, metric="precomputed", edges=True)
    born, ends = found.edges[:, :2], found.edges[:, 2:]
    np.testing.assert_array_equal(matrix[tuple(born.T)], found.birth)
    endless = np.isinf(found.death)
    np.testing.assert_array_equal(matrix[tuple(ends[~endless].T)], found.death[~endless])
    assert (found.edges[endless, 2:] == -1).all()
    assert (born[found.dimension == 0, 0] == born[found.dimension == 0, 1]).all()
    assert homology(matrix, dimension, metric="precomputed").edges is None


def rows(array):
    """Pairs of edges whichever way round, in order."""
    halves = [np.sort(array[:, k : k + 2], axis=1) for k in (0, 2)]
    return sorted(map(tuple, np.hstack(halves).tolist()))


@pytest.mark.parametrize("seed", range(3))
def test_edges_are_those_of_gudhi(seed):
    gudhi = pytest.importorskip("gudhi")
    points = np.random.default_rng(seed).normal(size=(40, 3))
    found = homology(points, 2, edges=True)
    tree = gudhi.RipsComplex(points=points).create_simplex_tree(max_dimension=3)
    tree.compute_persistence(homology_coeff_field=2)
    regular = tree.flag_persistence_generators()
    merges = found.edges[(found.dimension == 0) & np.isfinite(found.death)]
    ends = sorted(map(tuple, np.sort(merges[:, 2:], axis=1).tolist()))
    assert ends == sorted(map(tuple, np.sort(regular[0][:, 1:], axis=1).tolist()))
    for dimension in (1, 2):
        assert rows(found.edges[found.dimension == dimension]) == rows(regular[1][dimension - 1])


def test_edges_are_in_indices_of_all_points():
    points = np.random.default_rng(0).normal(size=(50, 2))
    points = np.concatenate([points[:3], points])  # duplicates are left out inside
    for options in ({"landmarks": 20}, {"sample": 25}, {}):
        found = homology(points, edges=True, **options)
        for at, column in ((0, found.birth), (2, found.death)):
            ends = found.edges[:, at : at + 2]
            there = ends[:, 0] >= 0
            apart = np.linalg.norm(points[ends[there, 0]] - points[ends[there, 1]], axis=1)
            np.testing.assert_allclose(apart, column[there], rtol=1e-6)


def test_a_point_born_later_dies_as_itself():
    matrix = np.array([[0.5, 2.0], [2.0, 1.0]])
    found = homology(matrix, metric="precomputed", edges=True)
    assert found.edges.tolist() == [[1, 1, 0, 1], [0, 0, -1, -1]]
    assert found.bars(0).tolist() == [[1.0, 2.0], [0.5, np.inf]]


def test_what_gudhi_computes_for_us_has_no_edges():
    with pytest.raises(InputError, match="wants edges of bars over Z/2 up to H2, got field=3"):
        homology(np.eye(4), edges=True, field=3)
