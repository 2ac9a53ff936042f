"""Moving an image down a loss, inside the range of pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from lamella.lens.parametrisations import bounds
from lamella.lens.pictures import Pixels


def descend(
    start: Tensor,
    loss: Callable[[Tensor], Tensor],
    *,
    steps: int,
    rate: float,
    pixels: Pixels | None = None,
) -> tuple[Tensor, np.ndarray]:
    """The image of the least loss on the way from `start` by Adam, and the loss of every step.

    The rate falls to zero along half a cosine. With `pixels` each step ends within black and white.
    """
    low, high = bounds(pixels, start)
    image = start.detach().clone()
    if low is not None and high is not None:
        image = image.clamp(low, high)
    image.requires_grad_()
    optimiser = torch.optim.Adam([image], lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    best, least, path = image.detach().clone(), float("inf"), []
    for _ in range(steps):
        value = loss(image)
        path.append(float(value.detach()))
        if path[-1] < least:
            best, least = image.detach().clone(), path[-1]
        (image.grad,) = torch.autograd.grad(value, image)
        optimiser.step()
        schedule.step()
        if low is not None and high is not None:
            image.data.copy_(image.data.clamp(low, high))
    last = float(loss(image).detach())
    path.append(last)
    return (image.detach() if last < least else best), np.array(path)
