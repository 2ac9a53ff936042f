"""Total persistence, longest bar and persistent entropy."""

import math

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.homology import homology
from lamella.measures.topology.longest_bar import longest_bar
from lamella.measures.topology.persistent_entropy import persistent_entropy
from lamella.measures.topology.total_persistence import total_persistence
from lamella.results import Diagrams

KNOWN = Diagrams([0, 0, 2, 0], [1, 3, 4, np.inf], [1, 1, 1, 0], mean_distance=2.0)
ALL = [longest_bar, persistent_entropy, total_persistence]


def value(table, column):
    return float(table.columns[column][0])


def test_known_entropy():
    assert value(persistent_entropy(KNOWN), "h1") == pytest.approx(1.0114042647, abs=1e-10)


def test_entropy_by_a_plain_loop():
    long = np.random.default_rng(0).random(30)
    slow = -sum(x / long.sum() * math.log(x / long.sum()) for x in long)
    found = persistent_entropy(Diagrams(np.ones(30), 1 + long, np.zeros(30)))
    assert value(found, "h0") == pytest.approx(slow)
    assert value(found, "h0_share") == pytest.approx(slow / math.log(30))


def test_equal_bars_have_the_greatest_entropy():
    found = persistent_entropy(Diagrams(np.zeros(8), np.ones(8), np.zeros(8)))
    assert value(found, "h0") == pytest.approx(math.log(8))
    assert value(found, "h0_share") == pytest.approx(1.0)


def test_total_persistence_sums_and_longest_bar_picks():
    assert value(total_persistence(KNOWN), "h1") == 6.0
    assert value(total_persistence(KNOWN), "h1_relative") == 3.0
    assert value(total_persistence(KNOWN, power=2), "h1") == pytest.approx(math.sqrt(14))
    assert value(longest_bar(KNOWN), "h1") == 3.0
    assert value(longest_bar(KNOWN), "h1_relative") == 1.5


@pytest.mark.parametrize("measure", ALL)
def test_endless_bars_and_empty_dimensions_count_nothing(measure):
    assert value(measure(KNOWN), "h0") == 0.0
    assert value(measure(Diagrams([], [], [])), "h1") == 0.0


@pytest.mark.parametrize("measure", ALL)
def test_relative_columns_do_not_feel_the_scale(measure):
    cloud = np.random.default_rng(2).random((40, 3))
    one, ten = measure(homology(cloud)).columns, measure(homology(10 * cloud)).columns
    for name in (n for n in one if n.endswith(("relative", "share"))):
        np.testing.assert_allclose(ten[name], one[name], rtol=1e-5)


@pytest.mark.parametrize("measure", ALL)
def test_identical_points_give_zeros_without_nan(measure):
    columns = measure(homology(np.ones((5, 2)))).columns
    assert all(column[0] == 0 for column in columns.values())


def test_total_persistence_of_h0_is_the_spanning_tree():
    from scipy.sparse.csgraph import minimum_spanning_tree
    from scipy.spatial.distance import pdist, squareform

    cloud = np.random.default_rng(3).random((50, 4))
    tree = minimum_spanning_tree(squareform(pdist(cloud))).sum()
    assert value(total_persistence(homology(cloud)), "h0") == pytest.approx(tree, rel=1e-5)


@pytest.mark.parametrize("measure", ALL)
def test_messages(measure):
    with pytest.raises(InputError, match=f"{measure.__name__}.. wants diagrams, got list"):
        measure([[0, 1]])
    with pytest.raises(InputError, match="power in"):
        total_persistence(KNOWN, power=0)
