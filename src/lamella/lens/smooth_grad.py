"""SmoothGrad: the gradient averaged over noisy copies of the image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import nn

from lamella.checks import check_range
from lamella.lens.batches import as_batch
from lamella.lens.looking import looking
from lamella.lens.passes import output_of
from lamella.lens.pictures import stretched
from lamella.lens.saliency import input_gradient, over_channels
from lamella.lens.targets import Target, best_classes, scores
from lamella.results import Images
from lamella.seeds import torch_generator


def smooth_grad(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    layer: str | None = None,
    samples: int = 25,
    noise: float = 0.15,
    seed: int = 0,
    captions: Sequence[str] = (),
) -> Images:
    """SmoothGrad maps as pictures, each from its least to its greatest value."""
    maps = smooth_grad_map(
        model, images, target, layer=layer, samples=samples, noise=noise, seed=seed
    )
    return stretched(maps, captions or ("",) * len(maps), each=True, title="SmoothGrad")


def smooth_grad_map(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    layer: str | None = None,
    samples: int = 25,
    noise: float = 0.15,
    seed: int = 0,
) -> Float[np.ndarray, "batch height width"]:
    """The greatest absolute value over channels of the mean gradient of noisy copies.

    Gaussian noise has the deviation `noise` times the range of each image. Where no target is
    given it is the highest class of the image without noise.

    Source: Smilkov, Thorat, Kim, Viégas, Wattenberg (2017), SmoothGrad.
    """
    check_range(samples, "smooth_grad()", "samples", low=1)
    check_range(noise, "smooth_grad()", "noise", low=0)
    generator = torch_generator(seed, "smooth grad")
    with looking(model, "smooth_grad()") as net:
        batch = as_batch(net, images, "smooth_grad()")
        if target is None and layer is None:
            target = best_classes(output_of(net, batch, None))
        flat = batch.flatten(1)
        spread = noise * (flat.amax(1) - flat.amin(1)).view(-1, *[1] * (batch.ndim - 1))
        total = torch.zeros_like(batch)
        for _ in range(samples):
            draw = torch.randn(batch.shape, generator=generator).to(batch)
            noisy = (batch + spread * draw).requires_grad_()
            total += input_gradient(scores(output_of(net, noisy, layer), target), noisy)
    return over_channels((total / samples).abs().cpu().numpy())
