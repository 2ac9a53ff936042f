"""Linear and RBF CKA, and Procrustes distance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import procrustes as scipy_procrustes
from sklearn.datasets import load_iris

from lamella.errors import InputError
from lamella.geometry.gram import feature_hsic, kernel_hsic
from lamella.measures.similarity.linear_cka import linear_cka
from lamella.measures.similarity.procrustes import procrustes
from lamella.measures.similarity.rbf_cka import rbf_cka

IRIS = load_iris().data
ALL = [linear_cka, procrustes, rbf_cka]


def value(table, column):
    return float(table.columns[column][0])


def clouds(seed, count=25):
    rng = np.random.default_rng(seed)
    return rng.random((count, 4)), rng.random((count, 6))


def slow_hsic(one, two):
    """tr(K H L H) with the matrices written out."""
    middle = np.eye(len(one)) - 1 / len(one)
    return np.trace(one @ middle @ two @ middle)


def slow_unbiased(one, two):
    """Equation 5 of Song et al. 2012, with the diagonals set to zero."""
    n = len(one)
    k, j = one - np.diag(np.diag(one)), two - np.diag(np.diag(two))
    ones = np.ones(n)
    return (
        np.trace(k @ j)
        + (ones @ k @ ones) * (ones @ j @ ones) / ((n - 1) * (n - 2))
        - 2 / (n - 2) * (ones @ k @ j @ ones)
    )


def slow_kernel(points):
    n = len(points)
    far = np.array([[np.linalg.norm(a - b) for b in points] for a in points])
    median = np.median([far[i, j] for i in range(n) for j in range(i)])
    return np.exp(-(far**2) / (2 * (0.5 * median) ** 2))


def ratio(slow, one, two):
    return slow(one, two) / np.sqrt(slow(one, one) * slow(two, two))


def test_known_value_of_iris():
    found = value(linear_cka(IRIS[:, :2], IRIS[:, 2:]), "cka")
    assert found == pytest.approx(0.7702935540, abs=5e-11)


@pytest.mark.parametrize(("seed", "count"), [(0, 25), (1, 25), (2, 5)])
def test_both_estimates_by_written_out_matrices(seed, count):
    one, two = clouds(seed, count)
    for measure, kernels in (
        (linear_cka, (one @ one.T, two @ two.T)),
        (rbf_cka, (slow_kernel(one), slow_kernel(two))),
    ):
        found = measure(one, two)
        assert value(found, "cka") == pytest.approx(ratio(slow_hsic, *kernels))
        assert value(found, "unbiased") == pytest.approx(ratio(slow_unbiased, *kernels))


def test_features_and_kernels_give_the_same_estimates():
    one, two = (cloud - cloud.mean(axis=0) for cloud in clouds(3))
    of_kernels = kernel_hsic(one @ one.T, two @ two.T)
    np.testing.assert_allclose(feature_hsic(one, two), of_kernels, rtol=1e-10)


def test_unbiased_means_zero_for_independent_samples():
    rng = np.random.default_rng(0)
    pairs = [(rng.standard_normal((12, 40)), rng.standard_normal((12, 40))) for _ in range(200)]
    plain = np.mean([value(linear_cka(a, b), "cka") for a, b in pairs])
    fair = np.mean([value(linear_cka(a, b), "unbiased") for a, b in pairs])
    assert plain > 0.7
    assert abs(fair) < 0.03
    spread = [feature_hsic(a, b).unbiased for a, b in pairs]
    assert abs(np.mean(spread)) < 3 * np.std(spread) / np.sqrt(200)


@given(st.integers(0, 10**6), st.floats(0.01, 100), st.floats(-100, 100))
@settings(max_examples=15, deadline=None)
def test_rotation_scale_shift_and_order_do_not_matter(seed, scale, shift):
    one, two = clouds(seed)
    turn = np.linalg.qr(np.random.default_rng(seed).standard_normal((4, 4)))[0]
    order = np.random.default_rng(seed).permutation(len(one))
    for measure in ALL:
        here = measure(one, two).columns
        for there in (measure(scale * one @ turn + shift, two), measure(one[order], two[order])):
            for name, column in here.items():
                np.testing.assert_allclose(there.columns[name], column, atol=1e-8)


@given(st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_symmetric_and_equal_to_themselves(seed):
    one, two = clouds(seed)
    for measure in ALL:
        first = next(iter(measure(one, two).columns))
        assert value(measure(one, two), first) == pytest.approx(value(measure(two, one), first))
        same = value(measure(one, one), first)
        assert same == pytest.approx(0.0 if measure is procrustes else 1.0, abs=1e-9)


@pytest.mark.parametrize("widths", [(4, 6), (40, 6), (40, 60)])
def test_procrustes_equals_the_best_rotation(widths):
    rng = np.random.default_rng(1)
    one, two = (rng.random((12, w)) for w in widths)
    wide = max(widths)
    padded = [np.pad(c, ((0, 0), (0, wide - c.shape[1]))) for c in (one, two)]
    _, _, disparity = scipy_procrustes(*padded)  # 1 - (sum of singular values)^2
    assert value(procrustes(one, two), "distance") == pytest.approx(2 - 2 * np.sqrt(1 - disparity))


@pytest.mark.parametrize("measure", [linear_cka, rbf_cka])
def test_a_constant_representation_has_zero_not_nan(measure):
    one, _ = clouds(2)
    for constant in (np.zeros((25, 3)), np.full((25, 3), 0.1), np.full((25, 3), 1e8)):
        for pair in ((one, constant), (constant, one), (constant, constant)):
            assert value(measure(*pair), "cka") == 0
            assert value(measure(*pair), "unbiased") == 0


def test_procrustes_of_constants():
    one, _ = clouds(3)
    assert value(procrustes(one, np.ones((25, 2))), "distance") == 1
    assert value(procrustes(np.ones((25, 3)), np.ones((25, 2))), "distance") == 0


def test_mostly_duplicates_still_have_a_kernel():
    cloud = np.zeros((20, 2))
    cloud[:5] = np.random.default_rng(4).random((5, 2))
    assert value(rbf_cka(cloud, cloud), "cka") == pytest.approx(1.0)


@pytest.mark.parametrize("measure", ALL)
def test_messages(measure):
    one, two = clouds(5)
    with pytest.raises(InputError, match="the same samples on both sides, got 25 and 24 points"):
        measure(one, two[1:])
    two[3, 1] = np.nan
    with pytest.raises(InputError, match=r"NaN in 1 of 25 rows .first: row 3."):
        measure(one, two)
