"""Spanning tree, components of classes, linkage of class pairs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import cophenet, linkage
from scipy.spatial.distance import squareform

from lamella.geometry.spanning_tree import components, spanning_tree
from lamella.homology import homology
from lamella.measures.topology.betti_numbers import betti_numbers
from lamella.measures.topology.class_components import class_components
from lamella.measures.topology.class_linkage import class_linkage, merge_scales


@given(st.integers(0, 10**6), st.booleans())
@settings(max_examples=20, deadline=None)
def test_tree_lengths_are_the_deaths_of_h0(seed, grid):
    rng = np.random.default_rng(seed)
    cloud = rng.integers(0, 4, (20, 2)).astype(float) if grid else rng.random((20, 3))
    edges, lengths = spanning_tree(cloud)
    deaths = np.sort(linkage(cloud, "single")[:, 2])
    np.testing.assert_allclose(lengths, deaths, rtol=1e-9)
    np.testing.assert_allclose(
        np.linalg.norm(cloud[edges[:, 0]] - cloud[edges[:, 1]], axis=1), lengths
    )
    assert len(set(components(20, edges).tolist())) == 1


def two_blobs(gap):
    rng = np.random.default_rng(3)
    return np.concatenate([rng.random((60, 2)), rng.random((60, 2)) + np.array([gap, 0.0])])


def test_a_split_class_has_two_components():
    cloud = np.concatenate([two_blobs(20.0), np.random.default_rng(4).random((30, 2)) - 50])
    table = class_components(cloud, np.repeat(["split", "whole"], [120, 30])).columns
    assert table["class"].tolist() == ["split", "whole", "all"]
    assert table["components"].tolist() == [2.0, 1.0, 1.5]
    assert table["strays"][-1] == 0


def test_components_and_strays_equal_betti0_of_the_class():
    cloud = np.concatenate([two_blobs(20.0), [[100.0, 100.0]]])
    table = class_components(cloud, np.zeros(121)).columns
    assert (table["components"][0], table["strays"][0]) == (2, 1)
    assert betti_numbers(homology(cloud)).columns["betti0"][0] == 3


def test_a_class_of_one_point_is_one_component():
    table = class_components([[0.0], [1.0], [2.0]], [0, 0, 1]).columns
    assert table["components"].tolist() == [1.0, 1.0, 1.0]


def slow_scales(points, labels):
    """Medians (the lower one) of the single-linkage heights of all pairs."""
    heights = squareform(cophenet(linkage(points, "single")))
    count = labels.max() + 1
    scales = np.zeros((count, count))
    for a in range(count):
        for b in range(count):
            pairs = [
                heights[i, j]
                for i in np.flatnonzero(labels == a)
                for j in np.flatnonzero(labels == b)
                if i != j
            ]
            scales[a, b] = np.sort(pairs)[(len(pairs) - 1) // 2]
    return scales


@given(st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_merge_scales_are_medians_of_the_single_linkage_heights(seed):
    rng = np.random.default_rng(seed)
    cloud, labels = rng.random((21, 2)), np.arange(21) % 3
    np.testing.assert_allclose(merge_scales(cloud, labels), slow_scales(cloud, labels))


def test_linked_pairs_merge_first():
    rng = np.random.default_rng(5)
    one = rng.random((40, 2))
    cloud = np.concatenate([one, one + np.array([0.05, 0.0]), one + np.array([30.0, 0.0])])
    values = class_linkage(cloud, np.repeat([4, 7, 9], 40))
    assert values.rows == values.columns == ("4", "7", "9")
    assert values.values[0, 1] <= 1.05
    assert values.values[0, 2] > 20
    np.testing.assert_array_equal(values.values, values.values.T)


def test_classes_that_are_points_are_infinitely_apart_and_identical_ones_linked():
    apart = class_linkage(np.repeat([[0.0], [1.0]], 3, axis=0), np.repeat([0, 1], 3)).values
    assert apart.tolist() == [[1.0, np.inf], [np.inf, 1.0]]
    assert class_linkage(np.ones((4, 2)), [0, 0, 1, 1]).values.tolist() == [[1, 1], [1, 1]]


def test_linkage_does_not_feel_scale():
    rng = np.random.default_rng(6)
    cloud, labels = rng.random((30, 3)), np.arange(30) % 3
    np.testing.assert_allclose(
        class_linkage(cloud, labels).values, class_linkage(7 * cloud, labels).values
    )
    assert class_linkage(cloud, labels).values[0, 0] == pytest.approx(1.0)
