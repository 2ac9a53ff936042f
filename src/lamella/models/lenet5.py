"""LeNet-5, as frameworks build it today and as it was in 1998."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lamella.checks import check_choice, check_range
from lamella.errors import bad_input
from lamella.networks.activations import make_activation
from lamella.networks.seeded import seeded_weights
from lamella.registry import models

if TYPE_CHECKING:
    from torch import nn


@models.register
def lenet5(
    input_shape: Sequence[int] = (1, 28, 28),
    classes: int = 10,
    *,
    layout: str = "modern",
    activation: str = "relu",
    pool: str = "max",
    dropout: float = 0.0,
    seed: int = 0,
) -> nn.Sequential:
    """LeNet-5 for images of 28 x 28 or 32 x 32 pixels; smaller ones are padded to 32 x 32.

    `layout="modern"`: every map sees every map, 61,706 parameters on MNIST. `layout="1998"`:
    each third-layer map sees some of the six before it, pooling has a weight and a bias for each
    map, units are scaled tanh, the output is the squared distance to a drawing of each digit:
    60,000 trainable parameters; `activation` and `pool` are then fixed.

    Source: LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document
    recognition, section II.B.

    >>> sum(p.numel() for p in lenet5().parameters())
    61706
    >>> sum(p.numel() for p in lenet5(layout="1998").parameters())
    60000
    """
    check_choice(layout, ("modern", "1998"), "layout of LeNet-5")
    check_range(dropout, "lenet5()", "dropout", low=0, high=0.99)
    padding = check_images(input_shape)
    with seeded_weights(seed):
        if layout == "1998":
            return historical(input_shape[0], classes, padding)
        return modern(input_shape[0], classes, padding, activation, pool, dropout)


def modern(
    channels: int, classes: int, padding: int, activation: str, pool: str, dropout: float
) -> nn.Sequential:
    """Convolutions 6 and 16 of 5 x 5, each pooled 2 x 2, then 120, 84 and the classes."""
    from torch import nn

    check_choice(pool, ("max", "mean"), "pooling")
    pooling = nn.MaxPool2d if pool == "max" else nn.AvgPool2d
    layers: OrderedDict[str, nn.Module] = OrderedDict(
        conv1=nn.Conv2d(channels, 6, 5, padding=padding),
        act1=make_activation(activation),
        pool1=pooling(2),
        conv2=nn.Conv2d(6, 16, 5),
        act2=make_activation(activation),
        pool2=pooling(2),
        flatten=nn.Flatten(),
        fc1=nn.Linear(400, 120),
        act3=make_activation(activation),
        fc2=nn.Linear(120, 84),
        act4=make_activation(activation),
    )
    if dropout:
        layers["drop"] = nn.Dropout(dropout)
    layers["head"] = nn.Linear(84, classes)
    return nn.Sequential(layers)


def historical(channels: int, classes: int, padding: int) -> nn.Sequential:
    """The layers C1, S2, C3, S4, C5, F6 and the output of the paper."""
    from torch import nn

    from lamella.networks.layers.lenet_1998 import (
        CodeDistance,
        PartialConvolution,
        ScaledTanh,
        WeightedPool,
    )

    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(channels, 6, 5, padding=padding),
            act1=ScaledTanh(),
            pool1=WeightedPool(6),
            act2=ScaledTanh(),
            conv2=PartialConvolution(5),
            act3=ScaledTanh(),
            pool2=WeightedPool(16),
            act4=ScaledTanh(),
            conv3=nn.Conv2d(16, 120, 5),
            act5=ScaledTanh(),
            flatten=nn.Flatten(),
            fc=nn.Linear(120, 84),
            act6=ScaledTanh(),
            head=CodeDistance(classes),
        )
    )


def check_images(input_shape: Sequence[int]) -> int:
    """The padding that brings square images to 32 x 32; InputError for any other input."""
    side = input_shape[-1]
    if len(input_shape) != 3 or input_shape[1] != side or side not in (28, 30, 32):
        raise bad_input(
            "lenet5()",
            wanted="images of shape (channels, 28, 28) or (channels, 32, 32)",
            got=str(tuple(input_shape)),
            do="Choose another data set, or resize the images",
        )
    return (32 - side) // 2
