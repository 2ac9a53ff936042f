"""Preprocessing as plain steps that are kept with a run, and can be taken back for pictures.

A step is a dictionary that JSON can hold: {"step": "divide", "by": 255.0}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

Step = Mapping[str, Any]


def divide(by: float) -> dict[str, Any]:
    """Divide every number by `by`."""
    return {"step": "divide", "by": by}


def standardise(mean: Iterable[float], deviation: Iterable[float]) -> dict[str, Any]:
    """Subtract each channel's mean and divide by its standard deviation."""
    return {"step": "standardise", "mean": list(mean), "deviation": list(deviation)}


def apply_steps(
    images: Shaped[np.ndarray, "samples channels height width"], steps: Iterable[Step]
) -> Float[np.ndarray, "samples channels height width"]:
    """Images as float32 after all steps, in order.

    >>> apply_steps(np.full((1, 1, 1, 1), 255), [divide(255), standardise([0.5], [0.25])]).item()
    2.0
    """
    images = images.astype(np.float32)
    for step in steps:
        scale, shift = scale_and_shift(step)
        images -= shift
        images /= scale
    return images


def undo_steps(
    images: Float[np.ndarray, "samples channels height width"], steps: Iterable[Step]
) -> Float[np.ndarray, "samples channels height width"]:
    """Images with every standardisation taken back: grey or colour values in [0, 1] again."""
    images = np.array(images, np.float32)
    for step in [s for s in steps if s["step"] == "standardise"][::-1]:
        scale, shift = scale_and_shift(step)
        images *= scale
        images += shift
    return images


def scale_and_shift(step: Step) -> tuple[np.ndarray, np.ndarray]:
    """What a step divides by after it subtracts, for each channel."""
    if step["step"] == "divide":
        return np.float32(step["by"]), np.float32(0)  # type: ignore[return-value]
    channels = (-1, 1, 1)
    scale = np.asarray(step["deviation"], np.float32).reshape(channels)
    return scale, np.asarray(step["mean"], np.float32).reshape(channels)
