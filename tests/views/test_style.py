"""Palette and labels."""

import numpy as np
import pytest

from lamella.plots.cells import _colour_at, _luminance, ink_on
from lamella.plots.labels import padded, spread
from lamella.plots.style import DARK, DIVERGING, SEQUENTIAL, new_figure


def contrast(first, second):
    light, dark = sorted([_luminance(first), _luminance(second)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def rgb(colour):
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])


@pytest.mark.parametrize("stops", [SEQUENTIAL, DIVERGING])
@pytest.mark.parametrize("dark", [False, True])
def test_numbers_on_cells_are_readable_in_both_themes(stops, dark):
    shown = [DARK[stop] for stop in stops] if dark else stops
    for share in np.linspace(0, 1, 101):
        ink = ink_on(share, 0, 1, stops)
        ink = DARK[ink] if dark else ink
        assert contrast(_colour_at(share, shown), rgb(ink)) >= 3.9


@pytest.mark.parametrize("dark", [False, True])
def test_the_sequential_scale_is_monotone_in_lightness(dark):
    stops = [DARK[stop] for stop in SEQUENTIAL] if dark else SEQUENTIAL
    light = [_luminance(_colour_at(share, stops)) for share in np.linspace(0, 1, 50)]
    steps = np.diff(light)
    assert (steps > 0).all() if dark else (steps < 0).all()


def test_spread_keeps_the_order_and_the_gap():
    wanted = np.random.default_rng(0).uniform(0, 200, 10)
    placed = np.array(spread(wanted, 15, 0, 200))
    assert (np.diff(placed[np.argsort(wanted)]) >= 15 - 1e-9).all()
    assert placed.min() >= 0
    assert placed.max() <= 200


def test_padded_ignores_what_has_no_logarithm():
    assert padded(np.array([0.0, 1.0, 100.0, np.nan]), log=True) == pytest.approx([-0.08, 2.08])


def test_header_grows_with_its_lines():
    bare, full = new_figure(), new_figure("title", "word " * 60, key="a<br>b")
    assert full.layout.margin.t > bare.layout.margin.t + 80
