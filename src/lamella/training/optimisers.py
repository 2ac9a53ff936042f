"""Optimisers by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from lamella.checks import check_choice, check_range

OPTIMISERS = {
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "NAdam",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "sgd": "SGD",
}
FUSED = ("adam", "adamw", "sgd", "adagrad")
Optimiser = str | Callable[..., torch.optim.Optimizer]


def make_optimiser(
    optimiser: Optimiser, model: nn.Module, learning_rate: float, weight_decay: float
) -> torch.optim.Optimizer:
    """An optimiser of the model's trainable parameters.

    A name gives Torch's defaults, with Nesterov momentum of .9 for `sgd`; a callable is called
    with the parameters, `lr` and `weight_decay`. Weight decay spares biases and normalisation.
    """
    check_range(learning_rate, "train()", "learning_rate", low=0)
    check_range(weight_decay, "train()", "weight_decay", low=0)
    groups = decayed(model, weight_decay)
    if callable(optimiser):
        return optimiser(groups, lr=learning_rate, weight_decay=weight_decay)
    check_choice(optimiser, OPTIMISERS, "optimiser")
    options: dict[str, Any] = {"lr": learning_rate, "weight_decay": weight_decay}
    if optimiser == "sgd":
        options |= {"momentum": 0.9, "nesterov": True}
    if optimiser in FUSED:  # one call for all parameters: half the time of a step of a small net
        options["fused"] = True
    return getattr(torch.optim, OPTIMISERS[optimiser])(groups, **options)


def decayed(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Parameter groups: those of two axes and more with weight decay, the others without."""
    trainable = [p for p in model.parameters() if p.requires_grad]
    if not weight_decay:
        return [{"params": trainable}]
    return [
        {"params": [p for p in trainable if p.ndim > 1]},
        {"params": [p for p in trainable if p.ndim <= 1], "weight_decay": 0.0},
    ]
