"""Pictures as bytes: PNG files without an imaging library, and many pictures on one raster."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from jaxtyping import UInt8

from lamella.plots.marks import Pictures
from lamella.plots.palette import hex_of, rgb_of

KINDS = {1: 0, 3: 2, 4: 6}  # a PNG's kind of colour by its channels
LONGEST = 2400  # pixels of a raster's longer side


def as_bytes(pixels: np.ndarray) -> UInt8[np.ndarray, ...]:
    """Pixels as bytes; floats from 0 to 1 are black to white."""
    if pixels.dtype == np.uint8:
        return pixels
    return np.round(255 * np.clip(np.nan_to_num(pixels), 0, 1)).astype(np.uint8)


def png(pixels: UInt8[np.ndarray, "height width channels"]) -> bytes:
    """Pixels as a PNG file (ISO/IEC 15948): grey, RGB or RGBA, no filter."""
    height, width, channels = pixels.shape
    lines = np.ascontiguousarray(pixels).reshape(height, width * channels)
    raw = np.concatenate([np.zeros((height, 1), np.uint8), lines], axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, KINDS[channels], 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def uri(mark: Pictures, size: tuple[float, float], flip: int) -> tuple[str, float, float]:
    """All pictures of a mark as one PNG in a data: URI, and its width and height in units.

    `size` is how many pixels of the raster a unit takes across and down; `flip` is -1 where y
    runs down.
    """
    x, y = mark.x - mark.x.min(), -flip * mark.y - (-flip * mark.y).min()
    wide, tall = float(x.max() + mark.width), float(y.max() + mark.height)
    less = min(1.0, LONGEST / max(wide * size[0], tall * size[1]))
    across, down = size[0] * less, size[1] * less
    canvas = np.zeros((max(1, round(tall * down)), max(1, round(wide * across)), 4), np.uint8)
    for at, tile in enumerate(mark.pixels):
        top, left = round(y[at] * down), round(x[at] * across)
        bottom, right = round((y[at] + mark.height) * down), round((x[at] + mark.width) * across)
        frame = mark.frames[at] if mark.frames else ""
        canvas[top:bottom, left:right] = _resized(tile, bottom - top, right - left, frame)
    return "data:image/png;base64," + base64.b64encode(png(canvas)).decode(), wide, tall


def _resized(tile: np.ndarray, height: int, width: int, frame: str) -> np.ndarray:
    """A picture as RGBA of that size, nearest pixel, with a frame of a colour."""
    edge = max(1, min(height, width) // 14) if frame else 0
    out = np.full((height, width, 4), 255, np.uint8)
    if frame:
        out[..., :3] = rgb_of(hex_of(frame))
    inner, across = max(1, height - 2 * edge), max(1, width - 2 * edge)
    rows = np.arange(inner) * tile.shape[0] // inner
    columns = np.arange(across) * tile.shape[1] // across
    small = tile[rows][:, columns]
    channels = slice(0, 4) if small.shape[2] == 4 else slice(0, 3)  # grey repeats over RGB
    out[edge : edge + inner, edge : edge + across, channels] = small
    return out
