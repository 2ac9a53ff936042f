"""What a measure gets for each name of an input: one function for each, with the mark of content.

A giver returns None where the cell has no such thing, and the measure is not taken there, unless
it has a default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lamella.errors import LamellaError
from lamella.measuring.cells import Cell, Cells, digest, layer_before
from lamella.measuring.plan import HOMOLOGY, Task, epochs_until, inputs_of
from lamella.results import Diagrams
from lamella.store.database import query

Given = tuple[Any, str] | None
NO_DIAGRAMS = "there are no diagrams"  # how the reason of such a failure begins
Giver = Callable[[Cells, Task, int], Given]


def give(name: str, cells: Cells, task: Task, budget: int) -> Given:
    """The input `name` of a task, and the mark of its content."""
    giver = GIVERS.get(name)
    return None if giver is None else giver(cells, task, budget)


def give_points(cells: Cells, task: Task, budget: int) -> Given:
    """Activations as points x features."""
    return points_at(cells, task.cell, budget)


def give_maps(cells: Cells, task: Task, budget: int) -> Given:
    """Activations in the shape they were recorded in."""
    array = cells.maps(*task.cell, budget)
    return array, _mark(cells, task.cell, budget, array)


def give_labels(cells: Cells, task: Task, budget: int) -> Given:
    """The labels of the samples, where the probes have them."""
    if not cells.has_labels(task.split):
        return None
    labels = cells.labels(task.split, budget)
    return labels, cells.mark(("labels", task.split, budget), labels)


def give_ids(cells: Cells, task: Task, budget: int) -> Given:
    """The ids of the samples."""
    ids = cells.ids(task.split, budget)
    return ids, cells.mark(("ids", task.split, budget), ids)


def give_weight(cells: Cells, task: Task, budget: int) -> Given:
    """The classifier's weight where the layer feeds it; the layer's own for measures of weights."""
    if {"points", "maps"} & set(inputs_of(task.measure)):
        return _classifier(cells, task, "weight")
    return _marked(_own_weights(cells, task.layer, task.epoch).get(f"{task.layer}.weight"))


def give_bias(cells: Cells, task: Task, budget: int) -> Given:
    """The classifier's bias where the layer feeds it."""
    return _classifier(cells, task, "bias")


def give_weights(cells: Cells, task: Task, budget: int) -> Given:
    """All parameters of the layer, by name."""
    return _marked(_own_weights(cells, task.layer, task.epoch) or None)


def give_earlier_weights(cells: Cells, task: Task, budget: int) -> Given:
    """The same at the recorded epoch before."""
    before = epochs_until(cells.run, task.epoch)[:-1]
    return _marked(_own_weights(cells, task.layer, before[-1]) or None) if before else None


def give_health(cells: Cells, task: Task, budget: int) -> Given:
    """Norms of the layer's parameters, their gradients and updates, where it had gradients."""
    rows = query(
        cells.run.path,
        "SELECT parameter, weight_norm, gradient_norm, update_norm FROM health WHERE epoch=? "
        "AND gradient_norm IS NOT NULL ORDER BY rowid",
        (int(task.epoch),),
    )
    own = [norms for name, *norms in rows if name.rpartition(".")[0] == task.layer]
    return _marked(np.array(own, np.float64) if own else None)


def give_diagrams(cells: Cells, task: Task, budget: int) -> Given:
    """The diagrams of the cell, or of its Gaussian twin."""
    return diagrams_at(cells, task.cell, "gaussian" if task.variant == "gaussian" else "")


def give_sequence(cells: Cells, task: Task, budget: int) -> Given:
    """The diagrams of all recorded epochs of a layer, at the last of them."""
    if task.epoch != cells.run.epochs[-1]:
        return None
    found = [
        diagrams_at(cells, (task.layer, epoch, task.split)) for epoch in epochs_until(cells.run)
    ]
    return [diagrams for diagrams, _ in found], " ".join(mark for _, mark in found)


GIVERS: Mapping[str, Giver] = {
    "points": give_points,
    "maps": give_maps,
    "labels": give_labels,
    "ids": give_ids,
    "weight": give_weight,
    "bias": give_bias,
    "weights": give_weights,
    "earlier_weights": give_earlier_weights,
    "health": give_health,
    "diagrams": give_diagrams,
    "sequence": give_sequence,
}


def points_at(cells: Cells, cell: Cell, budget: int) -> tuple[np.ndarray, str]:
    """The activations of any cell as points x features."""
    array = cells.maps(*cell, budget)
    return array.reshape(len(array), -1), _mark(cells, cell, budget, array)


def diagrams_at(cells: Cells, cell: Cell, variant: str = "") -> tuple[Diagrams, str]:
    """The diagrams of any cell; LamellaError where there are none."""
    name = f"{HOMOLOGY}@{variant}" if variant else HOMOLOGY
    found = cells.diagrams_at(name, cell)
    if found is None:
        raise LamellaError(
            f"{NO_DIAGRAMS} of layer {cell[0]!r}, epoch {cell[1]}, split {cell[2]!r} "
            f"in {cells.run.path}. Measure {name!r} of it first, or see why it failed."
        )
    return found


def _mark(cells: Cells, cell: Cell, budget: int, array: np.ndarray) -> str:
    layer, epoch, split = cell
    return cells.mark((layer, -1 if layer == "input" else epoch, split, budget), array)


def _classifier(cells: Cells, task: Task, part: str) -> Given:
    """Weight or bias of the last linear layer, if the task's layer is what it is fed with."""
    weights = _weights(cells, task.epoch) if task.layer != "input" else {}
    names = [n for n, w in weights.items() if n.endswith(".weight") and w.ndim == 2]
    if not names:
        return None
    head = names[-1].removesuffix(".weight")
    fed = layer_before(head, cells.run.layers) == task.layer
    return _marked(weights.get(f"{head}.{part}")) if fed else None


def _own_weights(cells: Cells, layer: str, epoch: int) -> dict[str, np.ndarray]:
    weights = _weights(cells, epoch)
    own = {name: w for name, w in weights.items() if name.rpartition(".")[0] == layer}
    return {name: w for name, w in own.items() if w.dtype.kind == "f" and w.ndim}


def _weights(cells: Cells, epoch: int) -> dict[str, np.ndarray]:
    try:
        return cells.weights(epoch)
    except LamellaError:  # the run was recorded without weights
        return {}


def _marked(found: Any) -> Given:
    if isinstance(found, dict):
        arrays = {name: np.asarray(array) for name, array in found.items()}
        return arrays, " ".join(f"{name} {digest(array)}" for name, array in arrays.items())
    return None if found is None else (np.asarray(found), digest(np.asarray(found)))
