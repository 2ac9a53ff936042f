"""A small convolutional network with batch normalisation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lamella.checks import check_range
from lamella.errors import bad_input
from lamella.networks.seeded import seeded_weights
from lamella.registry import models

if TYPE_CHECKING:
    from torch import nn


@models.register
def cifar_convnet(
    input_shape: Sequence[int] = (3, 32, 32),
    classes: int = 10,
    *,
    width: int = 32,
    dropout: float = 0.0,
    batch_norm: bool = True,
    seed: int = 0,
) -> nn.Sequential:
    """Five 3 x 3 convolutions in three stages, then a linear head.

    They have `width`, `width`, 2 `width`, 2 `width` and 4 `width` maps. The first two stages end
    in 2 x 2 maxima, the last in maxima over a grid of 2 x 2. Images of any number of channels and
    any size from 8 x 8. The default has 144,874 parameters.

    >>> sum(p.numel() for p in cifar_convnet().parameters())
    144874
    """
    check_range(dropout, "cifar_convnet()", "dropout", low=0, high=0.99)
    if len(input_shape) != 3 or min(input_shape[1:]) < 8:
        raise bad_input(
            "cifar_convnet()",
            wanted="images of shape (channels, height, width), 8 x 8 pixels or more",
            got=str(tuple(input_shape)),
            do="Choose another data set, or resize the images",
        )
    from torch import nn

    widths = (width, width, 2 * width, 2 * width, 4 * width)
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    before = input_shape[0]
    with seeded_weights(seed):
        for number, after in enumerate(widths, start=1):
            layers[f"conv{number}"] = nn.Conv2d(before, after, 3, padding=1, bias=not batch_norm)
            if batch_norm:
                layers[f"norm{number}"] = nn.BatchNorm2d(after)
            layers[f"act{number}"] = nn.ReLU()
            if number in (2, 4):
                layers[f"pool{number // 2}"] = nn.MaxPool2d(2)
            before = after
        layers["pool3"] = nn.AdaptiveMaxPool2d(2)
        layers["flatten"] = nn.Flatten()
        if dropout:
            layers["drop"] = nn.Dropout(dropout)
        layers["head"] = nn.Linear(4 * before, classes)
    return nn.Sequential(layers)
