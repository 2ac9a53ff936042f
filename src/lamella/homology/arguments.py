"""Checks of what `homology` is given beside its points, and of the size of their numbers."""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np

from lamella.checks import check_range
from lamella.errors import bad_input

GREATEST = 1e150  # coordinates whose squares are still finite


def check_numbers(max_dimension: Any, **budgets: Any) -> None:
    """Raise InputError for a dimension that is no whole number from 0, a budget that is none."""
    if isinstance(max_dimension, bool) or not isinstance(max_dimension, int | np.integer):
        raise bad_input(
            "homology()",
            wanted="max_dimension as a whole number",
            got=repr(max_dimension),
            do="Pass one such as 2",
        )
    check_range(int(max_dimension), "homology()", "max_dimension", low=0)
    for name, budget in budgets.items():
        if not isinstance(budget, int | float | np.number) or not budget > 0:
            raise bad_input(
                "homology()", wanted=f"{name} as a number above 0", got=repr(budget), do="Fix it"
            )


def check_field(field: Any) -> None:
    """Raise InputError for what is no prime number below 2^15, the field's number of elements."""
    whole = isinstance(field, int | np.integer) and not isinstance(field, bool)
    if (
        not whole
        or not 2 <= field < 2**15
        or any(field % n == 0 for n in range(2, isqrt(field) + 1))
    ):
        raise bad_input(
            "homology()", wanted="field as a prime such as 2 or 3", got=repr(field), do="Choose one"
        )


def check_scale(max_scale: Any) -> None:
    """Raise InputError for a greatest length that is no number from 0; infinity is allowed."""
    number = isinstance(max_scale, int | float | np.number) and not isinstance(max_scale, bool)
    if max_scale is not None and not (number and max_scale == max_scale):
        raise bad_input(
            "homology()", wanted="max_scale as a length", got=repr(max_scale), do="Pass a number"
        )


def check_cloud(array: np.ndarray, metric: str) -> None:
    """Raise InputError where squares of coordinates overflow."""
    if array.ndim != 2 or array.dtype.kind not in "fiu" or not array.size:
        return
    greatest = np.abs(array, dtype=np.float64)[np.isfinite(array)].max(initial=0)
    if greatest > GREATEST:
        raise bad_input(
            "homology()",
            wanted=f"numbers up to {GREATEST:g}",
            got=f"{greatest:g}",
            do="Divide them by a common scale",
        )
