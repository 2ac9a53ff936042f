"""Gram matrices: which channels of a layer are active together, wherever in the image."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor


def gram(maps: Float[Tensor, "batch channels h w"]) -> Float[Tensor, "batch channels channels"]:
    """Inner products of all pairs of channels, divided by the number of places.

    Symmetric and positive semi-definite.

    Source: Gatys, Ecker, Bethge (2015), Texture synthesis using convolutional neural networks.

    >>> import torch
    >>> gram(torch.tensor([[[[1.0, 3.0]], [[0.0, 2.0]]]]))
    tensor([[[5., 3.], [3., 2.]]])
    """
    flat = maps.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[2]
