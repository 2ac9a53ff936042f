"""Why a diagram is empty."""

import numpy as np

from lamella.homology import homology


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
