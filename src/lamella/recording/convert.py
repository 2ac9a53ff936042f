"""From tensors of a model to arrays and numbers of a run."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from lamella.errors import InputError, RecordingError


def to_array(output: Tensor, dtype: str, layer: str) -> np.ndarray:
    """An output on the CPU in the dtype of the file; refuses numbers too large for float16."""
    if dtype == "float16" and output.numel() and output.abs().max() > 65504:
        raise RecordingError(
            f"layer {layer!r} has values beyond 65504, the largest float16. Use dtype='float32'."
        )
    return output.detach().to("cpu", getattr(torch, dtype)).contiguous().numpy()


def as_array(tensor: Tensor) -> np.ndarray:
    """A tensor as an array on the CPU; bfloat16, which NumPy lacks, as float32."""
    tensor = tensor.detach().cpu()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()


def as_number(name: str, value: Any) -> float:
    """A float of a number or a tensor with one element."""
    try:
        return float(value.detach() if isinstance(value, Tensor) else value)
    except (TypeError, ValueError, RuntimeError):
        raise InputError(
            f"epoch() wants numbers, got {name}={type(value).__name__}. Pass a float, or .mean()."
        ) from None
