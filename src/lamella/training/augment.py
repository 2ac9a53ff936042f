"""Random changes of training images, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from lamella.checks import check_choice
from lamella.errors import bad_input

Augmentation = Callable[[Tensor, torch.Generator], Tensor]


def flip(
    images: Float[Tensor, "batch channels height width"], generator: torch.Generator
) -> Float[Tensor, "batch channels height width"]:
    """Each image mirrored left to right with probability one half."""
    chosen = torch.rand(len(images), generator=generator) < 0.5
    return torch.where(chosen.to(images.device)[:, None, None, None], images.flip(3), images)


def crop(
    images: Float[Tensor, "batch channels height width"],
    generator: torch.Generator,
    margin: int = 4,
) -> Float[Tensor, "batch channels height width"]:
    """Each image moved by up to `margin` pixels in each direction, its border repeated."""
    count, _, height, width = images.shape
    padded = F.pad(images, (margin,) * 4, mode="replicate")
    moves = torch.randint(0, 2 * margin + 1, (2, count), generator=generator).to(images.device)
    rows = moves[0][:, None] + torch.arange(height, device=images.device)
    columns = moves[1][:, None] + torch.arange(width, device=images.device)
    samples = torch.arange(count, device=images.device)[:, None, None]
    moved = padded.permute(0, 2, 3, 1)[samples, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2)


AUGMENTATIONS: dict[str, Augmentation] = {"flip": flip, "crop": crop}


def find_augmentations(
    names: Sequence[str | Augmentation], input_shape: tuple[int, ...]
) -> list[Augmentation]:
    """The augmentations of those names, or the callables themselves; InputError without images."""
    if names and len(input_shape) != 3:
        raise bad_input(
            "train(augment=...)",
            wanted="images of shape channels x height x width",
            got=f"inputs of shape {input_shape}",
            do="Leave augment out",
        )
    return [
        n if callable(n) else AUGMENTATIONS[check_choice(n, AUGMENTATIONS, "augmentation")]
        for n in names
    ]
