"""Reading one picture from a file, whatever its kind, as height x width x channels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from lamella.data.png import MOST_NUMBERS, NotReadable, read_png

FORMATS = {
    ".png": "PNG", ".pgm": "PPM", ".ppm": "PPM", ".jpg": "JPEG", ".jpeg": "JPEG", ".bmp": "BMP",
    ".gif": "GIF", ".tif": "TIFF", ".tiff": "TIFF", ".webp": "WEBP",
}  # fmt: skip
KINDS = (".npy", *FORMATS)
DEEP = (2, 4, 6)  # PNG's colour types whose 16 bits Pillow cuts to 8
INTEGERS = ("I", "I;16", "I;16B", "I;16L", "I;16N")


def read_picture(path: Path) -> Float[np.ndarray, "height width channels"]:
    """A picture as float32, integers scaled to [0, 1], upright as its EXIF data say.

    Read by Pillow, but for NumPy's .npy (height x width, or height x width x channels of any
    number) and PNGs with colours of 16 bits. Grey, RGB and RGBA stay, grey of 16 bits too; all
    else becomes RGB. NotReadable says why a file is no picture, or one of too many pixels.
    """
    pixels = read_pixels(path)
    if pixels.dtype.kind not in "uif" or pixels.ndim not in (2, 3) or pixels.size == 0:
        raise NotReadable(f"it holds {pixels.dtype} of shape {pixels.shape}")
    pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
    if pixels.dtype.kind == "f":
        return pixels.astype(np.float32)
    return pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)


def read_pixels(path: Path) -> np.ndarray:
    """The raw numbers of a picture."""
    if not path.is_file():  # a pipe or a device would keep us waiting
        raise NotReadable("it is not a regular file")
    try:
        if path.suffix.lower() == ".npy":
            return read_array(path)
        if path.suffix.lower() == ".png" and is_deep(path):
            return read_png(path.read_bytes())
        return read_by_pillow(path)
    except NotReadable:
        raise
    except Exception as error:  # readers of damaged files raise whatever they stumble over
        raise NotReadable(" ".join(str(error).split()).rstrip(".") or repr(error)) from error


def read_array(path: Path) -> np.ndarray:
    """NumPy's own format, without pickled objects and of a bounded size."""
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    if not isinstance(array, np.ndarray) or array.size > MOST_NUMBERS:
        raise NotReadable("it holds no array of a picture's size")
    return np.array(array)


def is_deep(path: Path) -> bool:
    """Whether a file is a PNG with colours of 16 bits that is not interlaced."""
    with open(path, "rb") as file:
        head = file.read(29)
    return len(head) == 29 and head[24] == 16 and head[25] in DEEP and head[28] == 0


def read_by_pillow(path: Path) -> np.ndarray:
    """A picture of the kind that its name says, as grey, RGB or RGBA, turned upright."""
    import warnings

    from PIL import Image, ImageOps  # type: ignore[import-not-found]

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path, formats=[FORMATS[path.suffix.lower()]]) as image:
            if image.width * image.height * len(image.getbands()) > MOST_NUMBERS:
                raise NotReadable(
                    f"it has {image.width} x {image.height} pixels, which is too many"
                )
            return numbers_of(ImageOps.exif_transpose(image))


def numbers_of(image: Any) -> np.ndarray:
    """The numbers of an opened picture; modes that are neither grey nor RGB become RGB."""
    if image.mode in INTEGERS:
        wide = np.asarray(image)
        sixteen = image.mode != "I" or (wide.min() >= 0 and wide.max() < 2**16)
        return wide.astype(np.uint16 if sixteen else np.int32)
    if image.mode == "1":
        return np.asarray(image.convert("L"))
    kept = ("L", "LA", "RGB", "RGBA", "F")
    return np.asarray(image if image.mode in kept else image.convert("RGB"))


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


def in_channels(
    picture: Float[np.ndarray, "height width channels"], channels: int
) -> Float[np.ndarray, "height width channels"]:
    """A grey (1) or an RGB (3) picture: alpha goes, colours are weighed as in ITU-R BT.601.

    >>> in_channels(np.ones((1, 1, 4), np.float32), 1).round(3).tolist()
    [[[1.0]]]
    """
    colours = picture[:, :, : 1 if picture.shape[2] < 3 else 3]
    if colours.shape[2] == channels:
        return colours
    if channels == 3:
        return np.repeat(colours, 3, axis=2)
    return (colours @ np.array([[0.299], [0.587], [0.114]], np.float32)).astype(np.float32)
