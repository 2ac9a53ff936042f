"""The activation functions themselves, by torch's own kernels where it has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

INFINITY = np.inf


def step(x: Tensor) -> Tensor:
    """1 above 0, else 0; its derivative is 0, so nothing before it can learn."""
    return (x > 0).to(x.dtype)


def saturated_line(x: Tensor) -> Tensor:
    """A line between two thresholds, constant beyond: max(0, min(1, (x + 1) / 2))."""
    return ((x + 1) / 2).clamp(0, 1)


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return x.sigmoid()


def tanh(x: Tensor) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    return x.tanh()


def relu(x: Tensor) -> Tensor:
    """max(0, x)."""
    return _functional().relu(x)


def leaky_relu(x: Tensor, slope: float = 0.01) -> Tensor:
    """x above 0, a hundredth of it below."""
    return _functional().leaky_relu(x, slope)


def prelu(x: Tensor, slope: float | Tensor = 0.25) -> Tensor:
    """max(a x, x) for a < 1, with a learned; 0.25 is where it starts."""
    return _torch().where(x > 0, x, slope * x)


def elu(x: Tensor, alpha: float = 1.0) -> Tensor:
    """x above 0, alpha (exp(x) - 1) below."""
    return _functional().elu(x, alpha)


def selu(x: Tensor) -> Tensor:
    """ELU scaled so that mean 0 and variance 1 are a fixed point."""
    return _functional().selu(x)


def gelu(x: Tensor) -> Tensor:
    """x times the standard normal's distribution function at x."""
    return _functional().gelu(x)


def gelu_tanh(x: Tensor) -> Tensor:
    """GELU's fast form by tanh."""
    return _functional().gelu(x, approximate="tanh")


def silu(x: Tensor) -> Tensor:
    """x sigmoid(x), also called swish."""
    return _functional().silu(x)


def softplus(x: Tensor) -> Tensor:
    """log(1 + exp(x)), a smooth ReLU."""
    return _functional().softplus(x)


def mish(x: Tensor) -> Tensor:
    """x tanh(softplus(x))."""
    return _functional().mish(x)


def maxout_of_two(x: Tensor) -> Tensor:
    """max_j (w_j x + b_j) with pieces (1, 0) and (-0.5, -0.5): one input of a maxout unit."""
    return _torch().maximum(x, -0.5 * x - 0.5)


def hard_tanh(x: Tensor) -> Tensor:
    """x cut off at -1 and 1."""
    return _functional().hardtanh(x)


def hard_sigmoid(x: Tensor) -> Tensor:
    """(x + 3) / 6 cut off at 0 and 1."""
    return _functional().hardsigmoid(x)


def hard_swish(x: Tensor) -> Tensor:
    """x hard_sigmoid(x)."""
    return _functional().hardswish(x)


def identity(x: Tensor) -> Tensor:
    """x itself: a network of such layers is one linear map."""
    return x * 1


def _functional() -> Any:
    from torch.nn import functional

    return functional


def _torch() -> Any:
    import torch

    return torch


FORMULAS: dict[str, tuple[Callable[[Any], Any], str, float, float, str]] = {
    "step": (step, "1 if x > 0 else 0", 0, 1, "Rosenblatt 1958"),
    "saturated_line": (saturated_line, "max(0, min(1, (x + 1)/2))", 0, 1, "Rumelhart 1986"),
    "sigmoid": (sigmoid, "1/(1 + e^-x)", 0, 1, "Rumelhart 1986"),
    "tanh": (tanh, "(e^x - e^-x)/(e^x + e^-x)", -1, 1, "LeCun 1998"),
    "relu": (relu, "max(0, x)", 0, INFINITY, "Nair and Hinton 2010"),
    "leaky_relu": (leaky_relu, "max(0.01 x, x)", -INFINITY, INFINITY, "Maas 2013"),
    "prelu": (prelu, "max(a x, x), a learned", -INFINITY, INFINITY, "He 2015"),
    "elu": (elu, "x if x > 0 else e^x - 1", -1, INFINITY, "Clevert 2016"),
    "selu": (selu, "1.0507 elu(x, 1.6733)", -1.7580993408473768, INFINITY, "Klambauer 2017"),
    "gelu": (gelu, "x Phi(x)", -0.16997120747, INFINITY, "Hendrycks and Gimpel 2016"),
    "gelu_tanh": (
        gelu_tanh,
        "x/2 (1 + tanh(0.7979 (x + 0.0447 x^3)))",
        -0.17004077,
        INFINITY,
        "Hendrycks and Gimpel 2016",
    ),
    "silu": (silu, "x/(1 + e^-x)", -0.27846454276, INFINITY, "Elfwing 2017, Ramachandran 2017"),
    "softplus": (softplus, "log(1 + e^x)", 0, INFINITY, "Dugas 2001"),
    "mish": (mish, "x tanh(log(1 + e^x))", -0.30884341301, INFINITY, "Misra 2019"),
    "maxout": (maxout_of_two, "max(x, -0.5 x - 0.5)", -1 / 3, INFINITY, "Goodfellow 2013"),
    "hard_tanh": (hard_tanh, "max(-1, min(1, x))", -1, 1, "Collobert 2004"),
    "hard_sigmoid": (hard_sigmoid, "max(0, min(1, x/6 + 1/2))", 0, 1, "Courbariaux 2015"),
    "hard_swish": (hard_swish, "x hard_sigmoid(x)", -0.375, INFINITY, "Howard 2019"),
    "identity": (identity, "x", -INFINITY, INFINITY, ""),
}
