"""Small random networks with strides, dilation, padding, pooling, upsampling and branches."""

from __future__ import annotations

import torch
from hypothesis import strategies as st
from torch import nn

CHANNELS = 2
KINDS = ("conv", "padded", "pool", "average", "branches", "up", "transposed", "pad", "point")


class Branches(nn.Module):
    """Two paths of equal output size, added or concatenated, in plain Python."""

    def __init__(self, kernel: int, stride: int, dilation: int, join: bool) -> None:
        super().__init__()
        reach = dilation * (kernel - 1) // 2
        self.long = nn.Conv2d(CHANNELS, CHANNELS, kernel, stride, reach, dilation)
        self.short = nn.Conv2d(CHANNELS, CHANNELS, 1, stride)
        self.join = join

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        long, short = torch.relu(self.long(x)), self.short(x)
        if self.join:
            return torch.cat([long, short], 1)[:, ::2]
        return short + long


@st.composite
def layers(draw: st.DrawFn) -> nn.Module:
    """One layer that keeps the number of channels."""
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    kind = draw(st.sampled_from(KINDS))
    kernel, stride = draw(pair), draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    padding = (draw(st.integers(0, kernel[0] // 2)), draw(st.integers(0, kernel[1] // 2)))
    if kind == "conv":
        dilation = draw(pair)
        return nn.Conv2d(
            CHANNELS, CHANNELS, kernel, stride, padding, dilation, draw(st.sampled_from([1, 2]))
        )
    if kind == "padded":
        mode = draw(st.sampled_from(["reflect", "replicate", "circular"]))
        return nn.Conv2d(CHANNELS, CHANNELS, 3, 1, 1, padding_mode=mode)
    if kind == "pool":
        return nn.MaxPool2d(kernel, stride, padding, ceil_mode=draw(st.booleans()))
    if kind == "average":
        return nn.AvgPool2d(kernel, stride, padding)
    if kind == "branches":
        odd = draw(st.sampled_from([1, 3]))
        return Branches(odd, draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.booleans()))
    if kind == "up":
        return nn.Upsample(scale_factor=2, mode=draw(st.sampled_from(["nearest", "bilinear"])))
    if kind == "transposed":
        return nn.ConvTranspose2d(CHANNELS, CHANNELS, kernel, stride)
    if kind == "pad":
        return nn.ZeroPad2d(draw(st.tuples(*[st.integers(0, 2)] * 4)))
    return draw(st.sampled_from([nn.ReLU(inplace=True), nn.BatchNorm2d(CHANNELS), nn.Tanh()]))


@st.composite
def networks(draw: st.DrawFn) -> tuple[nn.Sequential, tuple[int, int, int]]:
    """A network and the shape of one input on which it runs."""
    shape = (CHANNELS, draw(st.integers(7, 12)), draw(st.integers(7, 12)))
    chosen: list[nn.Module] = []
    x = torch.empty(1, *shape, device="meta")
    for layer in draw(st.lists(layers(), min_size=1, max_size=5)):
        try:
            y = layer.to("meta").eval()(x)
        except RuntimeError:
            continue
        if min(y.shape[2:]) >= 1 and max(y.shape[2:]) <= 24:
            chosen.append(layer)
            x = y
    return nn.Sequential(*(chosen or [nn.Identity()])), shape
