"""Initialisation against the numbers of CS231n, lecture 6, and against theory."""

import numpy as np
import pytest
import torch
from torch import nn

from lamella.anatomy.initialisation import METHODS, initialise, weight_variance, weighted
from lamella.anatomy.signals import deep_net, signal_depth
from lamella.errors import InputError, UnknownName

XAVIER = (0.628, 0.486, 0.407, 0.357, 0.320, 0.293, 0.272, 0.255, 0.240, 0.227)


def test_small_normal_with_tanh_dies_as_in_the_lecture():
    found = signal_depth("small_normal", "tanh").activation_std
    np.testing.assert_allclose(found[:4], [0.213, 0.0476, 0.0106, 0.00238], rtol=0.03)


def test_xavier_with_tanh_as_in_the_lecture():
    np.testing.assert_allclose(signal_depth("xavier", "tanh").activation_std, XAVIER, rtol=0.03)


def test_he_with_relu_stays_in_every_layer():
    found = [signal_depth("kaiming", "relu", seed=seed).activation_std for seed in range(4)]
    mean = np.mean(found, axis=0)
    assert mean.min() > 0.81 * 0.85
    assert mean.max() < 0.89 * 1.15
    assert mean.mean() == pytest.approx(0.85, rel=0.15)


@pytest.mark.parametrize(("method", "activation"), [("xavier", "tanh"), ("large_normal", "tanh")])
def test_predictions_meet_measurements(method, activation):
    signal = signal_depth(method, activation, width=400, depth=6)
    np.testing.assert_allclose(signal.activation_std, signal.predicted_std, rtol=0.03)


def test_relu_after_he_is_predicted_exactly():
    signal = signal_depth("kaiming", "relu", depth=3)
    np.testing.assert_allclose(signal.predicted_std, np.sqrt(1 - 1 / np.pi), rtol=1e-5)


def test_small_weights_vanish_and_large_ones_explode_backward():
    vanishing = signal_depth("small_normal", "tanh", depth=6).gradient_std
    assert vanishing[0] < 1e-2 * vanishing[-1]
    exploding = signal_depth("large_normal", "relu", depth=6).gradient_std
    assert exploding[0] > 1e3 * exploding[-1]


@pytest.mark.parametrize("normalisation", ["batch", "layer"])
def test_normalisation_rescues_small_weights(normalisation):
    signal = signal_depth("small_normal", "tanh", depth=6, normalisation=normalisation)
    np.testing.assert_allclose(signal.activation_std, signal.predicted_std, rtol=0.03)
    assert signal.activation_std[-1] > 0.5


def test_zero_weights_pass_nothing():
    signal = signal_depth("zero", "relu", width=50, depth=3)
    assert not signal.activation_std.any()
    assert (signal.dead == 1).all()
    assert not signal.gradient_std[:-1].any()


def test_constant_weights_keep_all_units_equal():
    net = initialise(deep_net(20, 2, "tanh"), "constant")
    out = net(torch.randn(5, 20, generator=torch.Generator().manual_seed(0)))
    torch.testing.assert_close(out, out[:, :1].expand(5, 20))


def test_lsuv_gives_unit_variance_to_every_layer():
    net, x = (
        deep_net(64, 4, "relu"),
        torch.randn(256, 64, generator=torch.Generator().manual_seed(0)),
    )
    initialise(net, "lsuv", batch=x)
    for place, layer in enumerate(net):
        x = layer(x).detach()
        if place % 2 == 0:
            assert float(x.var()) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("rows", "columns"), [(30, 20), (20, 30)])
def test_orthogonal_weights_are_orthonormal(rows, columns):
    net = initialise(nn.Sequential(nn.Linear(columns, rows)), "orthogonal", activation="tanh")
    w = net[0].weight.detach()
    gram = w @ w.T if rows < columns else w.T @ w
    torch.testing.assert_close(gram, torch.eye(min(rows, columns)), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    "method", ["small_normal", "large_normal", "xavier", "kaiming", "orthogonal"]
)
def test_weights_have_the_variance_that_is_stated(method):
    net = initialise(nn.Sequential(nn.Linear(300, 600)), method)
    stated = weight_variance(method, 300, 600)
    assert float(net[0].weight.detach().var()) == pytest.approx(stated, rel=0.03)
    assert not net[0].bias.any()


def test_a_kernel_counts_all_its_inputs():
    net = initialise(nn.Sequential(nn.Conv2d(24, 48, 5)), "kaiming")
    assert float(net[0].weight.detach().var()) == pytest.approx(2 / (24 * 25), rel=0.03)


def test_the_seed_decides_and_norms_are_left_alone():
    make = lambda: nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))  # noqa: E731
    one, two, three = (initialise(make(), "kaiming", seed=s) for s in (0, 0, 1))
    assert torch.equal(one[0].weight, two[0].weight)
    assert not torch.equal(one[0].weight, three[0].weight)
    assert torch.equal(one[1].weight, torch.ones(4))
    assert len(weighted(one)) == 2


def test_histograms_are_shares():
    signal = signal_depth("xavier", "tanh", width=60, depth=3)
    np.testing.assert_allclose(signal.histogram.sum(axis=1), 1)
    assert signal.record(method="xavier").frame().shape == (3, 6)


def test_bad_input():
    with pytest.raises(InputError, match="a batch for lsuv"):
        initialise(nn.Linear(2, 2), "lsuv")
    with pytest.raises(UnknownName, match="kaiming"):
        initialise(nn.Linear(2, 2), "kaimin")
    assert "xavier" in METHODS
