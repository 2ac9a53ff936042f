"""Numbers of a story as a reader wants them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np


def number(value: Any) -> str:
    """A value as text: four significant digits, lists joined.

    >>> number(0.0123456), number([1, 2.5]), number(True), number(None), number(1234567)
    ('0.01235', '1, 2.5', 'yes', 'none', '1,234,567')
    """
    if value is None:
        return "none"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{int(value):,}" if abs(int(value)) >= 10_000 else str(int(value))
    if isinstance(value, float | np.floating):
        return _float(float(value))
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple | set | Mapping):  # only empty mappings come here
        return ", ".join(number(v) for v in value) or "none"
    return str(value)


def flat(values: Mapping[str, Any], parent: str = "") -> Iterator[tuple[str, Any]]:
    """Names and values, those of mappings inside with their names joined.

    >>> list(flat({"a": 1, "b": {"c": 2}}))
    [('a', 1), ('b · c', 2)]
    """
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{parent}{name} · ")
        else:
            yield f"{parent}{name}", value


def _float(value: float) -> str:
    if not math.isfinite(value):
        return "n/a" if math.isnan(value) else "∞" if value > 0 else "−∞"
    return f"{value:.4g}".replace("-", "−") if abs(value) >= 1e-4 or value == 0 else f"{value:.2g}"
