"""A record of pictures as one PNG file, without a browser."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import UInt8

from lamella.plots.pixels import as_bytes, png
from lamella.results import Images


def as_png(images: Images, *, side: int = 64, gap: int = 2, most: int = 0) -> bytes:
    """The pictures in their lattice on white, as a PNG; captions are left out.

    Each is enlarged by a whole factor to about `side` pixels of height. `most` pictures are drawn
    at most; 0 draws all.
    """
    return png(sheet_of(images, side=side, gap=gap, most=most))


def sheet_of(
    images: Images, *, side: int = 64, gap: int = 2, most: int = 0
) -> UInt8[np.ndarray, "height width channels"]:
    """The pictures in their lattice as one array of bytes.

    >>> sheet_of(Images(np.zeros((3, 1, 1, 1)), columns=2), side=2, gap=1)[..., 0].tolist()[0]
    [0, 0, 255, 0, 0]
    """
    pixels = as_bytes(images.pixels[:most] if most else images.pixels)
    times = max(1, round(side / max(pixels.shape[1], 1)))
    pixels = pixels.repeat(times, axis=1).repeat(times, axis=2)
    count, height, width, channels = pixels.shape
    columns = min(images.columns or max(1, math.ceil(math.sqrt(1.6 * count))), max(count, 1))
    rows = math.ceil(count / columns)
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap, channels)
    canvas = np.full(shape, 255, np.uint8)
    for at, picture in enumerate(pixels):
        row, column = (
            k * (n + gap) for k, n in zip(divmod(at, columns), (height, width), strict=True)
        )
        canvas[row : row + height, column : column + width] = picture
    return canvas
