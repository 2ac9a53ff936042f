"""Barron's loss: his values, its special cases, limits, and the likelihood."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lamella.anatomy.robust_losses import adaptive_loss, robust_loss, robust_loss_curve
from lamella.errors import InputError

PLAIN = {
    2.0: lambda z: z / 2,
    1.0: lambda z: np.sqrt(z + 1) - 1,
    0.0: lambda z: np.log(z / 2 + 1),
    -2.0: lambda z: 2 * z / (z + 4),
    -np.inf: lambda z: 1 - np.exp(-z / 2),
}


@pytest.mark.parametrize(
    ("alpha", "value"), [(-2, 0.4), (0, 0.40546511), (1, 0.41421356), (2, 0.5)]
)
def test_known_values(alpha, value):
    assert float(robust_loss(1.0, alpha)) == pytest.approx(value, abs=1e-8)


@pytest.mark.parametrize("alpha", PLAIN)
def test_special_cases(alpha):
    x = torch.linspace(-5, 5, 101, dtype=torch.float64)
    for scale in (0.5, 2.0):
        expected = PLAIN[alpha]((x.numpy() / scale) ** 2)
        np.testing.assert_allclose(robust_loss(x, alpha, scale), expected, atol=1e-12)


@given(st.floats(-20, 3), st.floats(-10, 10), st.floats(0.1, 5))
def test_it_is_even_grows_with_alpha_and_joins_its_limits(alpha, x, scale):
    value = float(robust_loss(x, alpha, scale))
    assert value == pytest.approx(float(robust_loss(-x, alpha, scale)))
    assert value <= float(robust_loss(x, alpha + 0.5, scale)) + 1e-9
    near = float(robust_loss(x, alpha + 1e-4, scale))
    assert near == pytest.approx(value, rel=2e-2, abs=2e-2)


def test_gradients_pass_to_residual_alpha_and_scale():
    x, alpha, scale = (
        torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (1.3, 0.7, 0.9)
    )
    assert torch.autograd.gradcheck(robust_loss, (x, alpha, scale))
    zero = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(robust_loss(x.detach(), zero), zero)
    assert torch.isfinite(slope)


def test_the_likelihood_of_a_normal():
    x = torch.tensor(0.7, dtype=torch.float64)
    found = adaptive_loss(x, torch.tensor(2.0), torch.tensor(1.5, dtype=torch.float64))
    expected = -torch.distributions.Normal(0.0, 1.5).log_prob(x)
    assert float(found) == pytest.approx(float(expected), rel=1e-4)


def test_the_likelihood_of_a_cauchy_like_tail():
    x = torch.tensor(0.0, dtype=torch.float64)
    found = adaptive_loss(x, torch.tensor(0.0), torch.tensor(1.0, dtype=torch.float64))
    assert float(found) == pytest.approx(np.log(np.pi * np.sqrt(2)), rel=2e-3)


def test_outliers_pull_less_the_smaller_alpha_is():
    curve = robust_loss_curve(gradient=True)
    pull = dict(zip(curve.series, np.abs(curve.y[:, 0]), strict=True))
    assert list(pull.values()) == sorted(pull.values(), reverse=True)


def test_bad_input():
    with pytest.raises(InputError, match="scale above 0"):
        robust_loss(1.0, 1.0, 0.0)
    with pytest.raises(InputError, match=r"alpha in \[0, 2\]"):
        adaptive_loss(torch.tensor(1.0), torch.tensor(-1.0), torch.tensor(1.0))
