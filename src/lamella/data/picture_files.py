"""Reading one picture from a file, whatever its kind, as height x width x channels."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from jaxtyping import Float

from lamella.data.png import NotReadable, read_png
from lamella.errors import missing_extra

OWN = (".png", ".npy", ".pgm", ".ppm")
PILLOW = (".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
KINDS = OWN + PILLOW


def read_picture(path: Path) -> Float[np.ndarray, "height width channels"]:
    """A picture as float32, integers scaled to [0, 1].

    PNG, PGM, PPM and NumPy's .npy (height x width, or height x width x channels of any number)
    are read by ourselves, other kinds by Pillow. NotReadable says why a file is no picture;
    MissingExtra that Pillow is wanted.
    """
    pixels = read_pixels(path)
    if pixels.dtype.kind not in "uif" or pixels.ndim not in (2, 3) or pixels.size == 0:
        raise NotReadable(f"it holds {pixels.dtype} of shape {pixels.shape}")
    pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
    if pixels.dtype.kind == "f":
        return pixels.astype(np.float32)
    return pixels.astype(np.float32) / np.iinfo(pixels.dtype).max


def read_pixels(path: Path) -> np.ndarray:
    """The raw numbers of a picture."""
    kind = path.suffix.lower()
    if kind == ".npy":
        try:
            return np.load(path, allow_pickle=False)
        except (ValueError, EOFError, OSError) as error:
            raise NotReadable(str(error)) from error
    try:
        if kind == ".png":
            return read_png(path.read_bytes())
        if kind in (".pgm", ".ppm"):
            return read_netpbm(path.read_bytes())
    except NotReadable as error:
        if "interlaced" not in str(error):
            raise
    except OSError as error:
        raise NotReadable(str(error)) from error
    return read_by_pillow(path)


def read_netpbm(raw: bytes) -> np.ndarray:
    """Binary PGM (P5) and PPM (P6) of 8 bits."""
    space = rb"(?:\s|#[^\n]*\n)+"
    header = re.match(rb"(P[56])" + space.join([b"", *[rb"(\d+)"] * 3]) + rb"\s", raw)
    if header is None or int(header[4]) != 255:
        raise NotReadable("its header is not that of a binary PGM or PPM of 8 bits")
    width, height, channels = int(header[2]), int(header[3]), 1 if header[1] == b"P5" else 3
    count = width * height * channels
    if len(raw) - header.end() < count:
        raise NotReadable("it is truncated")
    pixels = np.frombuffer(raw, np.uint8, count, offset=header.end())
    return pixels.reshape(height, width, channels)


def read_by_pillow(path: Path) -> np.ndarray:
    """Any other kind, as grey or RGB."""
    try:
        from PIL import Image, UnidentifiedImageError  # type: ignore[import-not-found]
    except ImportError as error:
        raise missing_extra("pillow", "images", f"reading {path.name}") from error
    try:
        with Image.open(path) as image:
            return np.asarray(image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise NotReadable(str(error)) from error


def resized(
    picture: Float[np.ndarray, "height width channels"], size: tuple[int, int]
) -> Float[np.ndarray, "height width channels"]:
    """The largest middle part of the wanted shape, scaled bilinearly with antialiasing."""
    import torch

    height, width = size
    scale = min(picture.shape[0] / height, picture.shape[1] / width)
    tall, wide = round(height * scale), round(width * scale)
    top, left = (picture.shape[0] - tall) // 2, (picture.shape[1] - wide) // 2
    part = np.ascontiguousarray(picture[top : top + tall, left : left + wide])
    batch = torch.from_numpy(part).permute(2, 0, 1)[None]
    scaled = torch.nn.functional.interpolate(batch, size, mode="bilinear", antialias=True)
    return scaled[0].permute(1, 2, 0).numpy()
