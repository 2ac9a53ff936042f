"""How well masks agree: Dice and IoU of each class, from counts over all pixels."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int, Integer
from torch import Tensor


@dataclass(frozen=True)
class Scores:
    """Dice 2|AB| / (|A| + |B|) and IoU |AB| / |A or B| of each class over all pixels and images.

    The background comes last; the means leave it out. A class that is neither there nor predicted
    has the value 1.
    """

    dice: tuple[float, ...]
    iou: tuple[float, ...]

    @property
    def mean_dice(self) -> float:
        """Mean Dice over the classes, without the background."""
        return sum(self.dice[:-1]) / max(1, len(self.dice) - 1)

    @property
    def mean_iou(self) -> float:
        """Mean IoU over the classes, without the background."""
        return sum(self.iou[:-1]) / max(1, len(self.iou) - 1)


def confusion(
    predicted: Integer[Tensor, "batch height width"],
    labels: Integer[Tensor, "batch height width"],
    channels: int,
) -> Int[Tensor, "channels channels"]:
    """How many pixels of class i (row) were called j (column).

    >>> confusion(torch.tensor([[[0, 1]]]), torch.tensor([[[0, 0]]]), 2).tolist()
    [[1, 1], [0, 0]]
    """
    pairs = labels.reshape(-1).long() * channels + predicted.reshape(-1)
    return torch.bincount(pairs, minlength=channels**2).reshape(channels, channels)


def scores_of(
    counts: Float[Tensor, "channels channels"] | Int[Tensor, "channels channels"],
) -> Scores:
    """Dice and IoU of each class from a confusion matrix.

    >>> scores_of(torch.tensor([[1, 1], [0, 2]])).dice
    (0.6666666666666666, 0.8)
    """
    both = counts.diagonal().double()
    sizes = (counts.sum(dim=0) + counts.sum(dim=1)).double()
    dice = torch.where(sizes > 0, 2 * both / sizes.clamp(min=1), 1.0)
    iou = torch.where(sizes > 0, both / (sizes - both).clamp(min=1), 1.0)
    return Scores(tuple(dice.tolist()), tuple(iou.tolist()))
