"""The U-net of the rectangles study, with plain or separable convolutions."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.networks.seeded import seeded_weights


class Unet(nn.Module):
    """Levels down (downN), the `latent` one, levels up (upN, mergeN), last layers, head."""

    def __init__(
        self,
        channels: int,
        classes: int,
        widths: Sequence[int],
        last: Sequence[int],
        dropout: float,
        separable: bool,
        drop_latent: bool,
    ) -> None:
        super().__init__()
        make = separable_convolution if separable else convolution
        *levels, bottom = widths
        self.levels = len(levels)
        before = channels
        for number, width in enumerate(levels, start=1):
            self.add_module(f"down{number}", make(before, width, 3))
            self.add_module(f"down_act{number}", nn.ReLU())
            self.add_module(f"pool{number}", nn.MaxPool2d(2))
            before = width
        self.drop = nn.Dropout(dropout)
        self.latent_conv = make(before, bottom, 3)
        self.latent = nn.ReLU()
        self.latent_drop = nn.Dropout(dropout if drop_latent else 0.0)
        before = bottom
        for number, width in reversed(list(enumerate(levels, start=1))):
            self.add_module(f"up{number}", nn.Upsample(scale_factor=2))
            self.add_module(f"up_conv{number}", make(before, width, 2))
            self.add_module(f"up_act{number}", nn.ReLU())
            if number > 1:
                self.add_module(f"merge{number}", make(2 * width, width, 3))
                self.add_module(f"merge_act{number}", nn.ReLU())
            before = width
        before = 2 * levels[0]
        self.last = nn.Sequential()
        for number, width in enumerate(last, start=1):
            self.last.add_module(f"conv{number}", make(before, width, 3))
            self.last.add_module(f"act{number}", nn.ReLU())
            before = width
        self.head = make(before, classes, 1)

    def forward(
        self, x: Float[Tensor, "batch channels height width"]
    ) -> Float[Tensor, "batch classes height width"]:
        """Logits of each class for each pixel."""
        part = self.get_submodule
        skips = []
        for number in range(1, self.levels + 1):
            x = part(f"down_act{number}")(part(f"down{number}")(x))
            x = self.drop(x) if number == self.levels else x
            skips.append(x)
            x = part(f"pool{number}")(x)
        x = self.latent_drop(self.latent(self.latent_conv(x)))
        for number in range(self.levels, 0, -1):
            x = part(f"up_conv{number}")(part(f"up{number}")(x))
            x = torch.cat([skips[number - 1], part(f"up_act{number}")(x)], dim=1)
            if number > 1:
                x = part(f"merge_act{number}")(part(f"merge{number}")(x))
        return self.head(self.last(x))


def convolution(channels: int, width: int, size: int) -> nn.Module:
    """A 'same' convolution; an even kernel pads right and bottom, as in Keras."""
    return padded(size, nn.Conv2d(channels, width, size, padding=odd_padding(size)))


def separable_convolution(channels: int, width: int, size: int) -> nn.Module:
    """A depthwise 'same' convolution without bias, then a pointwise one with."""
    depthwise = nn.Conv2d(
        channels, channels, size, padding=odd_padding(size), groups=channels, bias=False
    )
    layers = nn.Sequential()
    layers.add_module("depthwise", padded(size, depthwise))
    layers.add_module("pointwise", nn.Conv2d(channels, width, 1))
    return layers


def odd_padding(size: int) -> int:
    """The padding on all sides that keeps the size under an odd kernel; 0 for an even one."""
    return size // 2 if size % 2 else 0


def padded(size: int, layer: nn.Conv2d) -> nn.Module:
    """The layer behind a column of zeros on the right and a row below, if its kernel is even."""
    if size % 2:
        return layer
    return nn.Sequential(nn.ZeroPad2d((0, size - 1, 0, size - 1)), layer)


def make_unet(
    channels: int,
    classes: int,
    widths: Sequence[int],
    last: Sequence[int],
    dropout: float,
    *,
    separable: bool,
    drop_latent: bool,
    seed: int,
) -> Unet:
    """A U-net with He's normal weights (He et al. 2015), cut at two deviations as in Keras."""
    with seeded_weights(seed):
        net = Unet(channels, classes, widths, last, dropout, separable, drop_latent)
        for layer in net.modules():
            if isinstance(layer, nn.Conv2d):
                fan_in = layer.weight[0].numel()
                std = (2 / fan_in) ** 0.5 / 0.87962566103423978  # what the cut takes away
                nn.init.trunc_normal_(layer.weight, std=std, a=-2 * std, b=2 * std)
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)
    return net
