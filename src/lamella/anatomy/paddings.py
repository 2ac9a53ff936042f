"""The ways to fill what lies beyond the border of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lamella.checks import check_choice
from lamella.errors import bad_input

if TYPE_CHECKING:
    from jaxtyping import Float

NUMPY_MODES = {
    "zero": "constant",
    "border": "edge",
    "mirror": "symmetric",
    "reflect": "reflect",
    "cyclic": "wrap",
}
EXPLAINED = {
    "zero": "zeros: 00[ABC]00",
    "border": "the last pixel again: AA[ABC]CC (torch: replicate)",
    "mirror": "mirrored with the edge pixel repeated: BA[ABC]CB (numpy: symmetric; not in torch)",
    "reflect": "mirrored about the edge pixel: CB[ABC]BA (torch: reflect)",
    "cyclic": "from the other side: BC[ABC]AB (torch: circular)",
}


def pad(
    values: Float[np.ndarray, "*axes"],
    width: int | tuple[int, int] | list[tuple[int, int]],
    mode: str = "zero",
) -> Float[np.ndarray, "*padded"]:
    """`values` with `width` (before, after) positions more on its last two axes, or its only one.

    A list of two such pairs pads height and width differently.

    Modes: zero, border, mirror (the edge pixel is repeated), reflect (it is not), cyclic.
    Mirror is numpy's `symmetric`; torch's `reflect` is another one, so both are here.
    Raises UnknownName for another mode, InputError for a negative width or an empty image.

    >>> print("".join(pad(np.array(list("ABC")), 2, "mirror")))
    BAABCCB
    >>> print("".join(pad(np.array(list("ABC")), 2, "reflect")))
    CBABCBA
    """
    check_choice(mode, NUMPY_MODES, "padding")
    array = np.asarray(values)
    axes = min(array.ndim, 2)
    pairs = width if isinstance(width, list) else [_pair(width)] * axes
    if min(map(min, pairs)) < 0 or 0 in array.shape[-2:]:
        raise bad_input(
            "pad()",
            wanted="an image that is not empty and a width of at least 0",
            got=f"width {width} and shape {array.shape}",
            do="Crop instead",
        )
    widths = [(0, 0)] * (array.ndim - axes) + pairs
    return np.pad(array, widths, mode=NUMPY_MODES[mode])  # type: ignore[call-overload]


def _pair(width: int | tuple[int, int]) -> tuple[int, int]:
    return (width, width) if isinstance(width, int) else width
