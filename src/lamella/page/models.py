"""What needs the model of a run: receptive fields, layer tables, attributions, its filters.

Torch is imported only when such an answer is asked for.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from lamella.errors import LamellaError, RunError
from lamella.store import Run
from lamella.subject.cache import Cache

MODULE = re.compile(r"^(\s*)\((.+?)\): ")
NONE = "none"


def network(run: Run, epoch: int | None = None) -> Any:
    """The model of a run; RunError where the run does not say how it is built."""
    from lamella.lens.networks import network_of

    return network_of(run, epoch)


def boxes(cache: Cache, run: Run, layer: str) -> Any | None:
    """The receptive fields of a layer's places in the picture; None where they are not known."""
    key = ("boxes", str(run.path), run.info.get("created"), layer)
    found = cache.get(key, lambda: _boxes(run, layer))
    return None if found == NONE else found


def _boxes(run: Run, layer: str) -> Any:
    from lamella.lens.fields import fields
    from lamella.lens.networks import input_shape

    try:
        return fields(network(run), input_shape(run), layer)
    except LamellaError:
        return NONE


def passed(run: Run, layer: str, epoch: int, probe: str, rows: Any) -> np.ndarray:
    """What a layer gives for samples of a probe, computed anew."""
    from lamella.lens.passes import activations

    try:
        net = network(run, epoch)
    except LamellaError as error:
        raise RunError(
            f"{layer} of {run.name} was recorded reduced, so its maps would have to be computed. "
            f"They cannot be: {error}"
        ) from error
    return activations(net, np.asarray(run.inputs(probe)[rows], np.float32), layer).numpy()


def filters_of(run: Run, layer: str, epoch: int) -> tuple[str, np.ndarray]:
    """The name and the weights of the layer itself, or of the last one with weights before it."""
    weights = run.weights(epoch)
    wide = {name.removesuffix(".weight"): w for name, w in weights.items() if _is_wide(name, w)}
    order = modules_in(run.info.get("description") or "") or list(wide)
    base = layer.partition("#")[0]
    before = order[: order.index(base) + 1] if base in order else []
    for name in reversed(before):
        if name in wide:
            return name, np.asarray(wide[name], np.float32)
    raise RunError(f"{layer} of {run.name} has no weights before it that are known.")


def modules_in(description: str) -> list[str]:
    """The modules of a printed model by their dotted names, in order.

    >>> modules_in("Net(\\n  (a): Sequential(\\n    (0): Linear(2, 3)\\n  )\\n  (b): ReLU()\\n)")
    ['a', 'a.0', 'b']
    """
    names, path = [], []
    for line in description.splitlines():
        found = MODULE.match(line)
        if found:
            depth = len(found.group(1)) // 2
            path = [*path[: depth - 1], found.group(2)]
            names.append(".".join(path))
    return names


def shown_filters(weights: np.ndarray, run: Run) -> tuple[np.ndarray, str]:
    """Weights as pictures (filters x height x width x colours), and what was done to them."""
    shape = tuple(next(iter(run.info["probes"].values()))["shape"])
    if weights.ndim == 2 and len(shape) == 3 and int(np.prod(shape)) == weights.shape[1]:
        weights = weights.reshape(-1, *shape)
    if weights.ndim == 2:
        return weights[None, :, :256, None], ", one picture of all: units x inputs"
    weights = weights.reshape(*weights.shape[:3], -1)
    if weights.shape[1] in (1, 3):
        return weights.transpose(0, 2, 3, 1), ""
    return weights.sum(axis=1)[..., None], f", summed over {weights.shape[1]} input channels"


def _is_wide(name: str, weights: np.ndarray) -> bool:
    return name.endswith(".weight") and weights.ndim >= 2
