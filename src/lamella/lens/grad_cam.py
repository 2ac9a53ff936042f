"""Grad-CAM: where on the maps of a layer a class is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.lens.batches import as_batch
from lamella.lens.layer_calls import parse
from lamella.lens.looking import looking
from lamella.lens.passes import as_logits, layer_outputs
from lamella.lens.pictures import Pixels, overlaid
from lamella.lens.refusals import refusal
from lamella.lens.targets import Target, scores
from lamella.results import Images


def grad_cam(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    maps_of: str,
    pixels: Pixels | None = None,
    captions: Sequence[str] = (),
) -> Images:
    """Grad-CAM as heat over the images, smoothly enlarged to their size."""
    batch = torch.as_tensor(images)
    maps = grad_cam_map(model, batch, target, maps_of=maps_of)
    size = tuple(batch.shape[-2:])
    wide = nn.functional.interpolate(torch.from_numpy(maps)[:, None], size, mode="bilinear")
    return overlaid(
        batch,
        wide[:, 0].numpy(),
        pixels,
        captions or ("",) * len(maps),
        title=f"Grad-CAM {maps_of}",
    )


def grad_cam_map(
    model: nn.Module, images: Any, target: Target = None, *, maps_of: str
) -> Float[np.ndarray, "batch rows columns"]:
    """The positive part of the maps of layer `maps_of`, weighted by their mean gradients.

    Raises LensError for a layer without maps of rows and columns, or one the score does not pass.

    Source: Selvaraju et al. (2017), Grad-CAM: visual explanations from deep networks.
    """
    final: list[Any] = []
    with looking(model, "grad_cam()") as net:
        batch = as_batch(net, images, "grad_cam()").requires_grad_()
        guess = {maps_of: parse(maps_of)[1] or 1}
        maps = layer_outputs(net, batch, guess, stop=False, final=final)[maps_of]
        check_maps(maps, maps_of)
        found = _gradient_at(scores(as_logits(final[0]), target), maps, maps_of)
        with torch.no_grad():
            weights = found.mean(dim=(2, 3), keepdim=True)
            return (weights * maps).sum(dim=1).clamp(min=0).cpu().numpy()


def check_maps(maps: Tensor, layer: str, technique: str = "grad_cam()") -> None:
    """LensError for a layer without rows and columns."""
    if maps.ndim != 4:
        raise refusal(
            technique,
            wanted="a layer of maps with rows and columns",
            got=f"{layer!r}, which gives {' x '.join(map(str, maps.shape[1:]))}",
            do="Choose a convolution or what follows one",
        )


def _gradient_at(score: Tensor, maps: Tensor, layer: str) -> Tensor:
    found = None
    if score.requires_grad and maps.requires_grad:
        (found,) = torch.autograd.grad(score, maps, torch.ones_like(score), allow_unused=True)
    if found is None:
        raise refusal(
            "grad_cam()",
            wanted="a layer on the way to the score",
            got=f"{layer!r}, from which no gradient path leads there",
            do="Choose another",
        )
    return found
