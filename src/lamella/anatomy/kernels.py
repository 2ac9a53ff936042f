"""Kernels that people design by hand, applied to any image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lamella.anatomy.paddings import pad
from lamella.checks import check_choice
from lamella.errors import bad_input
from lamella.results import Images

if TYPE_CHECKING:
    from jaxtyping import Float

FIXED = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "blur": [[1 / 9] * 3] * 3,
    "edges": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "laplacian_diagonal": [[1, 1, 1], [1, -8, 1], [1, 1, 1]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
}
NAMES = (*FIXED, "gaussian", "gabor")


def kernel(name: str, **options: float) -> Float[np.ndarray, "height width"]:
    """A kernel by name; `gaussian` and `gabor` take their own options.

    Raises UnknownName for another name.

    >>> kernel("edges").sum()
    np.float64(0.0)
    >>> round(float(kernel("gaussian", size=5, sigma=1.0).sum()), 6)
    1.0
    """
    check_choice(name, NAMES, "kernel")
    if name == "gaussian":
        return gaussian(**options)  # type: ignore[arg-type]
    if name == "gabor":
        return gabor(**options)  # type: ignore[arg-type]
    return np.array(FIXED[name], dtype=float)


def gaussian(size: int = 5, sigma: float = 1.0) -> Float[np.ndarray, "size size"]:
    """A Gaussian bell that sums to 1."""
    _check_size(size, sigma)
    place = np.arange(size) - (size - 1) / 2
    bell = np.exp(-(place**2) / (2 * sigma**2))
    return np.outer(bell, bell) / bell.sum() ** 2


def gabor(
    size: int = 11,
    wavelength: float = 5.0,
    angle: float = 0.0,
    sigma: float = 2.5,
    aspect: float = 0.7,
    phase: float = 0.0,
) -> Float[np.ndarray, "size size"]:
    """A wave under a bell, as simple cells of the visual cortex prefer it; mean 0.

    `angle` in degrees turns the stripes; 0 answers to vertical edges.

    Source: Daugman (1985), Uncertainty relation for resolution in space, spatial frequency and
    orientation, JOSA A 2(7).
    """
    _check_size(size, sigma)
    place = np.arange(size) - (size - 1) / 2
    y, x = np.meshgrid(place, place, indexing="ij")
    turn = np.deg2rad(angle)
    along, across = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    bell = np.exp(-(along**2 + (aspect * across) ** 2) / (2 * sigma**2))
    wave = bell * np.cos(2 * np.pi * along / wavelength + phase)
    return wave - bell * wave.sum() / bell.sum()


def _check_size(size: int, sigma: float) -> None:
    if size < 1 or sigma <= 0:
        raise bad_input(
            "kernel()",
            wanted="size of at least 1 and sigma above 0",
            got=f"{size} and {sigma}",
            do="Raise them",
        )


def apply_kernel(
    image: Float[np.ndarray, "height width *channels"],
    weights: str | Float[np.ndarray, "kh kw"],
    *,
    stride: int = 1,
    padding: int | None = None,
    mode: str = "zero",
) -> Float[np.ndarray, "out_height out_width *channels"]:
    """Slide a kernel over every channel of an image: cross-correlation, as in networks.

    `padding` None keeps the size at stride 1 for odd kernels ((F - 1) / 2). Raises InputError for a
    kernel larger than the padded image.

    >>> image = np.array([[221, 198, 149], [205, 147, 173], [149, 170, 222.]])
    >>> apply_kernel(image, "sobel_x", padding=0)
    array([[-63.]])
    """
    from lamella.anatomy.convolution_arithmetic import arithmetic

    array = np.asarray(image, dtype=float)
    taps = kernel(weights) if isinstance(weights, str) else np.asarray(weights, dtype=float)
    if array.ndim not in (2, 3) or taps.ndim != 2:
        raise bad_input(
            "apply_kernel()",
            wanted="an image of height x width (x channels) and a kernel of height x width",
            got=f"{array.shape} and {taps.shape}",
            do="Pass one image and one kernel",
        )
    planes = array[..., None] if array.ndim == 2 else array
    widths = [(n - 1) // 2 if padding is None else padding for n in taps.shape]
    for size, n, width in zip(planes.shape, taps.shape, widths, strict=False):
        arithmetic(size, n, stride=stride, padding=width)
    framed = pad(np.moveaxis(planes, -1, 0), [(n, n) for n in widths], mode)
    patches = np.lib.stride_tricks.sliding_window_view(framed, taps.shape, axis=(1, 2))
    result = np.einsum("cyxij,ij->yxc", patches[:, ::stride, ::stride], taps)
    return result[..., 0] if array.ndim == 2 else result


def before_and_after(
    image: Float[np.ndarray, "height width *channels"],
    names: tuple[str, ...] = NAMES,
    mode: str = "mirror",
) -> Images:
    """The image and what each kernel makes of it.

    Kernels that sum to 1 keep the image's range, the others are stretched to their own.
    """
    array = np.asarray(image, dtype=float)
    grey = array if array.ndim == 2 else array.mean(axis=2)
    pictures = [_stretched(grey, grey)]
    for name in names:
        made = apply_kernel(grey, name, mode=mode)
        whole = abs(kernel(name).sum() - 1) < 1e-9
        pictures.append(_stretched(made, grey if whole else made))
    return Images(
        np.stack(pictures)[..., None],
        ("image", *names),
        columns=4,
        title=f"hand-made kernels ({mode} padding)",
    )


def _stretched(
    picture: Float[np.ndarray, "h w"], like: Float[np.ndarray, "h w"]
) -> Float[np.ndarray, "h w"]:
    """0 and 1 at the ends of the range of `like`, cut off beyond."""
    low, high = like.min(), like.max()
    return ((picture - low) / (high - low or 1.0)).clip(0, 1)
