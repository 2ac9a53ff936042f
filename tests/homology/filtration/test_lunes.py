"""The components of lunes, against scipy."""

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components

from lamella.homology.filtration.graph import connect, empty_graph
from lamella.homology.filtration.lunes import lune_components, scratch_for


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
