"""Which bars stand above the noise."""

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.homology import confidence, homology


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
