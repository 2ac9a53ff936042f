"""The size of gradients: how hard the loss pulls at a layer at the end of an epoch."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.checks import as_numbers
from lamella.errors import bad_input
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="gradient", unit="", better=None, default=False)
def gradient_norm(health: Float[np.ndarray, "parameters 3"]) -> Table:
    """Euclidean norm of a layer's gradient, of its parameters, and the ratio of both.

    Definition: rows of `health` are a layer's parameters, columns the norms of each parameter, of
    its gradient and of its last update, as the recorder notes them (`run.health()`). The norm of
    the layer is the root of the sum of squares over its parameters. Columns: gradient, weight,
    ratio (gradient / weight; infinity where only the weight is zero, 0 where both are). Raises
    InputError for other shapes, or norms that are negative or unknown.

    >>> gradient_norm([[3.0, 0.6, 0.1], [4.0, 0.8, 0.1]]).columns["gradient"].tolist()
    [1.0]

    Range: from 0.

    Cost: one line of the run's health.

    Misleads: it is the gradient of the last batch of an epoch, not of the whole loss, and it is
    small both where nothing can be learnt any more and where the signal vanished on its way.
    Compare layers within an epoch: a steady fall towards the input is the vanishing gradient.

    Source: Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural
    networks, AISTATS, section 4.2.2.
    """
    norms = as_numbers(health, "gradient_norm()")
    if norms.ndim != 2 or norms.shape[1] != 3 or not len(norms):
        raise bad_input(
            "gradient_norm()",
            wanted="parameters x 3 norms: weight, gradient, update",
            got=str(norms.shape),
            do="Pass the rows of one layer and epoch of run.health()",
        )
    weight, gradient = np.sqrt((norms[:, :2] ** 2).sum(axis=0))
    if not (np.isfinite(norms[:, :2]).all() and (norms[:, :2] >= 0).all()):
        raise bad_input(
            "gradient_norm()",
            wanted="norms of weights and gradients",
            got="negative or unknown ones",
            do="Take an epoch after training began",
        )
    ratio = gradient / weight if weight else (np.inf if gradient else 0.0)
    return row(gradient=gradient, weight=weight, ratio=ratio)
