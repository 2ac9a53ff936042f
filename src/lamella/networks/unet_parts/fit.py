"""Whether the pools of a network divide an image."""

from __future__ import annotations

from collections.abc import Sequence

from lamella.errors import bad_input


def check_image(name: str, input_shape: Sequence[int], divisor: int) -> None:
    """Raise InputError unless the input is channels x height x width, divisible by `divisor`.

    >>> check_image("small_unet", (3, 64, 64), 16)
    """
    if len(input_shape) != 3:
        raise bad_input(
            f"{name}()",
            wanted="images of shape channels x height x width",
            got=str(tuple(input_shape)),
            do="Choose an image data set",
        )
    sides = tuple(input_shape[1:])
    if any(side < divisor or side % divisor for side in sides):
        near = [max(divisor, round(side / divisor) * divisor) for side in sides]
        raise bad_input(
            f"{name}()",
            wanted=f"a height and width that its pools divide, multiples of {divisor}",
            got=f"{sides[0]} x {sides[1]}",
            do=f"Use images of {near[0]} x {near[1]}",
        )
