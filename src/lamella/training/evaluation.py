"""Losses, accuracies and predictions of a model as it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor, nn

from lamella.data.dataset import Split
from lamella.training.feed import Feed, make_feed
from lamella.training.losses import Loss, find_loss


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Inside, the model is in eval mode and nothing is differentiated; then each mode as before."""
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        for module, mode in modes.items():
            module.training = mode


def device_of(model: nn.Module) -> torch.device:
    """Where the model's first parameter lies; the CPU without parameters."""
    first = next(model.parameters(), None)
    return torch.device("cpu") if first is None else first.device


def score(model: nn.Module, feed: Feed, loss: Loss, batch_size: int = 1000) -> tuple[float, float]:
    """Mean loss and accuracy over all samples of a feed, in eval mode."""
    total = torch.zeros((), dtype=torch.float64, device=feed.inputs.device)
    right = torch.zeros((), dtype=torch.float64, device=feed.inputs.device)
    with evaluating(model):
        for inputs, labels in feed.in_order(batch_size):
            logits = model(inputs).float()
            total += loss(logits, labels).double() * len(labels)
            right += hits(logits, labels).double().mean() * len(labels)
    return total.item() / len(feed), right.item() / len(feed)


def hits(logits: Float[Tensor, "batch classes ..."], labels: Shaped[Tensor, "batch ..."]) -> Tensor:
    """True where the greatest logit is that of the label (of the greatest soft label).

    >>> hits(torch.tensor([[1.0, 0.0], [2.0, 5.0]]), torch.tensor([0, 0])).tolist()
    [True, False]
    """
    wanted = labels.argmax(dim=1) if labels.shape == logits.shape else labels
    return logits.argmax(dim=1) == wanted


def evaluate(
    model: nn.Module,
    split: Split,
    *,
    loss: str | Loss = "cross_entropy",
    batch_size: int = 1000,
    channels_last: bool = False,
) -> tuple[float, float]:
    """Mean loss and accuracy (share of right labels) of a model on a split, in eval mode.

    The model's mode and place stay as they are. InputError for an empty split or one with NaN.
    """
    feed = make_feed(split, device_of(model), channels_last, "evaluate()")
    return score(model, feed, find_loss(loss), batch_size)


def predict(
    model: nn.Module, inputs: Shaped[np.ndarray, "samples ..."], *, batch_size: int = 1000
) -> Float[np.ndarray, "samples ..."]:
    """The model's outputs for `inputs`, in eval mode and in batches."""
    device, parts = device_of(model), []
    with evaluating(model):
        for start in range(0, len(inputs), batch_size):
            batch = torch.as_tensor(inputs[start : start + batch_size], device=device)
            parts.append(model(batch).float().cpu().numpy())
    return np.concatenate(parts)
