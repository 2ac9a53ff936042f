"""Persistence landscapes: diagrams as functions that can be averaged."""

from __future__ import annotations

import numpy as np

from lamella.checks import check_range
from lamella.geometry.bars import check_diagrams, in_one_unit
from lamella.registry import measures
from lamella.results import Curve, Diagrams


@measures.register(value=None, unit="", better=None, default=False)
def landscape(
    diagrams: Diagrams,
    *,
    dimension: int = 1,
    levels: int = 5,
    steps: int = 200,
    unit: str = "mean_distance",
) -> Curve:
    """The first persistence landscapes of a diagram.

    Definition: every bar that dies is a tent max(0, min(t - birth, death - t)); the k-th
    landscape is the k-th largest tent at every t. Unlike in GUDHI, which scales by sqrt(2), the
    peak of a single bar is half its length.

    >>> curve = landscape(Diagrams([0], [2], [1]), levels=1, steps=5, unit="raw")
    >>> curve.y[0].tolist()
    [0.0, 0.5, 1.0, 0.5, 0.0]

    Range: from 0; level k never above level k - 1.

    Cost: bars x steps.

    Misleads: levels mix bars: the first one need not be the same feature at every scale.

    Source: Bubenik 2015, Statistical topological data analysis using persistence landscapes.
    """
    for value, what in ((levels, "levels"), (steps, "steps")):
        check_range(value, "landscape()", f"a number of {what}", low=1)
    bars = in_one_unit([check_diagrams(diagrams, "landscape()")], unit, "landscape()")[0]
    births, deaths = bars.bars(dimension)[np.isfinite(bars.bars(dimension)[:, 1])].T
    x = np.linspace(births.min(initial=0.0), deaths.max(initial=0.0), steps)
    tents = np.minimum(x - births[:, None], deaths[:, None] - x).clip(min=0.0)
    tents = np.pad(tents, ((0, max(levels - len(tents), 0)), (0, 0)))
    y = -np.sort(-tents, axis=0)[:levels]
    names = tuple(f"level {k + 1}" for k in range(levels))
    return Curve(x, y, names, f"scale ({bars.unit})", f"landscape of H{dimension}")
