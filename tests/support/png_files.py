"""PNG files made by hand, by the slow plain twin of the format's filters."""

import struct
import zlib

import numpy as np


def chunk(name, body):
    """One part of the file, with its length and checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(lines, width, bits, colour, extra=b""):
    """A file of filtered lines."""
    header = struct.pack(">IIBBBBB", width, len(lines), bits, colour, 0, 0, 0)
    data = zlib.compress(b"".join(lines))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), extra, chunk(b"IDAT", data), chunk(b"IEND", b"")]
    )


def filtered(pixels, kind):
    """The slow plain twin: every filter of the standard applied byte by byte."""
    height, width, channels = pixels.shape
    raw = pixels.reshape(height, -1).astype(int)
    lines = []
    for y in range(height):
        out = [kind]
        for x in range(width * channels):
            left = raw[y, x - channels] if x >= channels else 0
            up = raw[y - 1, x] if y else 0
            corner = raw[y - 1, x - channels] if y and x >= channels else 0
            near = min((left, up, corner), key=lambda v: abs(v - (left + up - corner)))
            guess = (0, left, up, (left + up) // 2, near)[kind]
            out.append((raw[y, x] - guess) % 256)
        lines.append(bytes(out))
    return lines


def write(path, value, shape=(6, 4), channels=1, count=4):
    """A folder of grey or coloured images, each of one value."""
    path.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        pixels = np.full((*shape, channels), value + number, np.uint8)
        colour = {1: 0, 3: 2}[channels]
        name = path / f"{number}.png"
        name.write_bytes(png(filtered(pixels, 0), shape[1], 8, colour))
