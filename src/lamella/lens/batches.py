"""Samples as a model wants them: a batch on its device, in its precision."""

from __future__ import annotations

import math
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.checks import as_array
from lamella.errors import bad_input
from lamella.recording.capture import device_of, dtype_of


def as_batch(model: nn.Module, images: Any, where: str) -> Float[Tensor, "batch ..."]:
    """Samples on the model's device in its precision, detached from any graph.

    Raises InputError for a single sample without a batch axis, no sample, NaN or infinity.
    """
    batch = images if isinstance(images, Tensor) else torch.from_numpy(as_array(images).copy())
    if batch.ndim < 2 or batch.ndim == 3 or not len(batch):
        raise bad_input(
            where,
            wanted="samples of shape batch x channels x height x width, or batch x features",
            got=str(tuple(batch.shape)),
            do="Pass image[None] for a single one",
        )
    first = first_parameter(model)
    if first is not None and first.is_floating_point():
        batch = batch.detach().to(first.device, first.dtype)
    else:
        batch = batch.detach().to(device_of(model), dtype_of(model))
    if not math.isfinite(float(batch.sum())) and not bool(torch.isfinite(batch).all()):
        raise bad_input(where, wanted="finite pixels", got="NaN or infinity", do="Repair them")
    return batch


def as_sample(model: nn.Module, image: Any, where: str) -> Float[Tensor, "1 ..."]:
    """One sample, with or without a batch axis of 1, as a batch of one."""
    array = image if isinstance(image, Tensor) else torch.from_numpy(as_array(image).copy())
    if array.ndim in (1, 3):
        array = array[None]
    if len(array) != 1:
        raise bad_input(where, wanted="one sample", got=f"{len(array)}", do="Choose one, images[3]")
    return as_batch(model, array, where)


def first_parameter(model: nn.Module) -> Tensor | None:
    """The first of `model.parameters()`, found without setting up the walk over all of them."""
    for parameter in model._parameters.values():
        if parameter is not None:
            return parameter
    for child in model._modules.values():
        found = None if child is None else first_parameter(child)
        if found is not None:
            return found
    return None
