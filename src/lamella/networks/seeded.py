"""Weights that depend on a seed and on nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lamella.seeds import stream_seed


@contextmanager
def seeded_weights(seed: int) -> Iterator[None]:
    """Inside, layers are initialised by `seed`; afterwards Torch's own stream is as it was."""
    import torch

    state = torch.get_rng_state()
    torch.default_generator.manual_seed(stream_seed(seed, "weights"))
    try:
        yield
    finally:
        torch.set_rng_state(state)
