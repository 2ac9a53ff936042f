"""The same multiset of bars as gudhi and ripser.py, on inputs made to be hard."""

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.clouds import KINDS, gudhi_bars, matrix_of_kind, ripser_bars, same_bars

from lamella.homology import homology

SETTINGS = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
seeds = st.integers(0, 2**32 - 1)
kinds = st.sampled_from(KINDS)


def assert_same(matrix, max_dimension, bars_of):
    ours = homology(matrix, max_dimension, metric="precomputed")
    theirs = bars_of(matrix, max_dimension)
    for dimension in range(max_dimension + 1):
        assert same_bars(ours.bars(dimension), theirs[dimension])


@settings(max_examples=1200, **SETTINGS)
@given(kinds, st.integers(2, 16), seeds)
def test_h0_h1_as_gudhi(kind, size, seed):
    assert_same(matrix_of_kind(kind, size, seed), 1, gudhi_bars)


@settings(max_examples=1000, **SETTINGS)
@given(kinds, st.integers(2, 11), seeds)
def test_h2_as_gudhi(kind, size, seed):
    assert_same(matrix_of_kind(kind, size, seed), 2, gudhi_bars)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("max_dimension", [1, 2])
def test_larger_ones_as_ripser(kind, max_dimension):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("ripser")
        for seed in range(2):
            matrix = matrix_of_kind(kind, 60 if max_dimension == 1 else 26, seed)
            assert_same(matrix, max_dimension, ripser_bars)


def test_large_enough_for_every_path_of_the_engine():
    # more than 400 points (lengths are sampled), several chunks, the endgame, relations rewritten
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(size=(300, 6)), 4 + rng.normal(size=(150, 6))])
    from lamella.homology import pairwise_distances

    matrix = pairwise_distances(points)
    ours = homology(points)
    import gudhi.sklearn

    rips = gudhi.sklearn.RipsPersistence(
        [0, 1], input_type="full distance matrix", homology_coeff_field=2
    )
    theirs = rips.fit_transform([matrix.astype(float)])[0]
    assert same_bars(ours.bars(0), theirs[0])
    assert same_bars(ours.bars(1), theirs[1])


def test_voids_of_a_sphere_in_many_dimensions_whose_sums_are_closed_up_many_times():
    points = np.random.default_rng(0).normal(size=(80, 100))
    from lamella.homology import pairwise_distances

    assert_same(pairwise_distances(points / np.linalg.norm(points, axis=1)[:, None]), 2, gudhi_bars)


STORED = sorted((Path(__file__).parent / "fuzzed").glob("*.npy"))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_cases_that_the_fuzzer_stored(path):
    assert_same(np.load(path), int(path.stem[1]), gudhi_bars)
