"""Ranges, ticks and labels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamella.plots.labels import apart, spread
from lamella.plots.scales import limits, padded, tick_texts, ticks


def test_spread_keeps_the_order_and_the_gap():
    wanted = np.random.default_rng(0).uniform(0, 200, 10)
    placed = np.array(spread(wanted, 15, 0, 200))
    assert (np.diff(placed[np.argsort(wanted)]) >= 15 - 1e-9).all()
    assert placed.min() >= 0
    assert placed.max() <= 200


def test_padded_ignores_what_has_no_logarithm():
    values = [np.array([0.0, 1.0, 100.0, np.nan])]
    assert padded(values, log=True) == pytest.approx((10**-0.08, 10**2.08))
    assert padded([np.array([np.nan])]) == (0, 1)
    assert padded([np.array([5.0])], zero=True)[0] == 0


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_are_few_even_and_inside(low, wide):
    found = ticks(low, low + wide)
    assert 1 <= len(found) <= 8
    assert min(found) >= low - 1e-6 * wide - abs(low) * 1e-9
    assert max(found) <= low + wide * (1 + 1e-6) + abs(low) * 1e-9
    if len(found) > 2:
        np.testing.assert_allclose(
            np.diff(found), found[1] - found[0], rtol=1e-3, atol=abs(low) * 1e-10
        )


@given(st.floats(1e-6, 1e3), st.floats(1.01, 1e6))
def test_ticks_of_a_logarithmic_axis_are_inside_and_rise(low, times):
    found = ticks(low, low * times, log=True)
    assert found == sorted(set(found))
    assert len(found) <= 12
    assert all(low * 0.99 <= tick <= low * times * 1.01 for tick in found)


def test_ticks_are_told_apart():
    for values in ([0, 0.25, 0.5], [1, 10, 100], [10000, 20000, 30000], [1e-7, 2e-7], [-1, 0, 1]):
        assert len(set(tick_texts(values))) == len(values)
    assert tick_texts([0.6, 0.8, 1.0]) == ["0.6", "0.8", "1.0"]
    assert tick_texts([-1.0, 0.0]) == ["−1", "0"]


def test_labels_that_would_touch_are_left_out():
    places = [0, 8, 16, 100]
    kept = apart(places, [10] * 4)
    assert kept == [0, 2, 3]


def test_limits_of_one_number_and_of_none():
    assert limits(np.array([np.nan])) == (0, 1)
    low, high = limits(np.array([2.0]))
    assert low < 2 < high
