import numpy as np
import pytest

from lamella.errors import InputError
from lamella.homology import homology
from lamella.measures.topology.betti_curves import betti_curves
from lamella.measures.topology.betti_numbers import betti_numbers
from lamella.results import Diagrams

# Two components until 3, a third until 1; one loop from 1 to 2.5.
KNOWN = Diagrams(
    birth=[0, 0, 0, 1], death=[1, 3, np.inf, 2.5], dimension=[0, 0, 0, 1], mean_distance=2.0
)


def numbers(table):
    return {name: column[0] for name, column in table.columns.items()}


@pytest.mark.parametrize(
    ("scale", "expected"),
    [(0, (3, 0)), (0.99, (3, 0)), (1, (2, 1)), (2.4, (2, 1)), (2.5, (2, 0)), (3, (1, 0))],
)
def test_a_bar_is_alive_from_its_birth_until_before_its_death(scale, expected):
    assert tuple(numbers(betti_numbers(KNOWN, scale=scale)).values()) == expected


def test_scale_in_units_of_the_mean_distance():
    found = betti_numbers(KNOWN, scale=0.5, unit="mean_distance")
    assert numbers(found) == numbers(betti_numbers(KNOWN, scale=1.0))


def test_without_a_scale_bars_above_the_noise_count():
    assert numbers(betti_numbers(KNOWN, noise=1.4)) == {"betti0": 2, "betti1": 1, "noise": 1.4}
    assert numbers(betti_numbers(KNOWN, noise=1.5))["betti1"] == 0
    assert numbers(betti_numbers(KNOWN))["noise"] == pytest.approx(1.8 * 2.9)


def test_the_threshold_of_the_diagrams_is_the_noise():
    known = Diagrams(KNOWN.birth, KNOWN.death, KNOWN.dimension, threshold=1.2)
    assert numbers(betti_numbers(known)) == {"betti0": 2, "betti1": 1, "noise": 1.2}


def test_two_circles_are_seen_above_the_noise():
    angles = 2 * np.pi * np.random.default_rng(0).random(150)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    both = np.concatenate([circle, circle + np.array([4.0, 0.0])])
    found = numbers(betti_numbers(homology(both)))
    assert (found["betti0"], found["betti1"]) == (2, 2)


def test_curves_count_the_bars_alive_at_every_scale():
    rng = np.random.default_rng(1)
    birth = np.round(rng.random(40), 1)
    diagrams = Diagrams(birth, birth + np.round(rng.random(40), 1) + 0.1, rng.integers(0, 3, 40))
    curve = betti_curves(diagrams, steps=57, unit="raw")
    for dimension, series in enumerate(curve.y):
        slow = [sum(b <= x < d for b, d in diagrams.bars(dimension)) for x in curve.x]
        assert series.tolist() == slow
    assert curve.series == ("H0", "H1", "H2")


def test_curve_and_numbers_agree():
    curve = betti_curves(KNOWN, steps=31, unit="raw")
    for column, x in enumerate(curve.x):
        found = numbers(betti_numbers(KNOWN, scale=x))
        assert curve.y[:, column].tolist() == [found["betti0"], found["betti1"]]


def test_messages():
    with pytest.raises(InputError, match="wants diagrams, got ndarray"):
        betti_numbers(np.zeros((3, 2)))
    with pytest.raises(InputError, match="birth <= death, got 1 of 1"):
        betti_curves(Diagrams([np.nan], [1.0], [0]))
    with pytest.raises(InputError, match="unit to be one of raw, mean_distance, diameter"):
        betti_numbers(KNOWN, scale=1, unit="meter")
