"""From tensors of a model to arrays and numbers of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from lamella.errors import InputError, RecordingError

LARGEST_HALF = 65504.0


def to_array(output: Tensor, dtype: str, layer: str) -> np.ndarray:
    """An output on the CPU in the dtype of the file; refuses numbers too large for float16."""
    if dtype == "float16" and overflows(output):
        raise RecordingError(
            f"layer {layer!r} has values beyond 65504, the largest float16. Use dtype='float32'."
        )
    return output.detach().to("cpu", getattr(torch, dtype)).contiguous().numpy()


def overflows(output: Tensor) -> bool:
    """Whether finite values become infinite as float16, also beside NaN."""
    if output.dtype in (torch.bool, torch.uint8, torch.int8, torch.int16, torch.float16):
        return False
    size = output.abs()
    return bool(((size > LARGEST_HALF) & (size < float("inf"))).any())


def as_array(tensor: Tensor) -> np.ndarray:
    """A tensor as an array on the CPU; kinds of float that NumPy lacks as float32.

    Raises RecordingError for what the file of a run cannot hold: complex, sparse, quantised.
    """
    if tensor.layout != torch.strided or tensor.is_complex() or tensor.is_quantized:
        raise RecordingError(f"{tensor.dtype}, {tensor.layout}, which a run cannot hold")
    tensor = tensor.detach().cpu()
    known = (torch.float16, torch.float32, torch.float64)
    other = tensor.is_floating_point() and tensor.dtype not in known
    return (tensor.float() if other else tensor).numpy()


def as_arrays(tensors: dict[str, Tensor]) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Tensors as arrays, and why some are left out."""
    arrays, left_out = {}, {}
    for name, tensor in tensors.items():
        try:
            arrays[name] = as_array(tensor)
        except Exception as error:  # one unfit tensor costs only itself
            left_out[name] = str(error)
    return arrays, left_out


def as_number(name: str, value: Any) -> float:
    """A float of a number or a tensor with one element."""
    try:
        return float(value.detach() if isinstance(value, Tensor) else value)
    except (TypeError, ValueError, RuntimeError):
        raise InputError(
            f"epoch() wants numbers, got {name}={type(value).__name__}. Pass a float, or .mean()."
        ) from None
