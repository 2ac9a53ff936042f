"""What views of lines share: the colours of series, axes of names, values over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lamella.plots.marks import Band, Line, Mark
from lamella.plots.palette import CLASSES, HOMOLOGY, RUNS
from lamella.plots.panels import Axis

PALETTES = {"runs": RUNS, "classes": CLASSES, "homology": HOMOLOGY}
BANDS = "bands: least to greatest over seeds"


def series_colours(
    names: Sequence[str], palette: str | None = None, baselines: Sequence[str] = ()
) -> list[str]:
    """One colour per series; baselines are grey and use up none.

    >>> series_colours(["wide", "raw", "narrow"], None, ["raw"])
    ['a', 'faint', 'b']
    """
    lively = [name for name in names if name not in baselines]
    chosen = PALETTES[palette or ("runs" if len(lively) <= 2 else "classes")]
    colours = {name: chosen[at % len(chosen)] for at, name in enumerate(lively)}
    return [colours.get(name, "faint") for name in names]


def axis_of(x: np.ndarray, label: str, *, log: bool = False) -> tuple[np.ndarray, Axis]:
    """Where the values of an axis stand, and the axis; names stand at equal steps."""
    if np.asarray(x).dtype.kind in "fiu":
        return np.asarray(x, float), Axis(label, log=log)
    return np.arange(len(x), dtype=float), Axis(label, names=tuple(map(str, x)))


def last_finite(values: np.ndarray) -> float:
    """The last value that is a number, or NaN."""
    finite = np.asarray(values, float)[np.isfinite(np.asarray(values, float))]
    return float(finite[-1]) if len(finite) else np.nan


def over_seeds(x: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, ...]:
    """Each x once, with the mean, the least and the greatest of its values.

    >>> [part.tolist() for part in over_seeds(np.array([1, 1, 2]), np.array([3.0, 5, 7]))]
    [[1, 2], [4.0, 7.0], [3.0, 7.0], [5.0, 7.0]]
    """
    once, place = np.unique(x, return_inverse=True)
    groups = [values[place == at] for at in range(len(once))]
    found = [[f(g) if np.isfinite(g).any() else np.nan for g in groups]
             for f in (np.nanmean, np.nanmin, np.nanmax)]  # fmt: skip
    return (once, *map(np.array, found))


def with_band(x: Any, y: Any, low: Any, high: Any, **style: Any) -> list[Mark]:
    """A line over its band; no band where `low` is None."""
    band = [] if low is None else [Band(x, low, high, style.get("colour", "ink"))]
    return [*band, Line(x, y, **style)]
