"""A small U-net: NN2 of the rectangles study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lamella.networks.unet_parts.fit import check_image
from lamella.registry import models

if TYPE_CHECKING:
    from torch import nn


@models.register(output="pixels", latent=("latent",))
def small_unet(
    input_shape: Sequence[int],
    classes: int,
    *,
    widths: Sequence[int] = (4, 8, 16, 32, 64),
    dropout: float = 0.5,
    seed: int = 0,
) -> nn.Module:
    """A U-net with one 3x3 convolution a level; one class per pixel.

    Levels of the given widths, dropout after the last but one, the layer `latent` at the bottom
    (64 x 4 x 4 for images of 64). Upwards: nearest neighbour upsampling, a 2x2 convolution that
    pads right and bottom, the skip connection and a 3x3 convolution; then 16, 8 and a 1x1
    convolution to logits. He initialisation. With 3 channels and 4 classes it has 62,264
    parameters. InputError for a size that the pools do not divide.

    Source: after Ronneberger, Fischer and Brox (2015), U-Net.

    >>> net = small_unet((3, 64, 64), 4)
    >>> sum(p.numel() for p in net.parameters())
    62264
    """
    check_image("small_unet", input_shape, 2 ** (len(widths) - 1))
    from lamella.networks.unet_parts.unet import make_unet

    return make_unet(
        input_shape[0],
        classes,
        widths,
        (16, 8),
        dropout,
        separable=False,
        drop_latent=False,
        seed=seed,
    )
