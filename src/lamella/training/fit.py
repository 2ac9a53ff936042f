"""Whether a model takes a data set's inputs and answers with logits of its classes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import torch
from torch import Tensor, nn

from lamella.errors import bad_input
from lamella.training.evaluation import device_of, evaluating

SIZES = (28, 32, 8, 64, 96, 224, 227, 299, 48, 16, 128, 256, 384)


def check_fit(model: nn.Module, input_shape: tuple[int, ...], classes: int) -> None:
    """Try one batch of zeros; InputError says which shape the model wants, or what it returned."""
    try:
        output = outcome(model, input_shape)
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        wanted = next(islice(accepted_shapes(model), 1), None)
        raise bad_input(
            f"the model {type(model).__name__}",
            wanted=f"inputs of shape {wanted}" if wanted else "inputs of another shape",
            got=f"{tuple(input_shape)} ({str(error).splitlines()[0]})",
            do="Choose another model or data set, or resize the inputs",
        ) from error
    if not isinstance(output, Tensor) or output.ndim < 2 or output.shape[1] < classes:
        got = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
        raise bad_input(
            "train()",
            wanted=f"a model that returns logits of shape (batch, {classes})",
            got=str(got),
            do="Wrap the model, or change its last layer",
        )


def outcome(model: nn.Module, input_shape: tuple[int, ...]) -> object:
    """The model's output for two inputs of zeros, in eval mode."""
    with evaluating(model):
        return model(torch.zeros((2, *input_shape), device=device_of(model)))


def accepted_shapes(model: nn.Module) -> Iterator[tuple[int, ...]]:
    """Input shapes that the model takes: flat where it begins with a Linear, else usual images."""
    for shape in candidates(model):
        try:
            outcome(model, shape)
        except Exception:
            continue
        yield shape


def candidates(model: nn.Module) -> list[tuple[int, ...]]:
    """Shapes to try, from the first layer that has weights."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            side = round(layer.in_features**0.5)
            square = [(1, side, side)] if side * side == layer.in_features and side > 7 else []
            return [*square, (layer.in_features,)]
        if isinstance(layer, nn.Conv2d):
            return [(layer.in_channels, size, size) for size in SIZES]
    return []
