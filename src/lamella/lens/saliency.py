"""Saliency: how much each pixel would change a score, from one backward pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.lens.batches import as_batch
from lamella.lens.looking import looking
from lamella.lens.passes import output_of
from lamella.lens.pictures import stretched
from lamella.lens.refusals import refusal
from lamella.lens.targets import Target, scores
from lamella.results import Images


def saliency(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    layer: str | None = None,
    captions: Sequence[str] = (),
) -> Images:
    """Saliency maps as pictures, each from zero to its greatest value."""
    maps = saliency_map(model, images, target, layer=layer)
    return stretched(maps, captions or ("",) * len(maps), each=True, title="Saliency")


def saliency_map(
    model: nn.Module, images: Any, target: Target = None, *, layer: str | None = None
) -> Float[np.ndarray, "batch height width"]:
    """The greatest |dS/dx| over channels at every pixel.

    S is the score of a class (None: the highest one of each sample), or of a channel or unit of
    `layer`. Raises LensError where the score does not depend on the input.

    Source: Simonyan, Vedaldi, Zisserman (2014), Deep inside convolutional networks, section 3.

    >>> from torch import nn
    >>> net = nn.Sequential(nn.Flatten(), nn.Linear(4, 1, bias=False))
    >>> _ = net[1].weight.data.copy_(torch.tensor([[1.0, -3.0, 0.0, 2.0]]))
    >>> saliency_map(net, np.ones((1, 1, 2, 2)), 0).tolist()
    [[[1.0, 3.0], [0.0, 2.0]]]
    """
    return over_channels(np.abs(gradient(model, images, target, layer=layer)))


def gradient(
    model: nn.Module, images: Any, target: Target = None, *, layer: str | None = None
) -> Float[np.ndarray, "batch ..."]:
    """dS/dx of every sample, in the shape of the samples."""
    with looking(model, "saliency()") as net:
        batch = as_batch(net, images, "saliency()").requires_grad_()
        return input_gradient(scores(output_of(net, batch, layer), target), batch).cpu().numpy()


def input_gradient(score: Float[Tensor, " batch"], batch: Tensor) -> Tensor:
    """The gradient of each sample's score; LensError where no path leads back to the input."""
    found = None
    if score.requires_grad:
        ones = torch.ones_like(score)
        (found,) = torch.autograd.grad(score, batch, ones, allow_unused=True)
    if found is None:
        raise refusal(
            "saliency()",
            wanted="a score that depends on the input through differentiable steps",
            got="one that is cut off from it (a detach, a rounding or an argmax in the forward)",
            do="Use occlusion, which needs no gradient",
        )
    return found


def over_channels(values: np.ndarray) -> Float[np.ndarray, "batch height width"]:
    """The greatest value over channels of images; dense inputs become one row of pixels."""
    return values.max(axis=1) if values.ndim == 4 else values[:, None, :]
