"""Convolution blocks and a residual pair of them."""

from __future__ import annotations

from collections import OrderedDict

from jaxtyping import Float
from torch import Tensor, nn


def convolution(before: int, after: int, *, pool: bool = False) -> nn.Sequential:
    """3 x 3 convolution, halving maximum where asked for, batch normalisation, ReLU."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    layers["conv"] = nn.Conv2d(before, after, 3, padding=1, bias=False)
    if pool:
        layers["pool"] = nn.MaxPool2d(2)
    layers["norm"] = nn.BatchNorm2d(after)
    layers["act"] = nn.ReLU()
    return nn.Sequential(layers)


class Residual(nn.Module):
    """Two blocks whose output is added to their input (He et al. 2016, figure 2)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = convolution(width, width)
        self.second = convolution(width, width)

    def forward(self, x: Float[Tensor, "batch width height columns"]) -> Tensor:
        return x + self.second(self.first(x))
