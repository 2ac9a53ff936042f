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

    Studies, and `lamella record` of a registered model, note how their net is built; for other
    runs pass `model`: an architecture, which is copied, or what `load_model` takes (a registered
    name, file.py:factory). Raises RunError when neither is there, or the weights do not fit.
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
        reason = str(error).splitlines()[-1].strip().rstrip(".")
        raise RunError(
            f"the weights of {run.path} do not fit {type(net).__name__}: {reason}. Pass the model "
            "that was recorded."
        ) from error
    return net.eval()


def build(run: Run, model: str | nn.Module | None = None) -> nn.Module:
    """The architecture of a run with any weights.

    Without `model` it is built as the run says, but never by code of the user that a run only
    names: a run may come from anybody.
    """
    import copy

    from lamella.networks.load import load_model
    from lamella.registry import models

    facts = run.info.get("study") or {}
    if model is None and facts.get("net") in models:
        return models[facts["net"]](input_shape(run), classes_of(run), **facts.get("options", {}))
    wanted = known_model(run) if model is None else model
    if isinstance(wanted, str):
        wanted = load_model(wanted, input_shape(run), classes_of(run))
    return copy.deepcopy(wanted)  # a factory may hand out one and the same module


def known_model(run: Run) -> str:
    """The name that a run was recorded under, of a model registered or of a library; or RunError.

    The error says what to pass instead.
    """
    from lamella.networks.load import LIBRARIES
    from lamella.registry import models

    named = named_model(run)
    if named is None:
        raise RunError(
            f"{run.path} does not say how its model ({run.info['model']['class']}) is built. Pass "
            "model=, or --model in the command line: a registered name, or net.py:FACTORY, where "
            "FACTORY() in the file net.py returns the model; in Python the model itself will do."
        )
    if named in models or named.partition(":")[0] in LIBRARIES:
        return named
    raise RunError(
        f"{run.path} was recorded with --model {named}, code that is run only when you ask for "
        f"it. Pass model={named!r}, or --model {named} in the command line."
    )


def named_model(run: Run) -> str | None:
    """What `lamella record --model` was given; None for a run that was recorded otherwise."""
    named = (run.info.get("study") or {}).get("model")
    return named if isinstance(named, str) else None


def classes_of(run: Run) -> int:
    """The outputs of the model: one for each class, but for one that kept its library's own."""
    kept = (run.info.get("study") or {}).get("pretrained")
    return last_size(run) if kept else len(run.class_names) or last_size(run)


def input_shape(run: Run) -> tuple[int, ...]:
    """The shape of one sample of a run."""
    return tuple(next(iter(run.info["probes"].values()))["shape"])


def last_size(run: Run) -> int:
    """The size of the last recorded layer, which for a classifier is its number of classes."""
    return int(run.info["layers"][-1]["shape"][0])


def recorded_epochs(run: Run) -> tuple[int, ...]:
    """The epochs whose weights are there."""
    return run.weight_epochs


def pixels_of(run: Run) -> Pixels | None:
    """How a run's samples relate to pixels, where its study noted the preprocessing."""
    steps = (run.info.get("study") or {}).get("steps")
    return None if steps is None else Pixels.of_steps(steps)
