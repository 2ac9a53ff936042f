"""Edges in their strict order."""

import numpy as np
from support.clouds import matrix_of_kind

from lamella.homology.filtration.edges import edges_between, length_bits, vertices_of


def test_edges_come_in_a_strict_order():
    matrix = matrix_of_kind("ties", 30, 0)
    edges = edges_between(matrix, -1, length_bits(matrix.max()))
    i, j = np.triu_indices(30, 1)
    order = np.lexsort([j, i, matrix[i, j]])
    assert [vertices_of(e) for e in edges] == list(zip(i[order], j[order], strict=True))
