"""A convolutional autoencoder that segments images: NN1 of the rectangles study."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lamella.networks.seeded import seeded_weights
from lamella.networks.unet_parts.fit import check_image
from lamella.registry import models

if TYPE_CHECKING:
    from torch import nn


@models.register(output="pixels", latent=("latent", "latent_act"))
def conv_autoencoder(
    input_shape: Sequence[int],
    classes: int,
    *,
    widths: Sequence[int] = (8, 16, 32),
    seed: int = 0,
) -> nn.Sequential:
    """Convolutions and pools down to a latent image and up again; one class per pixel.

    3x3 'same' convolutions of the given widths, each with ReLU and a 2x2 pool, the last of which
    is the layer `latent` (32 x 8 x 8 for images of 64); then the same widths upwards with nearest
    neighbour upsampling, `latent_act` being the first, and logits of every class for every pixel.
    Weights are Glorot's uniform ones, as in Keras. With 3 channels and 4 classes it has 21,356
    parameters. InputError for a size that the pools do not divide.

    >>> net = conv_autoencoder((3, 64, 64), 4)
    >>> sum(p.numel() for p in net.parameters())
    21356
    """
    check_image("conv_autoencoder", input_shape, 2 ** len(widths))
    from torch import nn

    layers: OrderedDict[str, nn.Module] = OrderedDict()
    before = input_shape[0]
    with seeded_weights(seed):
        for number, width in enumerate(widths, start=1):
            last = number == len(widths)
            layers[f"conv{number}"] = nn.Conv2d(before, width, 3, padding=1)
            layers[f"act{number}"] = nn.ReLU()
            layers["latent" if last else f"pool{number}"] = nn.MaxPool2d(2)
            before = width
        for number, width in enumerate(reversed(widths), start=1):
            layers["latent_conv" if number == 1 else f"up_conv{number}"] = nn.Conv2d(
                before, width, 3, padding=1
            )
            layers["latent_act" if number == 1 else f"up_act{number}"] = nn.ReLU()
            layers[f"up{number}"] = nn.Upsample(scale_factor=2)
            before = width
        layers["head"] = nn.Conv2d(before, classes, 3, padding=1)
        for layer in layers.values():
            if isinstance(layer, nn.Conv2d) and layer.bias is not None:
                nn.init.xavier_uniform_(layer.weight)
                nn.init.zeros_(layer.bias)
    return nn.Sequential(layers)
