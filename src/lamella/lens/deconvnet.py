"""Deconvnet: a unit's activation projected back to the image."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import nn

from lamella.lens.guided_backprop import ruled_gradient, signed_pictures
from lamella.lens.relu_rules import deconvolved
from lamella.lens.targets import Target
from lamella.results import Images


def deconvnet(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    layer: str | None = None,
    captions: Sequence[str] = (),
) -> Images:
    """Deconvnet projections in the colours of the image around grey, each by its own scale."""
    maps = deconvnet_map(model, images, target, layer=layer)
    return signed_pictures(maps, captions, "Deconvnet")


def deconvnet_map(
    model: nn.Module, images: Any, target: Target = None, *, layer: str | None = None
) -> Float[np.ndarray, "batch ..."]:
    """The gradient in which every ReLU passes all positive gradients, whatever it saw.

    Maxima go back to where they came from, as by Zeiler's switches. Raises LensError as
    `guided_backprop_map` does.

    Source: Zeiler and Fergus (2014), Visualizing and understanding convolutional networks.
    """
    return ruled_gradient(model, images, target, layer, deconvolved, "deconvnet()")
