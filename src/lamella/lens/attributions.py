"""All attribution methods under one call, so that they can be compared side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import nn

from lamella.checks import check_choice
from lamella.lens.deconvnet import deconvnet_map
from lamella.lens.grad_cam import grad_cam_map
from lamella.lens.guided_backprop import guided_backprop_map
from lamella.lens.integrated_gradients import integrated_gradients_map
from lamella.lens.occlusion import occlusion_map
from lamella.lens.saliency import gradient, over_channels, saliency_map
from lamella.lens.smooth_grad import smooth_grad_map
from lamella.lens.targets import Target

METHODS: dict[str, Callable[..., np.ndarray]] = {
    "saliency": saliency_map,
    "smooth_grad": smooth_grad_map,
    "integrated_gradients": integrated_gradients_map,
    "guided_backprop": guided_backprop_map,
    "deconvnet": deconvnet_map,
    "occlusion": occlusion_map,
    "grad_cam": grad_cam_map,
}
SIGNED = {**METHODS, "saliency": gradient}  # with the sign, where a method's map has lost it


def attribution(
    method: str, model: nn.Module, images: Any, target: Target = None, **options: Any
) -> Float[np.ndarray, "batch rows columns"]:
    """One number per pixel from any method: magnitudes, the greatest over channels.

    Grad-CAM, which wants `maps_of`, keeps the size of its layer. Raises UnknownName for another
    method and LensError where one does not hold for the model.
    """
    check_choice(method, METHODS, "attribution method")
    values = METHODS[method](model, images, target, **options)
    return over_channels(np.abs(values)) if values.ndim == 4 else np.abs(values)
