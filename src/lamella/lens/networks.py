"""The network of a recorded run, with its weights of any recorded epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.errors import RunError
from lamella.lens.pictures import Pixels

if TYPE_CHECKING:
    from torch import nn

    from lamella.store import Run


def network_of(run: Run, epoch: int | None = None, *, model: str | nn.Module | None = None) -> Any:
    """The model of a run at an epoch (the last recorded one by default), in eval mode.

    Studies note how their net is built; for other runs pass `model`: an architecture, which is
    copied, or what `load_model` takes (a registered name, file.py:factory). Raises RunError when
    neither is there, or the weights do not fit.
    """
    import torch

    net = build(run, model)
    epochs = recorded_epochs(run)
    if not epochs:
        raise RunError(f"{run.path} has no weights. Record with weights=True.")
    weights = run.weights(epochs[-1] if epoch is None else epoch)
    state = {name: torch.from_numpy(np.array(w)) for name, w in weights.items()}
    try:
        net.load_state_dict(state)
    except RuntimeError as error:
        reason = str(error).splitlines()[-1].strip()
        raise RunError(
            f"the weights of {run.path} do not fit {type(net).__name__}: {reason}. Pass the model "
            "that was recorded."
        ) from error
    return net.eval()


def build(run: Run, model: str | nn.Module | None = None) -> nn.Module:
    """The architecture of a run with any weights."""
    import copy

    from lamella.models.load import load_model
    from lamella.registry import model as models

    shape = input_shape(run)
    classes = len(run.class_names) or last_size(run)
    if isinstance(model, str):
        return load_model(model, shape, classes)
    if model is not None:
        return copy.deepcopy(model)
    facts = run.info.get("study") or {}
    if facts.get("net") not in models:
        raise RunError(
            f"{run.path} does not say how its model ({run.info['model']['class']}) is built. Pass "
            "model=, or --model in the command line: a registered name or file.py:factory."
        )
    return models[facts["net"]](shape, classes, **facts.get("options", {}))


def input_shape(run: Run) -> tuple[int, ...]:
    """The shape of one sample of a run."""
    return tuple(next(iter(run.info["probes"].values()))["shape"])


def last_size(run: Run) -> int:
    """The size of the last recorded layer, which for a classifier is its number of classes."""
    return int(run.info["layers"][-1]["shape"][0])


def recorded_epochs(run: Run) -> tuple[int, ...]:
    """The epochs whose weights are there."""
    from lamella.store.layout import epochs_in

    return tuple(epochs_in(run.path / "weights"))


def pixels_of(run: Run) -> Pixels | None:
    """How a run's samples relate to pixels, where its study noted the preprocessing."""
    steps = (run.info.get("study") or {}).get("steps")
    return None if steps is None else Pixels.of_steps(steps)
