"""Fooling images: a small change that gives an image another class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.checks import check_range
from lamella.errors import bad_input
from lamella.lens.batches import as_sample
from lamella.lens.looking import looking
from lamella.lens.parametrisations import bounds
from lamella.lens.passes import model_output
from lamella.lens.pictures import Pixels, photographs, side_by_side, signed
from lamella.lens.refusals import refusal
from lamella.lens.saliency import input_gradient
from lamella.results import Images


@dataclass(frozen=True, eq=False)
class Fooled:
    """An image, the changed one, and what the network makes of both.

    `distance` is the Euclidean length of the change, `largest` its greatest absolute entry, in
    pixels from 0 to 1 where the relation to pixels is known, else in the network's input numbers.
    """

    image: Float[np.ndarray, "channels height width"]
    changed: Float[np.ndarray, "channels height width"]
    was: int
    becomes: int
    confidence: float
    distance: float
    largest: float


def fooling(
    model: nn.Module,
    image: Any,
    target: int,
    *,
    pixels: Pixels | None = None,
    class_names: tuple[str, ...] = (),
    **options: Any,
) -> Images:
    """The image, what is added to it (enlarged around grey), and the image that fools."""
    found = fool(model, image, target, pixels=pixels, **options)
    name = lambda k: class_names[k] if class_names else str(k)  # noqa: E731
    both = photographs(
        np.stack([found.image, found.changed]),
        pixels,
        [name(found.was), f"{name(found.becomes)} {found.confidence:.0%}, L2 {found.distance:.3g}"],
    )
    change = signed((found.changed - found.image)[None], [f"change, at most {found.largest:.2g}"])
    first = Images(both.pixels[:1], both.captions[:1])
    return side_by_side(
        [first, change, Images(both.pixels[1:], both.captions[1:])], columns=3, title="Fooling"
    )


def fool(
    model: nn.Module,
    image: Any,
    target: int,
    *,
    confidence: float = 0.9,
    steps: int = 300,
    rate: float = 0.05,
    pixels: Pixels | None = None,
) -> Fooled:
    """Follow the gradient of log p(target) in steps of length `rate` until p is `confidence`.

    Then the change is shortened along its line as far as the confidence holds. With `pixels` the
    image stays within black and white. Raises LensError where the steps do not suffice.

    Source: Szegedy et al. (2014), Intriguing properties of neural networks; Nguyen, Yosinski,
    Clune (2015), Deep neural networks are easily fooled.
    """
    check_range(confidence, "fooling()", "confidence", low=0, high=1 - 1e-6)
    with looking(model, "fooling()") as net:
        start = as_sample(net, image, "fooling()")
        logits = model_output(net, start)
        if logits.ndim != 2 or not 0 <= target < logits.shape[1]:
            raise bad_input(
                "fooling()",
                wanted=f"a class of the output, {tuple(logits.shape[1:])}",
                got=str(target),
                do="Count from 0",
            )
        found = _climb(net, start, target, confidence, steps, rate, pixels)
        changed = _shorten(net, start, found, target, confidence)
        share = _share(net, changed, target)
    before, after = start[0].cpu().numpy(), changed[0].cpu().numpy()
    scale = (lambda x: x) if pixels is None else pixels.to_pixels
    gap = scale(after) - scale(before)
    distance, largest = float(np.sqrt((gap**2).sum())), float(np.abs(gap).max())
    return Fooled(before, after, int(logits.argmax()), target, share, distance, largest)


def _climb(
    net: nn.Module,
    start: Tensor,
    target: int,
    confidence: float,
    steps: int,
    rate: float,
    pixels: Pixels | None,
) -> Tensor:
    low, high = bounds(pixels, start)
    image, share = start, _share(net, start, target)
    for _ in range(steps):
        if share >= confidence:
            return image
        image = image.detach().requires_grad_()
        score = torch.log_softmax(model_output(net, image), dim=1)[:, target]
        slope = input_gradient(score, image)
        image = (image + rate * slope / slope.norm().clamp(min=1e-12)).detach()
        image = image if low is None or high is None else image.clamp(low, high)
        share = _share(net, image, target)
    if share >= confidence:
        return image
    raise refusal(
        "fooling()",
        wanted=f"a confidence of {confidence:.0%}",
        got=f"{share:.1%} after {steps} steps",
        do="Allow more steps or a larger rate",
    )


def _shorten(net: nn.Module, start: Tensor, end: Tensor, target: int, confidence: float) -> Tensor:
    """The nearest image on the line from `start` to `end` that bisection finds confident."""
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        if _share(net, start + middle * (end - start), target) >= confidence:
            high = middle
        else:
            low = middle
    return start + high * (end - start)


def _share(net: nn.Module, image: Tensor, target: int) -> float:
    with torch.no_grad():
        return float(torch.softmax(model_output(net, image).double(), dim=1)[0, target])
