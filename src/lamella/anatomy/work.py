"""Multiply-accumulates of one executed operation."""

from __future__ import annotations

from math import prod
from typing import Any

import torch


def multiply_accumulates(func: Any, args: tuple, outs: list[torch.Tensor]) -> int:
    """Products that are added up: of convolutions, matrix products and attention; others count 0.

    Taps that fall on padding are counted, biases are not, as in the tables of the literature.
    """
    name = func.overloadpacket.__name__
    if name in ("convolution", "_convolution"):
        image, weight, transposed = args[0], args[1], args[6]
        return (image if transposed else outs[0]).numel() * prod(weight.shape[1:])
    if name in ("mm", "bmm"):
        return outs[0].numel() * args[0].shape[-1]
    if name in ("addmm", "baddbmm"):
        return outs[0].numel() * args[1].shape[-1]
    if name == "linear":
        return outs[0].numel() * args[0].shape[-1]
    if name.startswith(("_scaled_dot_product", "scaled_dot_product")):
        query, key, value = args[:3]
        return prod(query.shape[:-1]) * key.shape[-2] * (key.shape[-1] + value.shape[-1])
    return 0
