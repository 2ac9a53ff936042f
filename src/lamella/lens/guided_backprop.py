"""Guided backprop: what a unit is for, drawn by the positive paths that lead to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import nn

from lamella.lens.batches import as_batch
from lamella.lens.looking import looking
from lamella.lens.passes import output_of
from lamella.lens.pictures import signed
from lamella.lens.relu_rules import ReluRule, Rule, guided
from lamella.lens.saliency import input_gradient
from lamella.lens.targets import Target, scores
from lamella.results import Images


def guided_backprop(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    layer: str | None = None,
    captions: Sequence[str] = (),
) -> Images:
    """Guided gradients in the colours of the image around grey, each by its own scale."""
    maps = guided_backprop_map(model, images, target, layer=layer)
    return signed_pictures(maps, captions, "Guided backprop")


def guided_backprop_map(
    model: nn.Module, images: Any, target: Target = None, *, layer: str | None = None
) -> Float[np.ndarray, "batch ..."]:
    """The gradient in which every ReLU passes only positive gradients of open units.

    Holds for networks whose rectifiers are all ReLUs, as modules or functions, reused or in
    place; raises LensError for any other. Adebayo et al. (2018) show that the picture says more
    about the image than about the weights: see `sanity_checks`.

    Source: Springenberg, Dosovitskiy, Brox, Riedmiller (2015), Striving for simplicity: the all
    convolutional net.
    """
    return ruled_gradient(model, images, target, layer, guided, "guided_backprop()")


def ruled_gradient(
    model: nn.Module, images: Any, target: Target, layer: str | None, rule: Rule, technique: str
) -> Float[np.ndarray, "batch ..."]:
    """The gradient with another way back through ReLUs."""
    with looking(model, technique) as net:
        batch = as_batch(net, images, technique).requires_grad_()
        with ReluRule(rule) as mode:
            output = output_of(net, batch, layer)
        mode.check(technique)
        return input_gradient(scores(output, target), batch).cpu().numpy()


def signed_pictures(maps: np.ndarray, captions: Sequence[str], title: str) -> Images:
    """Gradients in the shape of images around grey; those of dense inputs as one row."""
    shown = maps if maps.ndim == 4 else maps[:, None, None, :]
    return signed(shown, captions or ("",) * len(maps), each=True, title=title)
