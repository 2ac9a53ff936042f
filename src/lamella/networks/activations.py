"""Activations by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lamella.checks import check_choice

if TYPE_CHECKING:
    from torch import nn

ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "LeakyReLU",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "gelu": "GELU",
    "elu": "ELU",
    "selu": "SELU",
    "silu": "SiLU",
    "softplus": "Softplus",
    "identity": "Identity",
}


def make_activation(name: str) -> nn.Module:
    """A new activation module; UnknownName with the nearest names.

    >>> make_activation("leaky_relu")
    LeakyReLU(negative_slope=0.01)
    """
    from torch import nn

    return getattr(nn, ACTIVATIONS[check_choice(name, ACTIVATIONS, "activation")])()
