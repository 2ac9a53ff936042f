"""Labels at the ends of lines: apart, in order, and on the figure."""

import numpy as np
import pytest

from lamella.plots.labels import spread


def test_labels_that_are_apart_stay_and_near_ones_share_their_middle():
    assert spread([10.0, 40.0, 90.0], 14, 0, 100) == [10.0, 40.0, 90.0]
    assert spread([52.0, 48.0], 10, 0, 100) == [55.0, 45.0]


@pytest.mark.parametrize("wanted", [[98.0, 99.0, 100.0], [100.0] * 3, [50.0, 100.0, 120.0]])
def test_labels_at_the_end_end_there(wanted):
    placed = spread(wanted, 10, 0, 100)
    assert max(placed) == 100
    assert min(np.diff(sorted(placed))) >= 10


@pytest.mark.parametrize("wanted", [[0.0, 1.0, 2.0], [0.0] * 3, [-20.0, 0.0, 50.0]])
def test_labels_at_the_beginning_begin_there(wanted):
    placed = spread(wanted, 10, 0, 100)
    assert min(placed) == 0
    assert min(np.diff(sorted(placed))) >= 10
