"""Losses of segmentation, by name: logits and the class of each pixel in, one number out.

All are means over images and pixels, of p = softmax(logits) over the channels and y = the one-hot
labels: `weighted_cross_entropy`, `focal` and `dice`. The weights default to the study's own for
three classes and the background, which is the last channel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from jaxtyping import Float, Integer
from torch import Tensor

from lamella.checks import check_choice
from lamella.errors import bad_input

PixelLoss = Callable[[Tensor, Tensor], Tensor]


def weighted_cross_entropy(
    logits: Float[Tensor, "batch channels height width"],
    labels: Integer[Tensor, "batch height width"],
    weights: Sequence[float] | None = None,
) -> Float[Tensor, ""]:
    """The mean of -w[y] log p[y]; w is 4 for each class and 1 for the background.

    >>> even = torch.zeros(1, 4, 1, 1)
    >>> round(weighted_cross_entropy(even, torch.tensor([[[3]]])).item(), 4)
    1.3863
    """
    weight = class_weights(logits, weights, 4.0, 1.0)
    return F.cross_entropy(logits, labels.long(), weight=weight, reduction="none").mean()


def focal(
    logits: Float[Tensor, "batch channels height width"],
    labels: Integer[Tensor, "batch height width"],
    weights: Sequence[float] | None = None,
    gamma: float = 2.0,
) -> Float[Tensor, ""]:
    """The mean of -w[y] (1 - p[y])^gamma log p[y]; w is .75 for each class, .25 for the background.

    Source: Lin, Goyal, Girshick, He, Dollar (2017), Focal loss for dense object detection.

    >>> even = torch.zeros(1, 4, 1, 1)
    >>> round(focal(even, torch.tensor([[[3]]])).item(), 4)
    0.1949
    """
    weight = class_weights(logits, weights, 0.75, 0.25)
    log_p = -F.cross_entropy(logits, labels.long(), reduction="none")
    missing = -torch.expm1(log_p)  # 1 - p, exact near p = 1
    return (-weight[labels.long()] * missing**gamma * log_p).mean()


def dice(
    logits: Float[Tensor, "batch channels height width"],
    labels: Integer[Tensor, "batch height width"],
) -> Float[Tensor, ""]:
    """The mean of 1 - (2 sum(y p) + 1) / (sum(y^2) + sum(p^2) + 1), sums over the channels.

    Source: after Milletari, Navab, Ahmadi (2016), V-Net; here a pixel at a time.

    >>> even = torch.zeros(1, 4, 1, 1)
    >>> round(dice(even, torch.tensor([[[3]]])).item(), 4)
    0.3333
    """
    p = logits.softmax(dim=1)
    overlap = p.gather(1, labels.long().unsqueeze(1)).squeeze(1)
    return (1 - (2 * overlap + 1) / (2 + p.square().sum(dim=1))).mean()


PIXEL_LOSSES: dict[str, PixelLoss] = {
    "weighted_cross_entropy": weighted_cross_entropy,
    "focal": focal,
    "dice": dice,
}


def find_pixel_loss(loss: str | PixelLoss) -> PixelLoss:
    """The loss of that name, or the callable itself; UnknownName with the nearest names."""
    return loss if callable(loss) else PIXEL_LOSSES[check_choice(loss, PIXEL_LOSSES, "loss")]


def class_weights(
    logits: Tensor, weights: Sequence[float] | None, each: float, background: float
) -> Float[Tensor, " channels"]:
    """The weights given, or `each` for every channel but the last, which gets `background`."""
    channels = logits.shape[1]
    if weights is None:
        weights = [each] * (channels - 1) + [background]
    if len(weights) != channels:
        raise bad_input(
            "the loss",
            wanted=f"{channels} weights, one per channel",
            got=str(len(weights)),
            do="Name the background's last",
        )
    return torch.tensor(weights, dtype=logits.dtype, device=logits.device)
