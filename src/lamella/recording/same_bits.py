"""Whether two tensors hold the same bits, NaN and negative zero included."""

from __future__ import annotations

import torch
from torch import Tensor

WHOLE = {1: torch.uint8, 2: torch.int16, 4: torch.int32, 8: torch.int64}


def same_bits(one: Tensor, other: Tensor) -> bool:
    """Whether two tensors of one device have the same shape, dtype and bits."""
    if one.shape != other.shape or one.dtype != other.dtype or one.layout != other.layout:
        return False
    if one.is_quantized:
        return torch.equal(one.int_repr(), other.int_repr())
    if one.layout == torch.sparse_coo:
        one, other = one.coalesce(), other.coalesce()
        parts = (one.indices(), other.indices()), (one.values(), other.values())
        return all(same_bits(a, b) for a, b in parts)
    if one.layout != torch.strided:
        return same_bits(one.to_dense(), other.to_dense())
    if one.is_complex():
        return same_bits(torch.view_as_real(one), torch.view_as_real(other))
    if one.is_floating_point():
        whole = WHOLE[one.element_size()]
        one, other = one.view(whole), other.view(whole)
    return torch.equal(one, other)
