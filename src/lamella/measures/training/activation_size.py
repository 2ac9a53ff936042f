"""The size of activations: do signals vanish or explode on their way."""

from __future__ import annotations

import numpy as np

from lamella.arrays import Points
from lamella.checks import check_points
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="rms", unit="", better=None, default=True)
def activation_size(points: Points) -> Table:
    """Root mean square, mean and standard deviation of all activations of a layer.

    Definition: over all samples and features. Column greatest is the greatest absolute value.

    >>> activation_size([[3.0, -3.0], [3.0, -3.0]]).columns["rms"].tolist()
    [3.0]

    Range: rms, std and greatest from 0.

    Cost: one pass over the values.

    Misleads: says nothing of single units: half of them may be dead and the rest large.

    Source: Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural
    networks.
    """
    values = check_points(points, "activation_size()", dtype=np.float64)
    return row(
        rms=float(np.sqrt(np.mean(values**2))),
        mean=float(values.mean()),
        std=float(values.std()),
        greatest=float(np.abs(values).max()),
    )
