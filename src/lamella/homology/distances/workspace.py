"""Memory that a thread keeps from one cloud to the next.

Fresh memory comes from the system page by page, which for clouds of 500 points costs a third of
the whole diagram. What is kept is bounded, and belongs to one thread.
"""

from __future__ import annotations

from math import prod
from threading import local
from typing import Any

import numpy as np

MOST_BYTES = 32_000_000  # bytes of an array that is kept

_kept = local()


def borrowed(name: str, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
    """An array with undefined contents, good until this thread borrows the same name again."""
    size = prod(shape) * np.dtype(dtype).itemsize
    if size > MOST_BYTES:
        return np.empty(shape, dtype)
    arrays = vars(_kept)
    if name not in arrays or arrays[name].nbytes < size:
        arrays[name] = np.empty(size, np.uint8)
    return arrays[name][:size].view(dtype).reshape(shape)
