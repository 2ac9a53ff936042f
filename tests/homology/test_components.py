"""H0 is the minimum spanning tree."""

import numpy as np
from support.clouds import matrix_of_kind

from lamella.homology import homology
from lamella.homology.components import minimum_spanning_tree


def test_h0_is_the_minimum_spanning_tree():
    from scipy.sparse.csgraph import minimum_spanning_tree as scipy_tree

    matrix = matrix_of_kind("normal", 50, 1)
    tree = minimum_spanning_tree(matrix)
    ours = matrix[tree >> 16, tree & 0xFFFF]
    np.testing.assert_allclose(np.sort(ours), np.sort(scipy_tree(matrix).data))
    for dimension in (0, 1, 2):
        bars = homology(matrix, dimension, metric="precomputed").bars(0)
        np.testing.assert_array_equal(np.sort(bars[:-1, 1]), np.sort(ours))
