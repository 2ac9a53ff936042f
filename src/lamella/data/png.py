"""A small PNG reader, for colours of 16 bits, which Pillow cuts to 8 without a word.

Source: ISO/IEC 15948, Portable Network Graphics; the filters are those of section 9.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
from jaxtyping import Shaped

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_NUMBERS = 48_000_000  # pixels times channels: 16 million pixels of colour
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type


class NotReadable(Exception):
    """Why the bytes are no picture that this reader knows; callers say which file."""


def read_png(raw: bytes) -> Shaped[np.ndarray, "height width channels"]:
    """The pixels of a PNG: uint8, or uint16 where it has 16 bits; palettes become RGB.

    NotReadable for damaged or interlaced pictures.
    """
    chunks = read_chunks(raw)
    width, height, bits, colour, interlaced = read_header(chunks[b"IHDR"])
    if interlaced:
        raise NotReadable("it is interlaced")
    channels = CHANNELS[colour]
    line = -(-width * bits * channels // 8)
    data = inflated(chunks[b"IDAT"], height * (line + 1))
    rows = unfilter(data.reshape(height, line + 1), max(1, bits * channels // 8))
    pixels = unpack_bits(rows, bits, width * channels).reshape(height, width, channels)
    if colour == 3:
        return coloured(pixels[..., 0], chunks.get(b"PLTE", b""))
    scale = {1: 255, 2: 85, 4: 17}.get(bits, 1)
    return pixels * np.uint8(scale) if scale > 1 else pixels


def read_header(raw: bytes) -> tuple[int, int, int, int, bool]:
    """Width, height, bits, colour type and whether it is interlaced; NotReadable for no picture."""
    if len(raw) != 13:
        raise NotReadable(f"its header has {len(raw)} bytes, not 13")
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", raw)
    if colour not in CHANNELS or bits not in (1, 2, 4, 8, 16):
        raise NotReadable(f"it has {bits} bits of colour type {colour}")
    if not 0 < width * height * CHANNELS[colour] <= MOST_NUMBERS:
        raise NotReadable(f"it has {width} x {height} pixels")
    return width, height, bits, colour, bool(interlaced)


def inflated(packed: bytes, size: int) -> np.ndarray:
    """Exactly `size` bytes of pixels; NotReadable for damaged ones, more or fewer."""
    try:
        data = zlib.decompressobj().decompress(packed, size + 1)
    except zlib.error as error:
        raise NotReadable(f"its pixels are damaged ({error})") from error
    if len(data) != size:
        raise NotReadable(f"it has {len(data)} bytes of pixels, not {size}")
    return np.frombuffer(data, np.uint8)


def coloured(indices: np.ndarray, palette: bytes) -> np.ndarray:
    """The colours that a palette gives; NotReadable where it lacks one."""
    colours = np.frombuffer(palette[: len(palette) // 3 * 3], np.uint8).reshape(-1, 3)
    if indices.max() >= len(colours):
        raise NotReadable(f"its palette has {len(colours)} colours, not {indices.max() + 1}")
    return colours[indices]


def read_chunks(raw: bytes) -> dict[bytes, bytes]:
    """The chunks by name, image data joined; NotReadable if it ends early or a checksum is off."""
    if raw[:8] != SIGNATURE:
        raise NotReadable("it is not a PNG")
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at + 12 <= len(raw):
        length, name = struct.unpack(">I4s", raw[at : at + 8])
        body = raw[at + 8 : at + 8 + length]
        check = raw[at + 8 + length : at + 12 + length]
        if len(check) < 4 or zlib.crc32(name + body) != struct.unpack(">I", check)[0]:
            raise NotReadable(f"its part {name.decode('latin1')} is truncated or damaged")
        chunks[name] = chunks.get(name, b"") + body
        at += 12 + length
    if not {b"IHDR", b"IDAT", b"IEND"} <= set(chunks):
        raise NotReadable("it is truncated")
    return chunks


def unfilter(rows: np.ndarray, step: int) -> np.ndarray:
    """Each line as it was before its filter (none, sub, up, average, Paeth)."""
    before = np.zeros(rows.shape[1] - 1, np.uint8)
    lines = np.empty((len(rows), rows.shape[1] - 1), np.uint8)
    for number, row in enumerate(rows):
        kind, line = row[0], row[1:]
        if kind == 0:
            lines[number] = line
        elif kind == 1:
            lines[number] = np.add.accumulate(
                line.reshape(-1, step), axis=0, dtype=np.uint8
            ).ravel()
        elif kind == 2:
            lines[number] = line + before
        elif kind in (3, 4):
            lines[number] = from_neighbours(int(kind), line.tolist(), before.tolist(), step)
        else:
            raise NotReadable(f"it has the unknown filter {kind}")
        before = lines[number]
    return lines


def from_neighbours(kind: int, line: list[int], above: list[int], step: int) -> list[int]:
    """A line filtered by the average (3) or by Paeth's choice (4) of its neighbours."""
    out = [0] * step + line
    corner = [0] * step + above
    for at in range(len(line)):
        left, up = out[at], above[at]
        guess = (left + up) // 2 if kind == 3 else paeth(left, up, corner[at])
        out[at + step] = (line[at] + guess) & 255
    return out[step:]


def paeth(left: int, up: int, corner: int) -> int:
    """Whichever of the three is nearest to left + up - corner; ties in that order.

    >>> paeth(3, 9, 3)
    9
    """
    target = left + up - corner
    return min((left, up, corner), key=lambda value: abs(target - value))


def unpack_bits(rows: np.ndarray, bits: int, count: int) -> np.ndarray:
    """Numbers of 1, 2, 4, 8 or 16 bits from lines of bytes."""
    if bits == 16:
        return rows.copy().view(">u2").astype(np.uint16)
    if bits == 8:
        return rows
    shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
    return ((rows[:, :, None] >> shifts) & (2**bits - 1)).reshape(len(rows), -1)[:, :count]
