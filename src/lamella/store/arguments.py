"""Paths and epochs as they come in; anything else is an InputError."""

from __future__ import annotations

import operator
import os
from pathlib import Path
from typing import Any

from lamella.errors import bad_input


def as_path(path: Any, where: str) -> Path:
    """The absolute path of a str or of anything that stands for a path, with `~` for the home.

    >>> as_path("runs/mine", "open_run()").is_absolute()
    True
    """
    try:
        return Path(os.fsdecode(path)).expanduser().absolute()
    except (TypeError, RuntimeError):
        raise bad_input(
            where, wanted="the path of a folder", got=repr(path)[:60], do="Pass a str or a Path"
        ) from None


def as_epoch(epoch: Any, where: str) -> int:
    """An epoch as an int: of any whole number, such as 3, 3.0, or those of NumPy and Torch.

    >>> as_epoch(3.0, "epoch()")
    3
    """
    try:
        return int(epoch) if is_whole(epoch) else operator.index(epoch)
    except (TypeError, ValueError, RuntimeError):
        raise bad_input(
            where, wanted="epochs as whole numbers", got=repr(epoch)[:60], do="Pass one such as 3"
        ) from None


def is_whole(number: Any) -> bool:
    """Whether it is a floating number without a fraction."""
    return isinstance(number, float) and number.is_integer()
