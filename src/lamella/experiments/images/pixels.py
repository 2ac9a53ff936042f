"""Inputs of a network as pictures for the eye."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from jaxtyping import Float, UInt8

from lamella.data.steps import Step, undo_steps


def as_pixels(
    inputs: Float[np.ndarray, "samples channels height width"], steps: Iterable[Step]
) -> UInt8[np.ndarray, "samples height width colours"]:
    """Bytes with channels last, standardisation taken back: grey for one channel, else RGB.

    Of more than three channels the first three are shown; of two, the first.
    """
    shown = undo_steps(inputs, steps)
    shown = shown[:, :3] if shown.shape[1] >= 3 else shown[:, :1]
    return np.round(255 * np.clip(shown, 0, 1)).astype(np.uint8).transpose(0, 2, 3, 1)
