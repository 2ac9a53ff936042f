"""Torch's random streams, borrowed and given back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from lamella.seeds import stream_seed


@contextmanager
def borrowed_streams(seed: int, name: str, device: torch.device) -> Iterator[None]:
    """Inside, Torch's own streams (dropout draws from them) start from the stream `name` of `seed`.

    Afterwards they are what they were before, whatever happened inside.
    """
    cpu = torch.get_rng_state()
    cuda = torch.cuda.get_rng_state(device) if device.type == "cuda" else None
    start = stream_seed(seed, name)
    torch.default_generator.manual_seed(start)
    if cuda is not None:
        with torch.cuda.device(device):
            torch.cuda.manual_seed(start)
    try:
        yield
    finally:
        torch.set_rng_state(cpu)
        if cuda is not None:
            torch.cuda.set_rng_state(cuda, device)
