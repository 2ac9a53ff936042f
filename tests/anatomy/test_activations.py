"""Activations against published values, written-out formulas and finite differences."""

import numpy as np
import pytest
import torch

from lamella.anatomy.activations import (
    activation,
    activation_curves,
    compare_activations,
    make_module,
    maxout,
    names,
)
from lamella.errors import UnknownName


@pytest.mark.parametrize(
    ("name", "x", "value"),
    [
        ("gelu", 1, 0.84134475),
        ("gelu_tanh", 1, 0.84119199),
        ("elu", -1, -0.63212056),
        ("prelu", -2, -0.5),
        ("step", 0, 0),
        ("step", 0.1, 1),
        ("saturated_line", 0, 0.5),
        ("saturated_line", -3, 0),
        ("sigmoid", 0, 0.5),
        ("softplus", 0, np.log(2)),
        ("silu", 1, 0.73105858),
        ("hard_swish", 1, 2 / 3),
        ("maxout", -1, 0),
    ],
)
def test_known_values(name, x, value):
    assert float(activation(name)(torch.tensor(float(x)).double())) == pytest.approx(
        value, abs=1e-7
    )


PLAIN = {
    "step": lambda x: float(x > 0),
    "saturated_line": lambda x: max(0, min(1, (x + 1) / 2)),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "relu": lambda x: max(0, x),
    "leaky_relu": lambda x: max(0.01 * x, x),
    "prelu": lambda x: max(0.25 * x, x),
    "elu": lambda x: x if x > 0 else np.exp(x) - 1,
    "selu": lambda x: 1.05070098 * (x if x > 0 else 1.67326324 * (np.exp(x) - 1)),
    "gelu_tanh": lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    "silu": lambda x: x / (1 + np.exp(-x)),
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "mish": lambda x: x * np.tanh(np.log(1 + np.exp(x))),
    "maxout": lambda x: max(x, -0.5 * x - 0.5),
    "hard_tanh": lambda x: max(-1, min(1, x)),
    "hard_sigmoid": lambda x: max(0, min(1, x / 6 + 0.5)),
    "hard_swish": lambda x: x * max(0, min(1, x / 6 + 0.5)),
    "identity": lambda x: x,
}


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_written_out_formulas(name):
    x = np.linspace(-4, 4, 33)
    found = activation(name)(torch.tensor(x)).numpy()
    np.testing.assert_allclose(found, [PLAIN[name](v) for v in x], atol=1e-7)


def test_all_formulas_have_a_plain_twin_but_gelu():
    assert set(names()) - set(PLAIN) == {"gelu"}  # its values are Phi's, tested above


@pytest.mark.parametrize("name", names())
def test_slopes_equal_finite_differences(name):
    kind, x = activation(name), torch.linspace(-4, 4, 42, dtype=torch.float64)
    x = x[(x.abs() > 1e-3) & ((x.abs() - 1).abs() > 1e-3) & ((x.abs() - 3).abs() > 1e-3)]
    step = 1e-6
    finite = (kind(x + step) - kind(x - step)) / (2 * step)
    torch.testing.assert_close(kind.derivative(x), finite, atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("name", names())
def test_values_stay_in_their_range_and_reach_for_its_ends(name):
    kind, x = activation(name), torch.linspace(-60, 60, 240_001, dtype=torch.float64)
    value = kind(x)
    assert value.min() >= kind.low - 1e-6
    assert value.max() <= kind.high + 1e-6
    if np.isfinite(kind.low):
        assert float(value.min()) == pytest.approx(kind.low, abs=1e-4)


def test_half_of_relus_inputs_are_dead_on_a_normal():
    table = compare_activations(("relu", "sigmoid", "leaky_relu")).frame().set_index("activation")
    assert table.dead["relu"] == table.vanished["relu"] == 0.5
    assert table.dead["leaky_relu"] == 0
    assert table["mean"]["relu"] == pytest.approx(1 / np.sqrt(2 * np.pi), rel=1e-3)
    assert table.gradient["relu"] == pytest.approx(np.sqrt(0.5), rel=1e-3)


def test_a_shifted_distribution_kills_more_relus():
    table = compare_activations(("relu",), np.linspace(-3, -1, 100)).frame()
    assert table.dead[0] == 1


def test_cost_is_there_when_asked_for():
    assert (compare_activations(("relu", "tanh"), timed=True).frame().cost > 0).all()
    assert "cost" not in compare_activations(("relu",)).columns


def test_maxout_is_the_largest_of_its_pieces():
    rng = torch.Generator().manual_seed(0)
    x, w, b = (torch.randn(s, generator=rng) for s in ((4, 3), (2, 5, 3), (2, 5)))
    expected = torch.maximum(x @ w[0].T + b[0], x @ w[1].T + b[1])
    torch.testing.assert_close(maxout(x, w, b), expected)


def test_curves_draw_what_the_functions_give():
    curve = activation_curves(("tanh", "step"), derivative=True)
    np.testing.assert_allclose(curve.y[0], 1 - np.tanh(curve.x) ** 2, atol=1e-12)
    assert not curve.y[1].any()


def test_modules_and_unknown_names():
    assert torch.equal(make_module("relu")(torch.tensor([-1.0, 2.0])), torch.tensor([0.0, 2.0]))
    with pytest.raises(UnknownName, match="leaky_relu"):
        activation("leakyrelu")
