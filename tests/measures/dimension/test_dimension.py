"""TwoNN, maximum likelihood, participation ratio, PCA dimension."""

import math

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.geometry.principal import variances
from lamella.measures.dimension.maximum_likelihood_dimension import maximum_likelihood_dimension
from lamella.measures.dimension.participation_ratio import participation_ratio
from lamella.measures.dimension.pca_dimension import pca_dimension
from lamella.measures.dimension.twonn import twonn

ALL = [maximum_likelihood_dimension, participation_ratio, pca_dimension, twonn]


def dimension(table):
    return float(table.columns["dimension"][0])


@pytest.mark.parametrize(("width", "known"), [(1, 1.02595), (2, 1.99104), (5, 4.72346)])
def test_known_twonn(width, known):
    found = dimension(twonn(np.random.default_rng(0).random((2000, width))))
    assert found == pytest.approx(known, abs=5e-6)


def test_twonn_point_by_point():
    cloud = np.random.default_rng(1).random((50, 3))
    ratios = []
    for i in range(50):
        far = sorted(math.dist(cloud[i], cloud[j]) for j in range(50) if j != i)
        ratios.append(far[1] / far[0])
    ratios.sort()
    pairs = [(math.log(mu), -math.log(1 - (i + 1) / 50)) for i, mu in enumerate(ratios[:45])]
    slope = sum(x * y for x, y in pairs) / sum(x * x for x, _ in pairs)
    assert dimension(twonn(cloud)) == pytest.approx(slope)


def test_maximum_likelihood_point_by_point():
    cloud = np.random.default_rng(2).random((60, 2))
    inverses = []
    for i in range(60):
        far = sorted(math.dist(cloud[i], cloud[j]) for j in range(60) if j != i)[:7]
        inverses.append(sum(math.log(far[6] / t) for t in far[:6]) / 6)
    found = maximum_likelihood_dimension(cloud, neighbours=7).columns
    assert found["dimension"][0] == pytest.approx(1 / np.mean(inverses))
    assert found["mean_dimension"][0] == pytest.approx(np.mean([1 / m for m in inverses]))


@pytest.mark.parametrize("shape", [(40, 6), (6, 40)])
def test_spectral_dimensions_by_singular_values(shape):
    cloud = np.random.default_rng(3).random(shape) * np.linspace(1, 4, shape[1])
    sizes = np.linalg.svd(cloud - cloud.mean(axis=0), compute_uv=False) ** 2 / len(cloud)
    np.testing.assert_allclose(variances(cloud)[: len(sizes)], sizes, atol=1e-12)
    assert dimension(participation_ratio(cloud)) == pytest.approx(
        sizes.sum() ** 2 / (sizes**2).sum()
    )
    held = [sizes[:count].sum() for count in range(1, len(sizes) + 1)]
    count = next(k for k, part in enumerate(held, start=1) if part >= 0.95 * sizes.sum())
    assert dimension(pca_dimension(cloud)) == count


def test_pca_dimension_of_equal_axes_is_not_one_more_by_rounding():
    cross = np.vstack([np.eye(10), -np.eye(10)])
    assert dimension(pca_dimension(cross, share=0.5)) == 5
    assert dimension(pca_dimension(cross, share=1.0)) == 10
    assert dimension(participation_ratio(cross)) == pytest.approx(10)


@pytest.mark.parametrize("measure", ALL)
def test_a_plane_in_many_dimensions_has_two(measure):
    rng = np.random.default_rng(4)
    turn = np.linalg.qr(rng.standard_normal((30, 30)))[0][:2]
    found = dimension(measure(rng.random((800, 2)) @ turn))
    assert found == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("measure", ALL)
def test_zero_distances_give_numbers(measure):
    rng = np.random.default_rng(5)
    cloud = rng.random((200, 3))
    cloud[:80] = 0.0  # as behind a ReLU
    assert np.isfinite(dimension(measure(cloud)))
    assert dimension(measure(np.ones((20, 3)))) == 0


def test_duplicates_are_left_out():
    cloud = np.random.default_rng(6).random((300, 2))
    found = twonn(np.concatenate([cloud, cloud[:50]])).columns
    assert found["used"][0] == pytest.approx(250 / 350)
    twice = maximum_likelihood_dimension(np.concatenate([cloud, cloud]))
    assert dimension(twice) == pytest.approx(dimension(maximum_likelihood_dimension(cloud)))


def test_peers_agree():
    skdim = pytest.importorskip("skdim")
    cloud = np.random.default_rng(7).standard_normal((400, 4))
    peer = skdim.id.TwoNN(discard_fraction=0.1).fit(cloud).dimension_
    assert dimension(twonn(cloud)) == pytest.approx(peer, rel=0.02)


def test_messages():
    line = np.arange(20.0)[:, None]
    with pytest.raises(
        InputError, match=r"two nearest neighbours differ in distance.*as on a grid"
    ):
        twonn(line[1:-1] @ np.ones((1, 2)))
    with pytest.raises(InputError, match="neighbours at different distances"):
        maximum_likelihood_dimension(np.eye(6))
    with pytest.raises(InputError, match=r"a share in \[0, 1\]"):
        pca_dimension(line, share=95)
