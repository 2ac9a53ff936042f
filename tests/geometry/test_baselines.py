import numpy as np
import pytest

from lamella.errors import InputError
from lamella.geometry.baselines import (
    baselines,
    gaussian_cloud,
    measure_baselines,
    shuffled_labels,
)
from lamella.measures.dimension.twonn import twonn
from lamella.measures.separability.neighbour_error import neighbour_error


@pytest.mark.parametrize("shape", [(200, 3), (20, 50), (30, 30)])
def test_gaussian_has_the_same_mean_and_covariance(shape):
    points = np.random.default_rng(0).random(shape) ** 3
    points[:, -1] = points[:, 0]  # not of full rank
    made = gaussian_cloud(points)
    np.testing.assert_allclose(made.mean(axis=0), points.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(np.cov(made.T), np.cov(points.T), atol=1e-12)
    assert not np.allclose(made, points)


def test_gaussian_is_gaussian():
    from scipy.stats import kurtosis, skew

    points = np.random.default_rng(1).exponential(size=(4000, 2))
    made = gaussian_cloud(points)
    assert np.abs(skew(made)).max() < 0.15 < skew(points).min()
    assert np.abs(kurtosis(made)).max() < 0.3 < kurtosis(points).min()


def test_gaussian_keeps_dtype_constants_and_seed():
    points = np.ones((10, 3), dtype=np.float32)
    assert gaussian_cloud(points).dtype == np.float32
    np.testing.assert_array_equal(gaussian_cloud(points), points)
    cloud = np.random.default_rng(2).random((30, 2))
    np.testing.assert_array_equal(gaussian_cloud(cloud, seed=4), gaussian_cloud(cloud, seed=4))
    assert not np.array_equal(gaussian_cloud(cloud, seed=4), gaussian_cloud(cloud, seed=5))


def test_shuffled_labels_are_the_same_ones():
    labels = np.repeat([0, 1, 5], 30)
    made = shuffled_labels(labels)
    assert sorted(made.tolist()) == labels.tolist() != made.tolist()


def test_every_baseline_stands_beside_the_cell():
    rng = np.random.default_rng(3)
    points, labels = rng.random((60, 3)), np.repeat([0, 1], 30)
    points[labels == 1] += 2
    found = measure_baselines(
        neighbour_error,
        points,
        labels,
        raw_input=rng.random((60, 9)),
        untrained=rng.random((60, 4)),
    )
    assert list(found) == ["cell", "shuffled labels", "matched Gaussian", "raw input", "untrained"]
    assert found["cell"].columns["error"][0] == 0
    assert all(found[name].columns["error"][0] > 20 for name in list(found)[1:])


def test_measures_without_labels_have_no_shuffled_ones():
    points = np.random.default_rng(4).random((60, 3))
    assert list(baselines(points)) == ["matched Gaussian"]
    assert list(measure_baselines(twonn, points, keep=0.8)) == ["cell", "matched Gaussian"]


def test_message():
    with pytest.raises(InputError, match=r"gaussian_cloud.. wants at least 2 points, got 1"):
        gaussian_cloud([[1.0]])
