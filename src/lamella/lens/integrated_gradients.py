"""Integrated gradients: a difference of outputs shared out among the pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.checks import check_choice, check_range
from lamella.lens.batches import as_batch
from lamella.lens.looking import looking
from lamella.lens.passes import output_of
from lamella.lens.pictures import signed
from lamella.lens.saliency import input_gradient
from lamella.lens.targets import Target, best_classes, scores
from lamella.results import Images


def integrated_gradients(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    layer: str | None = None,
    baseline: Any = 0.0,
    steps: int = 50,
    captions: Sequence[str] = (),
) -> Images:
    """Integrated gradients as pictures around grey: light pixels speak for, dark ones against."""
    maps = integrated_gradients_map(
        model, images, target, layer=layer, baseline=baseline, steps=steps
    )
    shown = maps if maps.ndim == 4 else maps[:, None, None, :]
    return signed(
        shown.sum(axis=1), captions or ("",) * len(maps), each=True, title="Integrated gradients"
    )


def integrated_gradients_map(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    layer: str | None = None,
    baseline: Any = 0.0,
    steps: int = 50,
    rule: str = "gauss",
    batch_size: int = 100,
) -> Float[np.ndarray, "batch ..."]:
    """The share of every input number in S(image) - S(baseline), in the shape of the images.

    The gradient along the straight line from the baseline (a number, or an image) is integrated
    by `rule`: Gauss-Legendre points ("gauss") or the trapezoid rule ("trapezoid"). The shares add
    up to the difference as closely as the rule integrates; ReLU networks want more steps.

    Source: Sundararajan, Taly, Yan (2017), Axiomatic attribution for deep networks.
    """
    check_range(steps, "integrated_gradients()", "steps", low=2)
    places, weights = quadrature(rule, steps)
    with looking(model, "integrated_gradients()") as net:
        batch = as_batch(net, images, "integrated_gradients()")
        start = torch.as_tensor(baseline, dtype=batch.dtype, device=batch.device)
        start = start.expand_as(batch)
        if target is None and layer is None:
            target = best_classes(output_of(net, batch, None))
        total = torch.zeros_like(batch)
        for at in range(len(batch)):  # one image at a time keeps the copies small
            line = Line(batch[at], start[at], places, weights)
            chosen = target if target is None or isinstance(target, int | tuple) else target[at]
            chosen = int(chosen) if isinstance(chosen, Tensor | np.integer) else chosen
            total[at] = line.integrate(net, chosen, layer, batch_size)
        return (total * (batch - start)).cpu().numpy()


class Line:
    """The points between a baseline and an image at which the gradient is taken."""

    def __init__(self, end: Tensor, start: Tensor, places: np.ndarray, weights: np.ndarray) -> None:
        shape = (-1, *[1] * end.ndim)
        self.points = start + torch.from_numpy(places).to(end).view(shape) * (end - start)
        self.weights = torch.from_numpy(weights).to(end).view(shape)

    def integrate(
        self, net: nn.Module, target: Target, layer: str | None, batch_size: int
    ) -> Tensor:
        """The mean gradient over the line by the weights of the rule."""
        total = torch.zeros_like(self.points[0])
        for first in range(0, len(self.points), batch_size):
            some = self.points[first : first + batch_size].detach().requires_grad_()
            found = input_gradient(scores(output_of(net, some, layer), target), some)
            total += (self.weights[first : first + batch_size] * found).sum(dim=0)
        return total


def quadrature(rule: str, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Places in [0, 1] and their weights, which add up to 1.

    >>> quadrature("trapezoid", 3)
    (array([0. , 0.5, 1. ]), array([0.25, 0.5 , 0.25]))
    """
    check_choice(rule, ("gauss", "trapezoid"), "rule of integration")
    if rule == "gauss":
        places, weights = np.polynomial.legendre.leggauss(steps)
        return (places + 1) / 2, weights / 2
    weights = np.full(steps, 1 / (steps - 1))
    weights[[0, -1]] /= 2
    return np.linspace(0, 1, steps), weights
