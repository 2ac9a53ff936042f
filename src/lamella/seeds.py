"""Independent, named random streams from one seed; the global streams are never touched."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch


def stream_seed(seed: int, name: str) -> int:
    """A 32-bit seed for the stream `name`, the same on every machine.

    Torch's generator on the CPU takes no more bits than these from its seed.

    >>> stream_seed(0, "probes") == stream_seed(0, "probes")
    True
    >>> stream_seed(0, "probes") == stream_seed(0, "weights")
    False
    """
    return int(np.random.SeedSequence([seed, zlib.crc32(name.encode())]).generate_state(2)[0])


def numpy_generator(seed: int, name: str) -> np.random.Generator:
    """A NumPy generator for the stream `name` of `seed`."""
    return np.random.default_rng(stream_seed(seed, name))


def torch_generator(seed: int, name: str) -> torch.Generator:
    """A CPU Torch generator for the stream `name` of `seed`."""
    import torch

    return torch.Generator().manual_seed(stream_seed(seed, name))
