"""Distances of diagrams, layer by layer, by hand."""

import numpy as np

from lamella.narrative.slices import distance_table
from lamella.results import Diagrams

ONE = Diagrams([0, 1], [2, 3], [0, 1], mean_distance=1.0)
FARTHER = Diagrams([0, 1], [2, 3.5], [0, 1], mean_distance=1.0)


def test_each_pair_and_layer_has_a_row():
    table = distance_table(
        {"same": ({"a": ONE}, {"a": ONE}), "apart": ({"a": ONE, "b": ONE}, {"a": FARTHER})}
    )
    assert table.columns["compared"].tolist() == ["same", "apart"]
    assert table.columns["layer"].tolist() == ["a", "a"]
    np.testing.assert_allclose(table.columns["bottleneck H1"], [0, 0.5])
    np.testing.assert_allclose(table.columns["wasserstein H1"], [0, 0.5])
    np.testing.assert_allclose(table.columns["bottleneck H0"], [0, 0])
