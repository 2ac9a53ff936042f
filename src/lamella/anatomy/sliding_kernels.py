"""A kernel that slides over an image, one position at a time, every product written out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lamella.anatomy.convolution_arithmetic import Arithmetic, arithmetic
from lamella.anatomy.paddings import pad
from lamella.errors import bad_input

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class Step:
    """One position of the kernel: where it lies in the padded image, and its sum of products.

    `row` and `column` are of the window's first pixel in the padded image, `output` of the result.
    """

    row: int
    column: int
    output: tuple[int, int]
    products: Float[np.ndarray, "kh kw"]
    value: float
    text: str


@dataclass(frozen=True, eq=False)
class Slide:
    """All steps of one kernel over one image, for `views.anatomy_sliding_kernel`."""

    padded: Float[np.ndarray, "height width"]
    weights: Float[np.ndarray, "kh kw"]
    output: Float[np.ndarray, "out_height out_width"]
    steps: tuple[Step, ...]
    padding: int
    stride: int
    dilation: int
    rows: Arithmetic
    columns: Arithmetic


def sliding_kernel(
    image: Float[np.ndarray, "height width"],
    weights: Float[np.ndarray, "kh kw"],
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    mode: str = "zero",
) -> Slide:
    """Every step of a convolution (as networks compute it: the kernel is not flipped).

    Raises InputError for a kernel larger than the padded image, stride 0 or negative padding.

    >>> image = [[221, 198, 149], [205, 147, 173], [149, 170, 222]]
    >>> slide = sliding_kernel(image, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    >>> print(slide.steps[0].text)
    221*(-1) + 198*0 + 149*1 + 205*(-2) + 147*0 + 173*2 + 149*(-1) + 170*0 + 222*1 = -63
    """
    array, taps = np.asarray(image, dtype=float), np.asarray(weights, dtype=float)
    if array.ndim != 2 or taps.ndim != 2:
        raise bad_input(
            "sliding_kernel()",
            wanted="an image and a kernel of two axes",
            got=f"{array.shape} and {taps.shape}",
            do="Pass one channel",
        )
    rows, columns = (
        arithmetic(n, k, stride=stride, padding=padding, dilation=dilation)
        for n, k in zip(array.shape, taps.shape, strict=True)
    )
    padded = pad(array, padding, mode)
    steps = tuple(
        _step(padded, taps, y, x, stride, dilation)
        for y in range(rows.output)
        for x in range(columns.output)
    )
    output = np.array([step.value for step in steps]).reshape(rows.output, columns.output)
    return Slide(padded, taps, output, steps, padding, stride, dilation, rows, columns)


def _step(
    padded: Float[np.ndarray, "h w"],
    taps: Float[np.ndarray, "kh kw"],
    y: int,
    x: int,
    stride: int,
    dilation: int,
) -> Step:
    row, column = y * stride, x * stride
    height, width = ((n - 1) * dilation + 1 for n in taps.shape)
    patch = padded[row : row + height : dilation, column : column + width : dilation]
    products = patch * taps
    value = float(products.sum())
    return Step(row, column, (y, x), products, value, spelled_out(patch, taps, value))


def spelled_out(
    patch: Float[np.ndarray, "kh kw"], taps: Float[np.ndarray, "kh kw"], value: float
) -> str:
    """The sum of products as one line of arithmetic.

    >>> spelled_out(np.array([[2.0]]), np.array([[-3.0]]), -6.0)
    '2*(-3) = -6'
    """
    terms = (f"{_bare(p)}*{_bare(w)}" for p, w in zip(patch.flat, taps.flat, strict=True))
    return f"{' + '.join(terms)} = {value:.6g}"


def _bare(number: float) -> str:
    text = f"{number:.4g}"
    return f"({text})" if text.startswith("-") else text
