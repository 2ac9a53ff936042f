"""Occlusion: what the score loses when a patch of the image is covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from lamella.checks import check_range
from lamella.errors import bad_input
from lamella.lens.batches import as_batch
from lamella.lens.looking import looking
from lamella.lens.passes import output_of
from lamella.lens.pictures import Pixels, overlaid
from lamella.lens.targets import Target, best_classes, scores
from lamella.results import Images


@dataclass(frozen=True, eq=False)
class Occluded:
    """The loss of score for each place of the patch, and shared out over the pixels below it.

    `losses` has the shape (batch, places down, places across); `pixels` is for each pixel the mean
    loss over the patches that cover it.
    """

    losses: Float[np.ndarray, "batch down across"]
    pixels: Float[np.ndarray, "batch height width"]


def occlusion(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    layer: str | None = None,
    patch: int = 5,
    stride: int = 1,
    fill: Any = 0.0,
    pixels: Pixels | None = None,
    captions: Sequence[str] = (),
) -> Images:
    """The loss of score as heat over the images."""
    maps = occlude(model, images, target, layer=layer, patch=patch, stride=stride, fill=fill).pixels
    return overlaid(images, maps, pixels, captions or ("",) * len(maps), title="Occlusion")


def occlusion_map(
    model: nn.Module, images: Any, target: Target = None, **options: Any
) -> Float[np.ndarray, "batch height width"]:
    """For every pixel the mean loss of score over the patches that cover it; see `occlude`."""
    return occlude(model, images, target, **options).pixels


def occlude(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    layer: str | None = None,
    patch: int = 5,
    stride: int = 1,
    fill: Any = 0.0,
    batch_size: int = 128,
) -> Occluded:
    """Slide a patch x patch square of `fill` over each image and note what the score loses.

    `fill` is a number, or an array that broadcasts to the batch; in the network's input, where 0
    is often the mean colour. Needs no gradient. Without a target the class is the one that the
    whole image gets. The last place of a row lies at its end, cut if the stride does not fit.

    Source: Zeiler and Fergus (2014), Visualizing and understanding convolutional networks, 4.2.
    """
    with looking(model, "occlusion()", grad=False) as net:
        batch = as_batch(net, images, "occlusion()")
        windows, down, across = windows_of(batch, patch, stride)
        value = torch.as_tensor(fill, dtype=batch.dtype, device=batch.device).expand_as(batch)
        whole = output_of(net, batch, layer)
        chosen_for: Any = best_classes(whole) if target is None else target
        before = scores(whole, chosen_for)
        after = torch.empty(len(batch), len(windows), dtype=before.dtype, device=batch.device)
        for at in range(len(batch)):
            chosen = chosen_for if isinstance(chosen_for, int | tuple) else int(chosen_for[at])
            for first in range(0, len(windows), batch_size):
                some = windows[first : first + batch_size, None]
                covered = torch.where(some, value[at], batch[at])
                after[at, first : first + batch_size] = scores(
                    output_of(net, covered, layer), chosen
                )
    return share_out(before[:, None] - after, windows, down, across)


def share_out(
    losses: Float[Tensor, "batch places"],
    windows: Bool[Tensor, "places h w"],
    down: int,
    across: int,
) -> Occluded:
    """Losses by place, and their mean over the places that cover each pixel."""
    cover = windows.flatten(1).to(losses)
    mean = losses @ cover / cover.sum(dim=0).clamp(min=1)
    batch = len(losses)
    return Occluded(
        losses.reshape(batch, down, across).cpu().numpy(),
        mean.reshape(batch, *windows.shape[1:]).cpu().numpy(),
    )


def windows_of(
    batch: Tensor, patch: int, stride: int
) -> tuple[Bool[Tensor, "places height width"], int, int]:
    """A mask for every place of the patch, and how many places there are down and across."""
    if batch.ndim != 4:
        raise bad_input(
            "occlusion()",
            wanted="images of batch x channels x height x width",
            got=str(tuple(batch.shape)),
            do="Reshape dense inputs to images",
        )
    height, width = batch.shape[2:]
    check_range(patch, "occlusion()", "patch", low=1, high=min(height, width))
    check_range(stride, "occlusion()", "stride", low=1, high=patch)
    rows, columns = _covers(height, patch, stride), _covers(width, patch, stride)
    masks = rows[:, None, :, None] & columns[None, :, None, :]
    return masks.flatten(0, 1).to(batch.device), len(rows), len(columns)


def _covers(size: int, patch: int, stride: int) -> Bool[Tensor, "places size"]:
    places = -(-(size - patch) // stride) + 1
    first = torch.arange(places)[:, None] * stride
    at = torch.arange(size)[None]
    return (at >= first) & (at < first + patch)
