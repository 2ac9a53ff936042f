"""DeepDream: an image in which a layer sees more and more of what it knows."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import interpolate

from lamella.checks import check_range
from lamella.errors import bad_input
from lamella.lens.batches import as_sample
from lamella.lens.layer_calls import check_layers
from lamella.lens.looking import looking
from lamella.lens.parametrisations import bounds
from lamella.lens.passes import layer_outputs
from lamella.lens.pictures import Pixels, photographs
from lamella.lens.regularisers import jittered
from lamella.lens.saliency import input_gradient
from lamella.lens.targets import Target, scores
from lamella.results import Images
from lamella.seeds import torch_generator


def deep_dream(
    model: nn.Module, image: Any, layer: str, *, pixels: Pixels | None = None, **options: Any
) -> Images:
    """The dream of one image."""
    found = dream(model, image, layer, pixels=pixels, **options)
    return photographs(found[None], pixels, [f"dream of {layer}"], title="DeepDream")


def dream(
    model: nn.Module,
    image: Any,
    layer: str,
    *,
    target: Target = None,
    enlarge: float = 3.0,
    octaves: int = 4,
    octave_scale: float = 1.4,
    steps: int = 12,
    rate: float = 0.03,
    jitter: int = 4,
    pixels: Pixels | None = None,
    seed: int = 0,
) -> Float[np.ndarray, "channels height width"]:
    """Enlarge the image and climb the mean squared activation of a layer, octave by octave.

    Octaves go from small to full size; what was dreamt at one is enlarged and added to the next.
    Each step adds `rate` times the range of pixels times the gradient, divided by its mean absolute
    value. With a `target` a channel or unit is climbed instead. Only layers before the first one of
    fixed size can dream, as enlarged images go no further than `layer`.

    Source: Mordvintsev, Olah, Tyka (2015), Inceptionism: going deeper into neural networks.
    """
    check_range(octaves, "deep_dream()", "octaves", low=1)
    generator = torch_generator(seed, "dream")
    with looking(model, "deep_dream()") as net:
        given = as_sample(net, image, "deep_dream()")
        if given.ndim != 4:
            raise bad_input("deep_dream()", wanted="an image", got="a dense input", do="Reshape it")
        wanted = check_layers(net, given, [layer])
        ends = bounds(pixels, given)
        span = float(given.amax() - given.amin()) if ends[0] is None else 1.0
        span = span if ends[0] is None or ends[1] is None else (ends[1] - ends[0]).mean().item()
        detail = torch.zeros_like(given)
        for octave in reversed(range(octaves)):
            base = resized(given, enlarge / octave_scale**octave)
            dreamt = base + interpolate(detail, base.shape[2:], mode="bilinear")
            for _ in range(steps):
                dreamt = _step(net, dreamt, layer, wanted, target, rate * span, jitter, generator)
                dreamt = dreamt if ends[0] is None else dreamt.clamp(ends[0], ends[1])
            detail = dreamt - base
    return dreamt[0].cpu().numpy()


def resized(image: Tensor, factor: float) -> Tensor:
    """An image enlarged or reduced by a factor, bilinear, at least 8 pixels."""
    size = [max(8, round(n * factor)) for n in image.shape[2:]]
    return interpolate(image, size, mode="bilinear", antialias=factor < 1)


def _step(
    net: nn.Module,
    image: Tensor,
    layer: str,
    wanted: dict[str, int],
    target: Target,
    rate: float,
    jitter: int,
    generator: torch.Generator,
) -> Tensor:
    image = image.detach().requires_grad_()
    output = layer_outputs(net, jittered(image, jitter, generator), wanted)[layer]
    score = output.square().flatten(1).mean(dim=1) if target is None else scores(output, target)
    slope = input_gradient(score, image)
    return (image + rate * slope / slope.abs().mean().clamp(min=1e-12)).detach()
