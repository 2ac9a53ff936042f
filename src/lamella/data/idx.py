"""The idx format of MNIST."""

from __future__ import annotations

import gzip
import zlib
from math import prod
from pathlib import Path

import numpy as np

from lamella.data.files import DataError


def read_idx(path: Path) -> np.ndarray:
    """The unsigned bytes of an idx file, gzipped or not, in the shape that its header says.

    The header: two zero bytes, 8 for unsigned bytes, the number of axes, then the length of each
    axis as a big-endian 32-bit integer. DataError for another header, or fewer bytes than said.

    Source: LeCun, Cortes and Burges (1998), The MNIST database, file formats.
    """
    raw = read_bytes(path)
    if len(raw) < 4 or raw[:3] != b"\0\0\x08" or len(raw) < 4 + 4 * raw[3]:
        raise DataError(
            f"{path} wants an idx header of unsigned bytes, got {raw[:4]!r}. Replace it."
        )
    axes = raw[3]
    shape = tuple(int(n) for n in np.frombuffer(raw, ">u4", axes, offset=4))
    body = len(raw) - 4 - 4 * axes
    if body != prod(shape):
        raise DataError(
            f"{path} wants {prod(shape):,} bytes for shape {shape}, got {body:,}: it is truncated "
            "or damaged. Delete it and run again to fetch it anew."
        )
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(shape)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, unzipped where its first bytes say gzip."""
    raw = path.read_bytes()
    if raw[:2] != b"\x1f\x8b":
        return raw
    try:
        return gzip.decompress(raw)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path} is a truncated or damaged archive ({error}). Delete it and run again to "
            "fetch it anew."
        ) from error
