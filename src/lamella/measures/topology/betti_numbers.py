"""Betti numbers: how many components, loops and voids a cloud has."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.geometry.bars import check_diagrams, dimensions_of, in_unit, lengths
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Diagrams, Table


@measures.register(value="betti1", unit="", better=None, default=True)
def betti_numbers(
    diagrams: Diagrams, *, scale: float | None = None, unit: str = "raw", noise: float | None = None
) -> Table:
    """Number of components, loops and voids that a cloud has at a scale, or above its noise.

    Definition: with `scale`, the number of bars of each dimension born at or before that edge
    length that die after it. Without it, the number of bars longer than `noise`; the default
    noise is the threshold that the diagrams carry, or else 1.8 times the length within which
    95 % of the components merge (no more than that is noise in the data sets of known
    topology). A bar that never dies always counts. `unit` says what scale and noise are
    measured in: "raw", "mean_distance" or "diameter". Column `noise` is the length used.

    >>> square = Diagrams([0, 0, 0, 0, 1], [1, 1, 1, np.inf, 2**.5], [0, 0, 0, 0, 1])
    >>> betti_numbers(square, scale=1.2).columns["betti1"].tolist()
    [1]

    Range: whole numbers from 0; betti0 is at least 1.

    Cost: none beside the diagrams.

    Misleads: without a scale the number hangs on where noise is said to end; small samples of a
    loop have short bars. Look at the barcode, and at `betti_curves` for every scale at once.

    Source: Edelsbrunner, Letscher, Zomorodian 2002, Topological persistence and simplification.
    """
    bars = in_unit(check_diagrams(diagrams, "betti_numbers()"), unit, "betti_numbers()")
    if scale is not None:
        return row(
            "betti1", **{f"betti{d}": alive(bars.bars(d), scale) for d in dimensions_of(bars)}
        )
    if noise is None:
        noise = bars.threshold if bars.threshold is not None else spacing_noise(bars)
    counts = {f"betti{d}": _longer(bars.bars(d), noise) for d in dimensions_of(bars)}
    return row("betti1", **counts, noise=float(noise))


def alive(bars: Float[np.ndarray, "bars 2"], scale: float) -> int:
    """Number of bars born at or before `scale` that die after it."""
    return int(np.sum((bars[:, 0] <= scale) & (scale < bars[:, 1])))


def spacing_noise(diagrams: Diagrams) -> float:
    """1.8 times the length within which 95 % of the components have merged; 0 without any."""
    merged = lengths(diagrams, 0)
    return 1.8 * float(np.quantile(merged, 0.95)) if len(merged) else 0.0


def _longer(bars: Float[np.ndarray, "bars 2"], noise: float) -> int:
    return int(np.sum(bars[:, 1] - bars[:, 0] > noise))
