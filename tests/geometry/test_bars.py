"""Diagrams brought to one unit: never compared in two."""

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.geometry.bars import in_one_unit, in_unit
from lamella.results import Diagrams

BARE = Diagrams([0], [4], [1])  # as from another package: bars alone
KNOWN = Diagrams([0], [4], [1], mean_distance=2.0, diameter=8.0)


def deaths(diagrams):
    return [float(each.death[0]) for each in diagrams]


def test_all_that_know_their_unit_are_brought_to_it():
    half = Diagrams([0], [4], [1], mean_distance=1.0, diameter=16.0)
    assert deaths(in_one_unit([KNOWN, half], "mean_distance", "f()")) == [2.0, 4.0]
    assert deaths(in_one_unit([KNOWN, half], "diameter", "f()")) == [0.5, 0.25]
    assert deaths(in_one_unit([KNOWN, half, BARE], "raw", "f()")) == [4.0, 4.0, 4.0]
    assert deaths([in_unit(KNOWN, "diameter", "f()")]) == [0.5]


def test_bars_alone_are_compared_as_they_are_but_never_with_others():
    assert deaths(in_one_unit([BARE, BARE], "mean_distance", "f()")) == [4.0, 4.0]
    with pytest.raises(InputError, match=r"f\(\) wants all diagrams or none with the mean_dist"):
        in_one_unit([KNOWN, BARE], "mean_distance", "f()")
    with pytest.raises(InputError, match="1 of 3 that know it"):
        in_one_unit([BARE, KNOWN, BARE], "diameter", "f()")
    with pytest.raises(InputError, match="mean_distance of their cloud, got nan"):
        in_unit(BARE, "mean_distance", "f()")


def test_normalised_diagrams_are_not_edge_lengths():
    with pytest.raises(InputError, match="one unit, got 'mean distance' and 'edge length'"):
        in_one_unit([KNOWN.normalised(), KNOWN], "raw", "f()")
    again = in_one_unit([KNOWN.normalised(), KNOWN], "mean_distance", "f()")
    assert deaths(again) == [2.0, 2.0]


def test_identical_points_have_no_scale_and_stay_as_they_are():
    flat = Diagrams([0], [np.inf], [0], points=3, mean_distance=0.0, diameter=0.0)
    (found,) = in_one_unit([flat], "mean_distance", "f()")
    assert (found.birth[0], found.death[0], found.unit) == (0.0, np.inf, "mean distance")
