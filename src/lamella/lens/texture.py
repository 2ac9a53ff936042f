"""Texture: an image with the same Gram matrices, and so the same look, as another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.lens.batches import as_sample
from lamella.lens.descent import descend
from lamella.lens.grad_cam import check_maps
from lamella.lens.gram import gram
from lamella.lens.layer_calls import check_layers
from lamella.lens.looking import looking
from lamella.lens.passes import layer_outputs
from lamella.lens.pictures import Pixels, photographs
from lamella.lens.regularisers import total_variation
from lamella.results import Images
from lamella.seeds import torch_generator

Grams = dict[str, Float[Tensor, "1 channels channels"]]


def texture(
    model: nn.Module,
    image: Any,
    layers: Sequence[str],
    *,
    pixels: Pixels | None = None,
    **options: Any,
) -> Images:
    """The image and its texture as the layers see it, side by side."""
    found = synthesise_texture(model, image, layers, pixels=pixels, **options)
    given = np.asarray(image, np.float32).reshape(found.shape)
    words = ("image", f"texture of {', '.join(layers)}")
    return photographs(np.stack([given, found]), pixels, words, title="Texture")


def synthesise_texture(
    model: nn.Module,
    image: Any,
    layers: Sequence[str],
    *,
    steps: int = 300,
    rate: float = 0.05,
    variation: float = 0.0,
    pixels: Pixels | None = None,
    seed: int = 0,
) -> Float[np.ndarray, "channels height width"]:
    """From noise, match the Gram matrices of the layers; each counts by its relative error.

    Source: Gatys, Ecker, Bethge (2015), Texture synthesis using convolutional neural networks.
    """
    generator = torch_generator(seed, "texture")
    with looking(model, "texture()") as net:
        given = as_sample(net, image, "texture()")
        wanted = check_layers(net, given, list(layers))
        with torch.no_grad():
            goal = grams(layer_outputs(net, given, wanted))

        def loss(x: Tensor) -> Tensor:
            found = gram_error(grams(layer_outputs(net, x, wanted)), goal)
            return found + variation * total_variation(x).sum()

        noise = torch.randn(given.shape, generator=generator).to(given)
        mean = given.mean(dim=(2, 3), keepdim=True)
        start = mean + noise * given.std(dim=(2, 3), keepdim=True)
        found, _ = descend(start, loss, steps=steps, rate=rate, pixels=pixels)
    return found[0].cpu().numpy()


def grams(outputs: dict[str, Tensor]) -> Grams:
    """The Gram matrix of every layer; LensError for one without maps."""
    for layer, maps in outputs.items():
        check_maps(maps, layer, "texture()")
    return {layer: gram(maps) for layer, maps in outputs.items()}


def gram_error(found: Grams, goal: Grams) -> Float[Tensor, ""]:
    """The mean over layers of the squared distance as a share of the squared length."""
    parts = [
        (found[n] - g).square().sum() / g.square().sum().clamp(min=1e-12) for n, g in goal.items()
    ]
    return torch.stack(parts).mean()
