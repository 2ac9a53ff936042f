"""The size of updates: how far each weight matrix moved between two epochs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from lamella.checks import as_numbers
from lamella.errors import bad_input
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="ratio", unit="", better=None, default=False, rows="weights")
def update_sizes(
    weights: Mapping[str, ArrayLike], earlier_weights: Mapping[str, ArrayLike]
) -> Table:
    """Norm of each weight, of its change since an earlier epoch, and the ratio of both.

    Definition: `weights` and `earlier_weights` are those of two epochs, as `run.weights(epoch)`
    gives them. Columns: name, norm (of the earlier weight), update (norm of the change), ratio
    (update / norm; a weight that was all zero has infinity if it moved, else 0). Raises
    InputError when names or shapes differ.

    >>> update_sizes({"fc1": [[3.0, 5.0]]}, {"fc1": [[3.0, 4.0]]}).columns["ratio"].tolist()
    [0.2]

    Range: from 0. A ratio of about .001 per step is healthy in practice; per epoch it is larger.

    Cost: one pass over the weights.

    Misleads: weights that swing to and fro between the two epochs look as if they stood still.

    Source: Karpathy, Johnson 2016, CS231n notes, Neural networks part 3: ratio of weights to
    updates.
    """
    now, before = (_arrays(side) for side in (weights, earlier_weights))
    shapes = [{name: w.shape for name, w in side.items()} for side in (now, before)]
    if shapes[0] != shapes[1] or not shapes[0]:
        raise bad_input(
            "update_sizes()",
            wanted="the same weights at both epochs",
            got=f"{shapes[0]} and {shapes[1]}",
            do="Pass two epochs of one run",
        )
    norms = np.array([np.linalg.norm(before[name]) for name in now])
    moves = np.array([np.linalg.norm(now[name] - before[name]) for name in now])
    ratios = [_ratio(move, norm) for move, norm in zip(moves, norms, strict=True)]
    names = np.array(list(now))
    return Table({"name": names, "norm": norms, "update": moves, "ratio": np.array(ratios)})


def _arrays(side: Mapping[str, ArrayLike]) -> dict[str, np.ndarray]:
    if not isinstance(side, Mapping):
        raise bad_input(
            "update_sizes()",
            wanted="weights by name",
            got=type(side).__name__,
            do="Pass run.weights(epoch)",
        )
    return {name: as_numbers(w, "update_sizes()") for name, w in side.items()}


def _ratio(move: float, norm: float) -> float:
    if norm == 0:
        return float("inf") if move > 0 else 0.0
    return move / norm
