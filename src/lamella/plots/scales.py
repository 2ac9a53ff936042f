"""The ranges of axes and their ticks, as texts: notebook, page and file show the same ones."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

MOST = 6  # ticks of an axis


def padded(
    values: Iterable[np.ndarray], *, log: bool = False, zero: bool = False, room: float = 0.04
) -> tuple[float, float]:
    """The range of an axis: its finite values and a little room, with 0 where `zero` wants it.

    >>> padded([np.array([0.0, 10.0])]), padded([np.array([0.0, 10.0])], zero=True)
    ((-0.4, 10.4), (0.0, 10.4))
    """
    parts = [np.asarray(part, float).ravel() for part in values]
    every = np.concatenate(parts) if parts else np.zeros(0)
    every = every[np.isfinite(every) & ((every > 0) | (not log))]
    if not len(every):
        return (0.1, 1.0) if log else (0.0, 1.0)
    if log:
        low, high = padded([np.log10(every)], room=room)
        low, high = (low, high) if np.ptp(every) else (low - 0.3, high + 0.3)
        return float(10**low), float(10**high)
    low, high = float(every.min()), float(every.max())
    low, high = (min(low, 0.0), max(high, 0.0)) if zero else (low, high)
    more = room * (high - low) if high > low else (0.05 * abs(high) or 0.5)
    return (0.0 if zero and low == 0 else low - more), high + more


def ticks(low: float, high: float, *, log: bool = False, most: int = MOST) -> list[float]:
    """Round values from `low` to `high`: steps of 1, 2 or 5, or 1, 2, 5, 10 if `log`.

    >>> ticks(0, 10), ticks(0.8, 40, log=True)
    ([0.0, 2.0, 4.0, 6.0, 8.0, 10.0], [1.0, 3.0, 10.0, 30.0])
    """
    if not high > low:
        return [low]
    if log:
        return _logarithmic(low, high, most)
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = power * next(n for n in (1, 2, 5, 10) if n * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [float(f"{k * step:.12g}") for k in range(first, math.floor(high / step + 1e-9) + 1)]


def _logarithmic(low: float, high: float, most: int) -> list[float]:
    decades = math.log10(high / low)
    if decades < 0.5:
        return ticks(low, high, most=most)
    steps = (1, 2, 5) if decades < 1.3 else (1, 3) if decades < 3.5 else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    powers = powers[:: 1 + len(powers) // 9]
    found = [float(f"{step}e{power}") for power in powers for step in steps]
    return [value for value in found if low * 0.999 <= value <= high * 1.001]


def tick_texts(values: Sequence[float]) -> list[str]:
    """Ticks with the same decimals; thousands as k, what is tiny or huge as a power.

    >>> tick_texts([0, 0.5, 1]), tick_texts([0, 20000]), tick_texts([1e-5, 1e-4])
    (['0.0', '0.5', '1.0'], ['0', '20k'], ['1e−5', '1e−4'])
    """
    whole = [f"{value:.6g}" for value in values]
    most = max(map(abs, values), default=0)
    if any("e" in text for text in whole) or (most and (most < 1e-3 or most >= 1e6)):
        texts = [f"{v:.1e}".replace(".0e", "e").replace("e-0", "e-") for v in values]
        texts = [text.replace("e+0", "e") for text in texts]
    elif most >= 1e4:
        texts = [f"{value / 1000:g}k" for value in values]
    elif len(values) > 2 and min(values) > 0 and np.ptp(np.diff(values)) > 1e-6 * most:
        texts = whole  # a logarithmic axis: 0.1, 1, 10
    else:
        decimals = max((len(text.partition(".")[2]) for text in whole), default=0)
        texts = [f"{value:.{decimals}f}" for value in values]
    return ["0" if not value and "." not in text else text.replace("-", "−")
            for value, text in zip(values, texts, strict=True)]  # fmt: skip


def limits(values: np.ndarray, *, log: bool = False) -> tuple[float, float]:
    """The ends of a colour scale; it starts at 0 where that wastes less than half of it."""
    finite = values[np.isfinite(values) & ((values > 0) | (not log))]
    if not len(finite):
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    if not log and 0 < low < 0.5 * high:
        low = 0.0
    return (low, high) if low < high else (low - 0.5 * abs(low or 1), high + 0.5 * abs(high or 1))
