"""Fully connected networks."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING

from lamella.checks import check_range
from lamella.errors import bad_input
from lamella.networks.activations import make_activation
from lamella.networks.seeded import seeded_weights
from lamella.registry import models

if TYPE_CHECKING:
    from torch import nn


@models.register
def perceptron(
    input_shape: Sequence[int],
    classes: int,
    *,
    widths: Sequence[int] = (64, 64),
    activation: str = "relu",
    dropout: float = 0.0,
    batch_norm: bool = False,
    seed: int = 0,
) -> nn.Sequential:
    """A perceptron with hidden layers of the given `widths`; returns logits.

    Layers are called fc1, norm1 (with `batch_norm`), act1, drop1 (with `dropout`), fc2, ..., head.
    Inputs of more axes than one are flattened first. Weights are Torch's default for the seed.

    >>> [name for name, _ in perceptron((12,), 2, widths=(48,)).named_children()]
    ['fc1', 'act1', 'head']
    """
    return stack(input_shape, classes, widths, activation, dropout, batch_norm, seed)


@models.register
def wide(
    input_shape: Sequence[int],
    classes: int,
    *,
    activation: str = "relu",
    dropout: float = 0.0,
    batch_norm: bool = False,
    seed: int = 0,
) -> nn.Sequential:
    """Four hidden layers of equal width, four times the input's (48 to 512): room for everything.

    >>> wide((12,), 2).fc4
    Linear(in_features=48, out_features=48, bias=True)
    """
    width = min(max(4 * prod(input_shape), 48), 512)
    return stack(input_shape, classes, (width,) * 4, activation, dropout, batch_norm, seed)


@models.register
def bottleneck(
    input_shape: Sequence[int],
    classes: int,
    *,
    activation: str = "relu",
    dropout: float = 0.0,
    batch_norm: bool = False,
    seed: int = 0,
) -> nn.Sequential:
    """As deep as `wide`, as wide as the input, but a quarter of that at the second layer.

    >>> bottleneck((12,), 2).fc2
    Linear(in_features=12, out_features=3, bias=True)
    """
    features = prod(input_shape)
    narrow = max(2, round(features / 4))
    widths = (features, narrow, features, features)
    return stack(input_shape, classes, widths, activation, dropout, batch_norm, seed)


def stack(
    input_shape: Sequence[int],
    classes: int,
    widths: Sequence[int],
    activation: str,
    dropout: float,
    batch_norm: bool,
    seed: int,
) -> nn.Sequential:
    """The perceptron that the registered functions of this file describe."""
    check_widths(widths, classes)
    check_range(dropout, "perceptron()", "dropout", low=0, high=0.99)
    from torch import nn

    layers: OrderedDict[str, nn.Module] = OrderedDict()
    if len(input_shape) > 1:
        layers["flatten"] = nn.Flatten()
    before = prod(input_shape)
    with seeded_weights(seed):
        for number, width in enumerate(widths, start=1):
            layers[f"fc{number}"] = nn.Linear(before, width)
            if batch_norm:
                layers[f"norm{number}"] = nn.BatchNorm1d(width)
            layers[f"act{number}"] = make_activation(activation)
            if dropout:
                layers[f"drop{number}"] = nn.Dropout(dropout)
            before = width
        layers["head"] = nn.Linear(before, classes)
    return nn.Sequential(layers)


def check_widths(widths: Sequence[int], classes: int) -> None:
    """Raise InputError for a layer without units or a problem without classes."""
    if min([*widths, classes]) < 1:
        raise bad_input(
            "perceptron()",
            wanted="widths and classes of at least 1",
            got=f"widths {tuple(widths)} and {classes} classes",
            do="Change them",
        )
