"""Betti curves: how many bars are alive at every scale."""

from __future__ import annotations

import numpy as np

from lamella.geometry.bars import check_diagrams, dimensions_of, in_one_unit
from lamella.registry import measures
from lamella.results import Curve, Diagrams


@measures.register(value=None, unit="", better=None, default=False)
def betti_curves(diagrams: Diagrams, *, steps: int = 200, unit: str = "mean_distance") -> Curve:
    """Number of components, loops and voids alive at each scale, one series per dimension.

    Definition: at scale x, the number of bars with birth <= x < death, at `steps` scales from 0
    to the last finite birth or death. `unit` is "raw" (edge length), "mean_distance" or
    "diameter" of the cloud.

    >>> curve = betti_curves(Diagrams([0, 0], [1, np.inf], [0, 0]), steps=3, unit="raw")
    >>> curve.x.tolist(), curve.y[0].tolist()
    ([0.0, 0.5, 1.0], [2.0, 2.0, 1.0])

    Range: whole numbers from 0; H0 falls from the number of distinct points to 1.

    Cost: none beside the diagrams.

    Misleads: many short bars that overlap lift a curve as much as one true feature does.

    Source: Umeda 2017, Time series classification via topological data analysis.
    """
    bars = in_one_unit([check_diagrams(diagrams, "betti_curves()")], unit, "betti_curves()")[0]
    ends = np.concatenate([bars.birth, bars.death])
    x = np.linspace(0.0, float(ends[np.isfinite(ends)].max(initial=0.0)), steps)
    dimensions = dimensions_of(bars)
    label = f"scale ({bars.unit})"
    series = tuple(f"H{d}" for d in dimensions)
    counts = np.array([_count(bars.bars(d), x) for d in dimensions])
    return Curve(x, counts, series, label, "Betti number")


def _count(bars, x):
    born = np.searchsorted(np.sort(bars[:, 0]), x, side="right")
    return born - np.searchsorted(np.sort(bars[:, 1]), x, side="right")
