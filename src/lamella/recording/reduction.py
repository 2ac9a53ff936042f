"""Making activations smaller on the way to the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Shaped
from torch import Tensor

from lamella.errors import bad_input
from lamella.recording.channels import usual
from lamella.seeds import torch_generator

NAMES = ("whole", "flatten", "mean", "max")
Reduction = Callable[[str, Tensor, "int | None"], Tensor]  # of name, output, axis of the channels


def reduction(reduce: Any, seed: int) -> Reduction:
    """A function of a layer's name, its output (samples first) and the axis of its channels.

    "whole" keeps the shape, "flatten" makes one row per sample, "mean" and "max" leave one number
    per channel and go over all positions: of pixels, tokens, time. Which axis the channels have
    follows from the module that made the output; ("mean", axis) and ("max", axis) say it, counted
    with the samples as axis 0 or, negative, from the end. ("project", k) is a random projection
    to k features: a Gaussian matrix divided by sqrt(k), which keeps distances within about
    sqrt(8 ln(samples) / k) (Johnson, Lindenstrauss 1984; Dasgupta, Gupta 2003). Layers of at
    most k features are only flattened. The matrix depends on the seed and the layer's name.
    Anything callable is given the output and returns what is to be stored, samples first.
    """
    if isinstance(reduce, str) and reduce in NAMES:
        return {"whole": whole, "flatten": flatten, "mean": mean, "max": greatest}[reduce]
    if callable(reduce):
        return lambda layer, output, axis: rows_of(reduce(output), len(output))
    if isinstance(reduce, tuple | list) and len(reduce) == 2:
        kind, number = reduce
        if kind == "project" and isinstance(number, int) and number > 0:
            return projection(number, seed)
        if kind in ("mean", "max") and isinstance(number, int) and number != 0:
            over = mean if kind == "mean" else greatest
            return lambda layer, output, axis: over(layer, output, asked_axis(number, output))
    raise bad_input(
        "record()",
        wanted=f"reduce as one of {', '.join(NAMES)}, ('mean', axis), ('max', axis), "
        "('project', k) or a function",
        got=repr(reduce),
        do="Choose one",
    )


def as_written(reduce: Any) -> Any:
    """How run.json names a reduction.

    >>> as_written("mean"), as_written(len)
    ('mean', 'len()')
    """
    return f"{getattr(reduce, '__qualname__', repr(reduce))}()" if callable(reduce) else reduce


def rows_of(reduced: Any, samples: int) -> Tensor:
    """What a user's function gave, where it is a tensor with a row for each sample."""
    if not isinstance(reduced, Tensor) or reduced.ndim == 0 or len(reduced) != samples:
        got = getattr(reduced, "shape", type(reduced).__name__)
        raise bad_input(
            "reduce", wanted=f"a tensor of {samples} rows", got=f"{got}", do="Keep the first axis"
        )
    return reduced if reduced.ndim > 1 else reduced[:, None]


def whole(layer: str, output: Tensor, axis: int | None = None) -> Tensor:
    """The output as it is; one number per sample becomes one feature."""
    return output if output.ndim > 1 else output[:, None]


def flatten(
    layer: str, output: Tensor, axis: int | None = None
) -> Shaped[Tensor, "samples features"]:
    """One row per sample."""
    return output.reshape(len(output), -1)


def mean(layer: str, output: Tensor, axis: int | None = None) -> Shaped[Tensor, "samples channels"]:
    """The mean over positions."""
    if output.ndim < 3:
        return whole(layer, output)
    return output.float().mean(dim=position_axes(output, axis))


def greatest(
    layer: str, output: Tensor, axis: int | None = None
) -> Shaped[Tensor, "samples channels"]:
    """The greatest value over positions."""
    if output.ndim < 3:
        return whole(layer, output)
    return output.amax(dim=position_axes(output, axis))


def position_axes(output: Tensor, axis: int | None) -> tuple[int, ...]:
    """All axes but those of the samples and the channels."""
    channels = usual(output.shape) if axis is None else axis
    return tuple(n for n in range(1, output.ndim) if n != channels)


def asked_axis(axis: int, output: Tensor) -> int:
    """The axis that a user named; InputError where an output has no such axis."""
    found = axis if axis > 0 else output.ndim + axis
    if output.ndim > 2 and not 0 < found < output.ndim:
        raise bad_input(
            "reduce",
            wanted=f"an axis from 1 to {output.ndim - 1}",
            got=f"{axis} for an output of shape {tuple(output.shape)}",
            do="Name that of the channels",
        )
    return found


def projection(k: int, seed: int) -> Reduction:
    """A random projection to k features, with one matrix for each layer."""
    matrices: dict[str, Tensor] = {}

    def project(layer: str, output: Tensor, axis: int | None = None) -> Tensor:
        flat = flatten(layer, output).float()
        if flat.shape[1] <= k:
            return flat
        if layer not in matrices or matrices[layer].device != flat.device:
            generator = torch_generator(seed, f"project/{layer}")
            matrix = torch.randn(flat.shape[1], k, generator=generator)
            matrices[layer] = (matrix / k**0.5).to(flat.device)
        return flat @ matrices[layer]

    return project
