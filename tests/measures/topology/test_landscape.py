import numpy as np
import pytest

from lamella.errors import InputError
from lamella.measures.topology.landscape import landscape
from lamella.results import Diagrams

RNG = np.random.default_rng(0)
BIRTH = RNG.random(8)
KNOWN = Diagrams(BIRTH, BIRTH + RNG.random(8), np.ones(8), mean_distance=2.0)


def test_levels_tent_by_tent():
    curve = landscape(KNOWN, levels=3, steps=40, unit="raw")
    for column, t in enumerate(curve.x):
        tents = sorted((max(0.0, min(t - b, d - t)) for b, d in KNOWN.bars(1)), reverse=True)
        np.testing.assert_allclose(curve.y[:, column], tents[:3], atol=1e-12)


def test_gudhi_agrees_up_to_its_factor():
    representations = pytest.importorskip("gudhi.representations")
    curve = landscape(KNOWN, levels=2, steps=50, unit="raw")
    peer = representations.Landscape(
        num_landscapes=2, resolution=50, sample_range=[curve.x[0], curve.x[-1]]
    )
    found = peer(KNOWN.bars(1)).reshape(2, 50) / np.sqrt(2)
    np.testing.assert_allclose(curve.y, found, atol=0.02)  # it rounds bars to its grid


def test_missing_levels_and_empty_diagrams_are_zero():
    curve = landscape(Diagrams([0], [1], [1]), levels=3, steps=5)
    assert curve.y[1:].tolist() == [[0.0] * 5] * 2
    assert landscape(KNOWN, dimension=2).y.max() == 0


def test_scale_of_the_axis_follows_the_unit():
    raw, mean = (landscape(KNOWN, steps=30, unit=unit) for unit in ("raw", "mean_distance"))
    np.testing.assert_allclose(mean.x * 2, raw.x)
    np.testing.assert_allclose(mean.y * 2, raw.y)


def test_message():
    with pytest.raises(
        InputError, match=r"landscape.. wants a number of levels in \[1, inf\], got 0"
    ):
        landscape(KNOWN, levels=0)
