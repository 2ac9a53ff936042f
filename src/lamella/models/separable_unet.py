"""A small U-net of separable convolutions: NN3 of the rectangles study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lamella.networks.unet_parts.fit import check_image
from lamella.registry import models

if TYPE_CHECKING:
    from torch import nn


@models.register(output="pixels", latent=("latent",))
def separable_unet(
    input_shape: Sequence[int],
    classes: int,
    *,
    widths: Sequence[int] = (4, 8, 16, 32, 64),
    dropout: float = 0.5,
    seed: int = 0,
) -> nn.Module:
    """The `small_unet` with separable convolutions and one more layer of 4 before the last.

    Each convolution is a depthwise one without bias and a 1x1 one with; there is dropout after
    `latent` (64 x 4 x 4 for images of 64) too. He initialisation. With 3 channels and 4 classes
    it has 11,063 parameters. InputError for a size that the pools do not divide.

    Source: separable convolutions after Chollet (2017), Xception.

    >>> net = separable_unet((3, 64, 64), 4)
    >>> sum(p.numel() for p in net.parameters())
    11063
    """
    check_image("separable_unet", input_shape, 2 ** (len(widths) - 1))
    from lamella.networks.unet_parts.unet import make_unet

    return make_unet(
        input_shape[0],
        classes,
        widths,
        (16, 8, 4),
        dropout,
        separable=True,
        drop_latent=True,
        seed=seed,
    )
