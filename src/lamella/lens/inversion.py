"""Feature inversion: the image that a layer cannot tell from the given one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import nn

from lamella.lens.batches import as_sample
from lamella.lens.descent import descend
from lamella.lens.layer_calls import check_layers
from lamella.lens.looking import looking
from lamella.lens.passes import layer_outputs
from lamella.lens.pictures import Pixels, photographs
from lamella.lens.regularisers import total_variation
from lamella.lens.ssim import ssim
from lamella.results import Images
from lamella.seeds import torch_generator


@dataclass(frozen=True, eq=False)
class Inverted:
    """The image found from a layer.

    `error` is the squared distance in the layer as a share of the squared length of what the layer
    gives, `likeness` the SSIM with the original (NaN below 11 x 11 pixels or for dense inputs).
    """

    inputs: Float[np.ndarray, "channels height width"]
    error: float
    likeness: float


def inversion(
    model: nn.Module,
    image: Any,
    layers: Sequence[str],
    *,
    pixels: Pixels | None = None,
    **options: Any,
) -> Images:
    """The image, and beside it what each layer still tells of it, captioned with its SSIM."""
    found = [invert(model, image, layer, pixels=pixels, **options) for layer in layers]
    first = np.asarray(image, np.float32).reshape(found[0].inputs.shape)
    words = [f"{n} {f.likeness:.2f}" for n, f in zip(layers, found, strict=True)]
    shown = np.stack([first, *(f.inputs for f in found)])
    return photographs(shown, pixels, ["image", *words], title="Feature inversion")


def invert(
    model: nn.Module,
    image: Any,
    layer: str,
    *,
    steps: int = 300,
    rate: float = 0.1,
    variation: float = 0.001,
    l2: float = 0.0,
    pixels: Pixels | None = None,
    seed: int = 0,
) -> Inverted:
    """Descend |F(x) - F(image)|² / |F(image)|² + penalties from faint noise, F being the layer.

    `variation` weighs the total variation, `l2` the mean square.

    Source: Mahendran and Vedaldi (2015), Understanding deep image representations by inverting
    them.
    """
    generator = torch_generator(seed, "inversion")
    with looking(model, "inversion()") as net:
        given = as_sample(net, image, "inversion()")
        wanted = check_layers(net, given, [layer])
        with torch.no_grad():
            goal = layer_outputs(net, given, wanted)[layer]
        size = goal.square().sum().clamp(min=1e-12)

        def error(x: torch.Tensor) -> torch.Tensor:
            return (layer_outputs(net, x, wanted)[layer] - goal).square().sum() / size

        def loss(x: torch.Tensor) -> torch.Tensor:
            smooth = total_variation(x).sum() if x.ndim == 4 else x.new_zeros(())
            return error(x) + variation * smooth + l2 * x.square().mean()

        start = (0.1 * torch.randn(given.shape, generator=generator)).to(given)
        found, _ = descend(start, loss, steps=steps, rate=rate, pixels=pixels)
        with torch.no_grad():
            left = float(error(found))
    ours, theirs = found[0].cpu().numpy(), given[0].cpu().numpy()
    return Inverted(ours, left, _likeness(ours, theirs, pixels))


def _likeness(ours: np.ndarray, theirs: np.ndarray, pixels: Pixels | None) -> float:
    if ours.ndim != 3 or min(ours.shape[1:]) < 11:
        return float("nan")
    if pixels is not None:
        return ssim(pixels.to_pixels(ours), pixels.to_pixels(theirs))
    return ssim(ours, theirs, data_range=float(np.ptp(theirs)) or 1.0)
