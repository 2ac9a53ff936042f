"""Gradient ascent: the image that a unit, a channel or a class responds to most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.checks import check_range
from lamella.errors import bad_input
from lamella.lens.gram import gram
from lamella.lens.layer_calls import check_layers
from lamella.lens.looking import looking
from lamella.lens.parametrisations import Canvas, bounds, canvas
from lamella.lens.passes import layer_outputs, model_output
from lamella.lens.pictures import Pixels, photographs
from lamella.lens.regularisers import blurred, jittered, total_variation, without_small
from lamella.lens.saliency import input_gradient
from lamella.lens.targets import Target, scores
from lamella.recording.capture import device_of, dtype_of
from lamella.results import Images
from lamella.seeds import torch_generator


@dataclass(frozen=True, eq=False)
class Ascended:
    """Synthesised inputs, the score of each, and the mean score after every step."""

    inputs: Float[np.ndarray, "count channels height width"]
    scores: Float[np.ndarray, " count"]
    path: Float[np.ndarray, " steps"]


def ascent(
    model: nn.Module,
    target: Target,
    shape: tuple[int, ...],
    *,
    pixels: Pixels | None = None,
    captions: tuple[str, ...] = (),
    **options: Any,
) -> Images:
    """What `ascend` finds, as pictures with their scores."""
    found = ascend(model, target, shape, pixels=pixels, **options)
    names = captions or ("",) * len(found.inputs)
    words = [f"{name} score {s:.3g}".strip() for name, s in zip(names, found.scores, strict=True)]
    shown = found.inputs if found.inputs.ndim == 4 else found.inputs[:, None, None, :]
    where = options.get("layer") or "class"
    return photographs(shown, pixels, words, title=f"Gradient ascent: {where} {target}")


def ascend(
    model: nn.Module,
    target: Target,
    shape: tuple[int, ...],
    *,
    layer: str | None = None,
    count: int = 1,
    steps: int = 200,
    rate: float = 0.05,
    parametrisation: str = "fourier",
    colours: Float[np.ndarray, "channels channels"] | None = None,
    pixels: Pixels | None = None,
    l2: float = 0.0,
    variation: float = 0.0,
    blur: float = 0.0,
    blur_every: int = 4,
    clip_small: float = 0.0,
    jitter: int = 0,
    diversity: float = 0.0,
    seed: int = 0,
) -> Ascended:
    """Climb the score of a class (or of a channel or unit of `layer`) from faint noise, by Adam.

    `target` as in `saliency_map`; a list gives each image its own. `pixels` keeps images within
    black and white. Penalties: `l2` times the mean square, `variation` times the total variation.
    Corrections, for parametrisation "pixels" only: every `blur_every` steps a Gaussian `blur` of
    so many pixels, and the share `clip_small` of smallest pixels set to zero. `jitter` moves the
    image at random before each step. `diversity` pushes `count` images apart by the cosines of
    their Gram matrices (Olah et al. 2017). The scores returned are those of the whole, still image.

    Source: Simonyan et al. (2014), section 2; Yosinski et al. (2015); Olah et al. (2017).
    """
    check_range(steps, "ascent()", "steps", low=1)
    if parametrisation != "pixels" and (blur or clip_small):
        raise bad_input(
            "ascent()",
            wanted="blur and clip_small with parametrisation='pixels'",
            got=repr(parametrisation),
            do="Drop them, or climb in pixels",
        )
    generator = torch_generator(seed, "ascent")
    with looking(model, "ascent()") as net:
        like = torch.zeros((), dtype=dtype_of(net), device=device_of(net))
        drawn = canvas(
            parametrisation,
            count,
            tuple(shape),
            pixels=pixels,
            colours=colours,
            generator=generator,
            like=like,
        )
        drawn.numbers.requires_grad_()
        ends = bounds(pixels, like) if parametrisation == "pixels" and not colours else (None, None)
        first = drawn.images().detach()[:1]
        wanted = None if layer is None else check_layers(net, first, [layer])
        optimiser = torch.optim.Adam([drawn.numbers], lr=rate)
        path = []
        for step in range(steps):
            images = drawn.images()
            moved = jittered(images, jitter, generator) if images.ndim == 4 else images
            output = _output(net, moved, layer, wanted)
            score = scores(output, target)
            loss = -score.sum() + _penalty(images, output, l2, variation, diversity)
            # also refuses a score that is cut off from the input
            drawn.numbers.grad = input_gradient(-loss[None], drawn.numbers).neg()
            optimiser.step()
            _correct(drawn, step, blur, blur_every, clip_small, ends)
            path.append(float(score.detach().mean()))
        with torch.no_grad():
            images = drawn.images().detach()
            last = scores(_output(net, images, layer, wanted), target)
    return Ascended(images.cpu().numpy(), last.cpu().numpy(), np.array(path))


def _output(
    net: nn.Module, images: Tensor, layer: str | None, wanted: dict[str, int] | None
) -> Tensor:
    if layer is None or wanted is None:
        return model_output(net, images)
    return layer_outputs(net, images, wanted)[layer]


def _penalty(
    images: Tensor, output: Tensor, l2: float, variation: float, diversity: float
) -> Tensor:
    penalty = images.new_zeros(())
    if l2:
        penalty = penalty + l2 * images.square().flatten(1).mean(dim=1).sum()
    if variation and images.ndim == 4:
        penalty = penalty + variation * total_variation(images).sum()
    if diversity and len(images) > 1:
        penalty = penalty + diversity * likeness(output if output.ndim == 4 else images)
    return penalty


def likeness(maps: Float[Tensor, "batch ..."]) -> Float[Tensor, ""]:
    """The sum of the cosines between the Gram matrices of all pairs."""
    looks = gram(maps) if maps.ndim == 4 else maps
    flat = nn.functional.normalize(looks.flatten(1), dim=1)
    cosines = flat @ flat.T
    return cosines.sum() - cosines.diagonal().sum()


def _correct(
    drawn: Canvas,
    step: int,
    blur: float,
    blur_every: int,
    clip_small: float,
    ends: tuple[Tensor | None, Tensor | None],
) -> None:
    with torch.no_grad():
        if blur and (step + 1) % blur_every == 0:
            drawn.numbers.copy_(blurred(drawn.numbers, blur))
        if clip_small:
            drawn.numbers.copy_(without_small(drawn.numbers, clip_small))
        if ends[0] is not None and ends[1] is not None:
            drawn.numbers.copy_(drawn.numbers.clamp(ends[0], ends[1]))
