"""Losses by name: each takes logits and labels and returns the mean over the batch."""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from lamella.checks import check_choice

Loss = Callable[[Tensor, Tensor], Tensor]


def smoothed(logits: Float[Tensor, "batch classes"], labels: Int[Tensor, " batch"]) -> Tensor:
    """Cross-entropy against labels smoothed by .1 (Szegedy et al. 2016, section 7)."""
    return F.cross_entropy(logits, labels, label_smoothing=0.1)


def squared_error(logits: Float[Tensor, "batch classes"], labels: Int[Tensor, " batch"]) -> Tensor:
    """Mean squared difference between logits and one-hot labels.

    >>> import torch
    >>> squared_error(torch.tensor([[1.0, 0.0]]), torch.tensor([1])).item()
    1.0
    """
    return F.mse_loss(logits, F.one_hot(labels, logits.shape[1]).to(logits.dtype))


LOSSES: dict[str, Loss] = {
    "cross_entropy": F.cross_entropy,
    "smoothed": smoothed,
    "squared_error": squared_error,
    "hinge": F.multi_margin_loss,
}


def find_loss(loss: str | Loss) -> Loss:
    """The loss of that name, or the callable itself."""
    return loss if callable(loss) else LOSSES[check_choice(loss, LOSSES, "loss")]
