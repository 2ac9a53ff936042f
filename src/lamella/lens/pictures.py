"""From numbers to pictures: one rule for each kind, with the scale kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from lamella.checks import as_array
from lamella.errors import bad_input
from lamella.results import Images

# From cold to hot by way of magenta: each step is lighter than the one before.
RAMP = np.array([[8, 12, 60], [92, 24, 130], [190, 40, 100], [245, 120, 40], [252, 236, 130]]) / 255


@dataclass(frozen=True)
class Pixels:
    """How a network's input relates to pixels in [0, 1]: input = (pixel - mean) / deviation.

    One number of each for every channel, or one for all.
    """

    mean: tuple[float, ...] = (0.0,)
    deviation: tuple[float, ...] = (1.0,)

    @classmethod
    def of_steps(cls, steps: Sequence[dict[str, Any]]) -> Pixels:
        """The relation that a data set's preprocessing steps make.

        >>> Pixels.of_steps([{"step": "standardise", "mean": [0.5], "deviation": [0.25]}])
        Pixels(mean=(0.5,), deviation=(0.25,))
        """
        for step in steps:
            if step["step"] == "standardise":
                return cls(tuple(step["mean"]), tuple(step["deviation"]))
        return cls()

    def to_pixels(self, inputs: Any) -> np.ndarray:
        """Inputs (..., channels, height, width) as pixels, not clipped."""
        return as_array(inputs) * self._of(self.deviation) + self._of(self.mean)

    def to_inputs(self, pixels: Any) -> np.ndarray:
        """Pixels in [0, 1] as the network gets them."""
        return (as_array(pixels) - self._of(self.mean)) / self._of(self.deviation)

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """The inputs of black and of white, of shape channels x 1 x 1."""
        return self.to_inputs(np.zeros((1, 1, 1))), self.to_inputs(np.ones((1, 1, 1)))

    @staticmethod
    def _of(values: tuple[float, ...]) -> np.ndarray:
        return np.asarray(values, np.float64).reshape(-1, 1, 1)


def photographs(
    inputs: Any, pixels: Pixels | None = None, captions: Sequence[str] = (), **facts: Any
) -> Images:
    """Inputs of shape (images, channels, height, width) as they looked before preprocessing.

    Without `pixels` the least and the greatest number become black and white. Channels other than
    1 or 3 stand side by side in grey.
    """
    array = as_array(inputs).astype(np.float64)
    if pixels is None:
        return stretched(array, captions, **facts)
    shown = np.clip(pixels.to_pixels(array), 0, 1)
    return Images(channels_last(shown), tuple(captions), **facts)


def stretched(
    values: Any, captions: Sequence[str] = (), *, each: bool = False, **facts: Any
) -> Images:
    """Numbers of shape (images, [channels,] height, width) from black (least) to white (greatest).

    One scale for all, kept in the record; or one for each image, then told in its caption.
    """
    array = channels_last(_with_channels(values))
    axes = (1, 2, 3) if each else None
    low = array.min(axis=axes, keepdims=True)
    high = array.max(axis=axes, keepdims=True)
    captions = _with_scales(captions, low, high) if each else tuple(captions)
    shown = (array - low) / np.where(high > low, high - low, 1)
    scale = None if each else (float(low.min()), float(high.max()))
    return Images(shown.astype(np.float32), captions, scale=scale, **facts)


def signed(
    values: Any, captions: Sequence[str] = (), *, each: bool = False, **facts: Any
) -> Images:
    """Numbers around mid-grey: darker is negative, lighter positive, zero is exactly half."""
    array = channels_last(_with_channels(values))
    most = np.abs(array).max(axis=(1, 2, 3) if each else None, keepdims=True)
    captions = _with_scales(captions, -most, most) if each else tuple(captions)
    shown = 0.5 + 0.5 * array / np.where(most > 0, most, 1)
    scale = None if each else (-float(most.max()), float(most.max()))
    return Images(shown.astype(np.float32), captions, scale=scale, **facts)


def overlaid(
    inputs: Any,
    maps: Float[np.ndarray, "images height width"],
    pixels: Pixels | None = None,
    captions: Sequence[str] = (),
    **facts: Any,
) -> Images:
    """Maps as heat over the grey pictures they belong to; each from its least to its greatest."""
    shown = photographs(inputs, pixels).pixels.mean(axis=-1)
    sides = np.split(shown, shown.shape[2] // maps.shape[2], axis=2)  # channels side by side
    grey = np.mean(sides, axis=0)
    low, high = maps.min(axis=(1, 2), keepdims=True), maps.max(axis=(1, 2), keepdims=True)
    heat = (maps - low) / np.where(high > low, high - low, 1)
    shown = 0.35 * grey[..., None] + 0.65 * coloured(heat)
    return Images(shown.astype(np.float32), _with_scales(captions, low, high), **facts)


def coloured(values: Float[np.ndarray, ...]) -> Float[np.ndarray, "... 3"]:
    """Numbers in [0, 1] on the heat ramp."""
    stops = np.linspace(0, 1, len(RAMP))
    return np.stack([np.interp(values, stops, RAMP[:, c]) for c in range(3)], axis=-1)


def channels_last(array: Float[np.ndarray, "images channels height width"]) -> np.ndarray:
    """Images for a record: grey or colour; other numbers of channels side by side in grey."""
    images, channels, height, width = array.shape
    if channels in (1, 3):
        return np.moveaxis(array, 1, -1)
    return np.moveaxis(array, 1, 2).reshape(images, height, channels * width, 1)


def side_by_side(records: Sequence[Images], **facts: Any) -> Images:
    """Several records as one, in colour if one of them is; sizes must be equal."""
    colour = any(record.pixels.shape[-1] == 3 for record in records)
    shapes = {record.pixels.shape[1:3] for record in records}
    if len(shapes) != 1:
        raise bad_input(
            "side_by_side()", wanted="pictures of one size", got=str(shapes), do="Resize them"
        )
    parts = [np.asarray(record.pixels, np.float32) for record in records]
    parts = [p.repeat(3, axis=-1) if colour and p.shape[-1] == 1 else p for p in parts]
    captions = [c for r in records for c in (r.captions or ("",) * len(r.pixels))]
    return Images(np.concatenate(parts), tuple(captions), **facts)


def _with_channels(values: Any) -> np.ndarray:
    array = as_array(values).astype(np.float64)
    return array[:, None] if array.ndim == 3 else array


def _with_scales(captions: Sequence[str], low: np.ndarray, high: np.ndarray) -> tuple[str, ...]:
    names = tuple(captions) or ("",) * len(low)
    ranges = zip(names, low.ravel(), high.ravel(), strict=True)
    return tuple(f"{name} {a:.2g}..{b:.2g}".strip() for name, a, b in ranges)
