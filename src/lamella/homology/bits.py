"""Bit sets: rows of 64-bit words, where vertex v is bit `v & 63` of word `v >> 6`."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from lamella.homology.arrays import Bits
from lamella.homology.kernels import kernel

ONE = np.uint64(1)
ZERO = np.uint64(0)


def _counting_zeros(instruction: str) -> Any:
    def zeros(typing_context, word):
        def generate(context, builder, signature, arguments):
            return getattr(builder, instruction)(arguments[0], ir.Constant(ir.IntType(1), 0))

        return types.uint64(types.uint64), generate

    return intrinsic(zeros)


trailing_zeros = _counting_zeros("cttz")
leading_zeros = _counting_zeros("ctlz")


@kernel
def lowest(word: np.uint64):
    """The least vertex of a word that is not zero."""
    return np.int64(trailing_zeros(word))


@kernel
def highest(word: np.uint64):
    """The greatest vertex of a word that is not zero."""
    return 63 - np.int64(leading_zeros(word))


@kernel
def bit(vertex: int):
    """The word in which only `vertex` is set."""
    return ONE << np.uint64(vertex & 63)


@kernel
def has(row: Bits, vertex: int):
    """Whether a bit set holds a vertex."""
    return (row[vertex >> 6] >> np.uint64(vertex & 63)) & ONE != ZERO
