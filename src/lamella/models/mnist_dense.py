"""The dense network of the slides: 784-800-400-10."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lamella.models.perceptron import stack
from lamella.registry import models

if TYPE_CHECKING:
    from torch import nn


@models.register
def mnist_dense(
    input_shape: Sequence[int] = (1, 28, 28),
    classes: int = 10,
    *,
    activation: str = "relu",
    dropout: float = 0.0,
    batch_norm: bool = False,
    seed: int = 0,
) -> nn.Sequential:
    """Two hidden layers of 800 and 400 units: 628,000 + 320,400 + 4,010 parameters on MNIST.

    >>> sum(p.numel() for p in mnist_dense().parameters())
    952410
    """
    return stack(input_shape, classes, (800, 400), activation, dropout, batch_norm, seed)
