"""Dead units: those that answer every sample alike."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.arrays import Maps
from lamella.checks import check_points
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="dead", unit="", better="low", default=True)
def dead_units(maps: Maps) -> Table:
    """Share of units that give the same value on every sample.

    Definition: a unit is a feature, or a channel of activation maps; it is dead when its greatest
    value equals its least over all samples (and places). Columns: dead (share), count, units,
    and zeros, the share of all values that are exactly zero.

    >>> dead_units([[0.0, 1.0], [0.0, 2.0]]).columns["dead"].tolist()
    [0.5]

    Range: 0 to 1.

    Cost: one pass over the values.

    Misleads: a unit dead on this probe may live on other samples; behind a sigmoid or leaky ReLU
    a unit is hardly ever quite constant: see `saturated_units`.

    Source: Maas, Hannun, Ng 2013, Rectifier nonlinearities improve neural network acoustic
    models; Lu, Shin, Su, Karniadakis 2019, Dying ReLU and initialization.
    """
    values = units(maps, "dead_units()")
    dead = values.max(axis=(0, 2)) == values.min(axis=(0, 2))
    return row(
        dead=float(dead.mean()),
        count=int(dead.sum()),
        units=len(dead),
        zeros=float((values == 0).mean()),
    )


def units(maps, where: str) -> Float[np.ndarray, "points units places"]:
    """Activations by unit: features have one place, channels as many as their maps have."""
    flat = check_points(maps, where)
    shape = np.shape(maps)
    return flat.reshape(len(flat), shape[1], -1)
