"""Making activations smaller on the way to the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Shaped
from torch import Tensor

from lamella.errors import bad_input
from lamella.seeds import torch_generator

NAMES = ("whole", "flatten", "mean", "max")
Reduction = Callable[[str, Tensor], Tensor]


def reduction(reduce: Any, seed: int) -> Reduction:
    """A function of a layer's name and its output (samples first) that gives fewer numbers.

    "whole" keeps the shape, "flatten" makes one row per sample, "mean" and "max" are taken over
    all axes behind the second (the positions of a feature map with channels second; in a
    (samples, tokens, features) output over the tokens), ("project", k) is a random projection
    to k features: a Gaussian matrix divided by sqrt(k), which keeps distances within about
    sqrt(8 ln(samples) / k) (Johnson, Lindenstrauss 1984; Dasgupta, Gupta 2003). Layers of at
    most k features are only flattened. The matrix depends on the seed and the layer's name.
    """
    if isinstance(reduce, str) and reduce in NAMES:
        return {"whole": whole, "flatten": flatten, "mean": mean, "max": greatest}[reduce]
    if isinstance(reduce, tuple | list) and len(reduce) == 2 and reduce[0] == "project":
        k = reduce[1]
        if isinstance(k, int) and k > 0:
            return projection(k, seed)
    raise bad_input(
        "record()",
        wanted=f"reduce as one of {', '.join(NAMES)} or ('project', k)",
        got=repr(reduce),
        do="Choose one",
    )


def whole(layer: str, output: Tensor) -> Tensor:
    """The output as it is; one number per sample becomes one feature."""
    return output if output.ndim > 1 else output[:, None]


def flatten(layer: str, output: Tensor) -> Shaped[Tensor, "samples features"]:
    """One row per sample."""
    return output.reshape(len(output), -1)


def mean(layer: str, output: Tensor) -> Shaped[Tensor, "samples channels"]:
    """The mean over positions."""
    if output.ndim < 3:
        return whole(layer, output)
    return output.float().mean(dim=position_axes(output))


def greatest(layer: str, output: Tensor) -> Shaped[Tensor, "samples channels"]:
    """The greatest value over positions."""
    if output.ndim < 3:
        return whole(layer, output)
    return output.amax(dim=position_axes(output))


def position_axes(output: Tensor) -> tuple[int, ...]:
    """The axes of positions: tokens in three axes, all behind the channels in more."""
    return (1,) if output.ndim == 3 else tuple(range(2, output.ndim))


def projection(k: int, seed: int) -> Reduction:
    """A random projection to k features, with one matrix for each layer."""
    matrices: dict[str, Tensor] = {}

    def project(layer: str, output: Tensor) -> Tensor:
        flat = flatten(layer, output).float()
        if flat.shape[1] <= k:
            return flat
        if layer not in matrices or matrices[layer].device != flat.device:
            generator = torch_generator(seed, f"project/{layer}")
            matrix = torch.randn(flat.shape[1], k, generator=generator)
            matrices[layer] = (matrix / k**0.5).to(flat.device)
        return flat @ matrices[layer]

    return project
