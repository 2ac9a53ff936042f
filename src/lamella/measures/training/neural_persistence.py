"""Neural persistence: the structure of a weight matrix, seen as a graph."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.checks import check_points, check_range
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="normalised", unit="", better="high", default=False)
def neural_persistence(weight: Float[np.ndarray, "outputs inputs"], *, power: float = 2.0) -> Table:
    """Length of the H0 bars of a layer's weights, strongest connections first.

    Definition: weights are divided by the largest absolute one; inputs and outputs are vertices
    born at 1, a connection joins them at |w|. Each merger at |w| makes a bar of length 1 - |w|,
    the component that is left one of length 1. persistence = (sum of length^power)^(1/power);
    normalised divides it by (vertices - 1)^(1/power). Weights all zero have 0 normalised.

    >>> found = neural_persistence([[1.0, -0.5], [0.25, 0.75]]).columns
    >>> found["persistence"].round(7).tolist(), found["normalised"].round(7).tolist()
    ([1.1456439], [0.6614378])

    Range: normalised from 0 to about 1.

    Cost: a spanning tree, inputs x outputs.

    Misleads: mostly tracks the spread of the weights; large layers have few strong connections
    and so high values.

    Source: Rieck, Togninalli, Bock, Moor, Horn, Gumbsch, Borgwardt 2019, Neural persistence: a
    complexity measure for deep neural networks using algebraic topology, definitions 1 and 2.
    """
    matrix = np.abs(check_points(weight, "neural_persistence()", dtype=np.float64))
    check_range(power, "neural_persistence()", "a power", low=1.0)
    if not matrix.any():
        return row("normalised", persistence=0.0, normalised=0.0)
    bars = 1 - _mergers(matrix / matrix.max())
    size = float((bars**power).sum() + 1) ** (1 / power)
    return row(
        "normalised",
        persistence=size,
        normalised=size / float(sum(matrix.shape) - 1) ** (1 / power),
    )


def _mergers(matrix: Float[np.ndarray, "outputs inputs"]) -> Float[np.ndarray, " mergers"]:
    """Weights at which components merge: a spanning tree of greatest weight, grown by Prim."""
    outputs, inputs = matrix.shape
    joined_out, joined_in = np.zeros(outputs, dtype=bool), np.zeros(inputs, dtype=bool)
    best_out, best_in = np.full(outputs, -1.0), matrix[0].copy()
    joined_out[0] = True
    found = np.empty(outputs + inputs - 1)
    for step in range(len(found)):
        out, into = int(best_out.argmax()), int(best_in.argmax())
        if best_out[out] > best_in[into]:
            found[step], best_out[out], joined_out[out] = best_out[out], -1.0, True
            best_in = np.where(joined_in, -1.0, np.maximum(best_in, matrix[out]))
        else:
            found[step], best_in[into], joined_in[into] = best_in[into], -1.0, True
            best_out = np.where(joined_out, -1.0, np.maximum(best_out, matrix[:, into]))
    return found
