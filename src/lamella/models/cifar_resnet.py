"""A residual network that a GPU trains on CIFAR-10 in minutes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lamella.errors import bad_input
from lamella.networks.seeded import seeded_weights
from lamella.registry import models

if TYPE_CHECKING:
    from torch import nn


@models.register
def cifar_resnet(
    input_shape: Sequence[int] = (3, 32, 32),
    classes: int = 10,
    *,
    width: int = 64,
    seed: int = 0,
) -> nn.Sequential:
    """Nine layers with weights: a stem, three halving stages, two residual pairs, a linear head.

    Source: the shape of the network by which Page (2018), How to train your ResNet, entered the
    DAWNBench competition; blocks after He et al. (2016), Deep residual learning.

    >>> [name for name, _ in cifar_resnet(width=8).named_children()]
    ['stem', 'stage1', 'pair1', 'stage2', 'stage3', 'pair2', 'pool', 'flatten', 'head']
    """
    if len(input_shape) != 3 or min(input_shape[1:]) < 8:
        raise bad_input(
            "cifar_resnet()",
            wanted="images of shape (channels, height, width), 8 x 8 pixels or more",
            got=str(tuple(input_shape)),
            do="Choose another data set, or resize the images",
        )
    from torch import nn

    from lamella.networks.layers.residual import Residual, convolution

    with seeded_weights(seed):
        return nn.Sequential(
            OrderedDict(
                stem=convolution(input_shape[0], width),
                stage1=convolution(width, 2 * width, pool=True),
                pair1=Residual(2 * width),
                stage2=convolution(2 * width, 4 * width, pool=True),
                stage3=convolution(4 * width, 8 * width, pool=True),
                pair2=Residual(8 * width),
                pool=nn.AdaptiveMaxPool2d(1),
                flatten=nn.Flatten(),
                head=nn.Linear(8 * width, classes),
            )
        )
