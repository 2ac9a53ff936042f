"""Pooling step by step, and what it keeps when an image is shifted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lamella.anatomy.convolution_arithmetic import arithmetic
from lamella.checks import check_choice
from lamella.results import Table

if TYPE_CHECKING:
    from jaxtyping import Float

KINDS: dict[str, Callable[..., np.ndarray]] = {"max": np.max, "average": np.mean}


@dataclass(frozen=True, eq=False)
class Pooled:
    """The result of pooling one map, with one line of text for each window."""

    image: Float[np.ndarray, "height width"]
    output: Float[np.ndarray, "out_height out_width"]
    steps: tuple[str, ...]
    kernel: int
    stride: int
    kind: str

    @property
    def flat(self) -> Float[np.ndarray, " units"]:
        """The output as flatten hands it to a dense layer: row by row."""
        return self.output.reshape(-1)

    @property
    def kept(self) -> Float[np.ndarray, "height width"]:
        """Where the values that survive a maximum come from: 1 for each pixel that is a maximum."""
        mask = np.zeros_like(self.image)
        for y, x in np.ndindex(*self.output.shape):
            top, left = y * self.stride, x * self.stride
            window = self.image[top : top + self.kernel, left : left + self.kernel]
            mask[top : top + self.kernel, left : left + self.kernel] += window == window.max()
        return np.minimum(mask, 1)


def pool(
    image: Float[np.ndarray, "height width"],
    kernel: int = 2,
    *,
    stride: int | None = None,
    kind: str = "max",
) -> Pooled:
    """Maximum or average pooling of one map; stride None is the kernel's size.

    A kernel of the image's size is global pooling. Raises InputError for a kernel larger than the
    image, UnknownName for another kind.

    >>> pool([[4, 6, 1, 1], [1, 3, 1, 3], [4, 0, 0, 8], [8, 5, 4, 0]]).output
    array([[6., 3.],
           [8., 8.]])
    """
    check_choice(kind, KINDS, "pooling")
    array, stride = np.asarray(image, dtype=float), kernel if stride is None else stride
    sizes = [arithmetic(n, kernel, stride=stride).output for n in array.shape]
    windows = np.lib.stride_tricks.sliding_window_view(array, (kernel, kernel))[::stride, ::stride]
    output = KINDS[kind](windows, axis=(2, 3))
    assert list(output.shape) == sizes
    lines = (
        f"{kind}({', '.join(f'{v:.4g}' for v in windows[y, x].flat)}) = {output[y, x]:.4g}"
        for y, x in np.ndindex(*output.shape)
    )
    return Pooled(array, output, tuple(lines), kernel, stride, kind)


def shift_test(
    image: Float[np.ndarray, "height width"], kernel: int = 2, *, most: int = 4
) -> Table:
    """How much the pooled map changes when the image moves by 0 to `most` pixels to the right.

    For none, maximum and average pooling, the relative change |pool(shifted) - pool(image)| over
    |pool(image)|, and the same after global pooling. Pixels that leave come back at the left
    (cyclic), so nothing but the place changes. Maxima of a shifted image are not shifted maxima:
    strides make pooling stable only within a window (Azulay and Weiss 2019; Zhang 2019).
    """
    array = np.asarray(image, dtype=float)
    rows = []
    for shift in range(most + 1):
        moved = np.roll(array, shift, axis=1)
        for name, size in (("none", 1), ("max", kernel), ("average", kernel), ("global", 0)):
            rows.append((shift, name, _change(array, moved, name, size)))
    shifts, names, changes = zip(*rows, strict=True)
    return Table(
        {"shift": np.array(shifts), "pooling": np.array(names), "change": np.array(changes)},
        title="change of the map when the image moves",
    )


def _change(image: np.ndarray, moved: np.ndarray, name: str, size: int) -> float:
    if name == "global":
        return float(abs(moved.mean() - image.mean()) / (abs(image.mean()) or 1.0))
    kind = "max" if name == "none" else name
    before, after = (pool(a, size, kind=kind).output for a in (image, moved))
    return float(np.linalg.norm(after - before) / (np.linalg.norm(before) or 1.0))
