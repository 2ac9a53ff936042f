"""Betti curves: how many components, loops and voids there are at each scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lamella.plots.figure import Figure
from lamella.plots.marks import Band, Line, Mark
from lamella.plots.palette import HOMOLOGY
from lamella.plots.panels import Axis, Panel
from lamella.plots.persistence import NAMES, axis_end, empty_note
from lamella.plots.scales import tick_texts
from lamella.registry import views
from lamella.results import Curve, Diagrams

FLOOR = 0.5  # where none stands on a logarithmic axis


@views.register(record=("diagrams", "curve"))
def betti_curves(
    diagrams: Diagrams | Curve,
    *,
    dimensions: Sequence[int] | None = None,
    to: float | None = None,
    log: bool = True,
    title: str = "",
) -> Figure:
    """The number of bars alive at each scale, one step curve per homology dimension.

    Takes diagrams, drawn exactly (each birth steps up, each death down), or a curve whose series
    are dimensions in order, with a band where there is one. `log` counts on a logarithmic axis
    where there are more than 20, with a place for none below 1.
    """
    curved = isinstance(diagrams, Curve)
    curves = _of_curve(diagrams) if curved else _of_diagrams(diagrams)
    if dimensions is not None:
        curves = {d: curves[d] for d in dimensions if d in curves}
    most = max((float(np.nanmax(y)) for _, y, _, _ in curves.values()), default=1.0)
    marks = [
        m
        for d, parts in curves.items()
        for m in _marks(d, *parts, floor=FLOOR * (log and most > 20))
    ]
    if not curves and not curved:
        marks = [empty_note(diagrams)]
    label = diagrams.x_label if curved else f"scale ({diagrams.unit})"
    x = Axis(label, None if curved else (0, axis_end(diagrams) if to is None else to))
    y = _counts(most) if log and most > 20 else Axis("features alive", zero=True)
    key = tuple((NAMES[d], HOMOLOGY[d]) for d in curves)
    name = title or (diagrams.title if curved else "")
    return Figure((Panel(tuple(marks), x, y, height=280),), name, key=key)


def steps(bars: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The scales at which the number of living bars changes, and the number from there on.

    >>> steps(np.array([[0.0, 2.0], [0.0, np.inf], [1.0, 2.0]]))
    (array([0., 1., 2.]), array([2, 3, 1]))
    """
    deaths = bars[np.isfinite(bars[:, 1]), 1]
    scales = np.unique(np.concatenate([bars[:, 0], deaths]))
    born = np.searchsorted(np.sort(bars[:, 0]), scales, side="right")
    return scales, born - np.searchsorted(np.sort(deaths), scales, side="right")


def _counts(most: float) -> Axis:
    """A logarithmic axis of counts, on which none has a place."""
    powers = [10.0**k for k in range(int(np.log10(most)) + 1)]
    texts = ("0", *tick_texts(powers))
    return Axis(
        "features alive", (FLOOR, 1.25 * most), log=True, ticks=(FLOOR, *powers), texts=texts
    )


def _of_diagrams(diagrams: Diagrams) -> dict[int, tuple]:
    curves: dict[int, tuple] = {}
    for dimension in diagrams.dimensions:
        x, y = steps(diagrams.bars(dimension))
        curves[dimension] = (np.append(x, axis_end(diagrams)), np.append(y, y[-1]), None, None)
    return curves


def _of_curve(curve: Curve) -> dict[int, tuple]:
    bands = [(None, None)] * len(curve.y)
    if curve.low is not None and curve.high is not None:
        bands = list(zip(curve.low, curve.high, strict=True))
    return {
        _dimension(name, at): (np.asarray(curve.x, float), y, *band)
        for at, (name, y, band) in enumerate(zip(curve.series, curve.y, bands, strict=True))
    }


def _dimension(name: str, at: int) -> int:
    """The dimension in a series' name such as `H1`, or else its place."""
    digits = [c for c in name if c.isdigit()]
    return min(int(digits[-1]), len(NAMES) - 1) if digits else at


def _marks(dimension: int, x, y, low, high, *, floor: float) -> list[Mark]:
    colour, name = HOMOLOGY[dimension], NAMES[dimension]
    lifted = [None if part is None else np.maximum(part, floor) for part in (y, low, high)]
    band = [] if low is None else [Band(x, lifted[1], lifted[2], colour, 0.18, steps=True)]
    return [*band, Line(x, lifted[0], colour, name, steps=True)]
