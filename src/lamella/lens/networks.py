"""The network of a recorded run, with its weights of any recorded epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.errors import RunError
from lamella.lens.pictures import Pixels

if TYPE_CHECKING:
    from torch import nn

    from lamella.store import Run

MOST_INPUTS = 4_000_000  # numbers in one sample of a model that is built because a run says so
MOST_CLASSES = 1_000_000
MOST_PARTS = 6_000  # modules and parameters
MOST_PARAMETERS = 50_000_000  # of a model whose weights are not stored


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
    names, and never larger than the weights that it stores: a run may come from anybody.
    """
    import copy

    from lamella.networks.load import load_model

    if model is None:
        return built_as_told(run)
    if isinstance(model, str):
        return load_model(model, input_shape(run), classes_of(run))
    return copy.deepcopy(model)


def built_as_told(run: Run) -> nn.Module:
    """The model that a run names, after it was built without memory and found to fit."""
    import torch

    make = maker_of(run)
    shape, classes = input_shape(run), classes_of(run)
    if prod(shape) > MOST_INPUTS or classes > MOST_CLASSES:
        raise RunError(
            f"{run.path} wants samples of at most {MOST_INPUTS:,} numbers and at most "
            f"{MOST_CLASSES:,} classes to build its model, got {shape} and {classes}. Pass model=."
        )
    try:
        with torch.device("meta"), few_parts():
            check_size_of(run, make(shape, classes))
        return make(shape, classes)
    except RunError:
        raise
    except Exception as error:  # options that a run tells may fail anywhere in a model
        raise RunError(
            f"the model that {run.path} names cannot be built as it says: "
            f"{type(error).__name__}: {error}. Pass model=, or --model in the command line."
        ) from error


def maker_of(run: Run) -> Callable[[tuple[int, ...], int], nn.Module]:
    """What builds the model that a run names: registered here, or of a library."""
    from lamella.networks.load import load_model
    from lamella.registry import models as models

    facts = run.info.get("study") or {}
    if facts.get("net") in models:
        options = facts.get("options") or {}
        return lambda shape, classes: models[facts["net"]](shape, classes, **options)
    name = known_model(run)
    return lambda shape, classes: load_model(name, shape, classes)


def check_size_of(run: Run, net: nn.Module) -> None:
    """RunError for a model whose tensors are not those that the run stores."""
    wanted = {name: tuple(t.shape) for name, t in net.state_dict().items()}
    epochs = recorded_epochs(run)
    if not epochs:
        count = sum(prod(shape) for shape in wanted.values())
        if count > MOST_PARAMETERS:
            raise RunError(
                f"{run.path} names a model of {count:,} numbers and stores no weights to compare "
                "it with. Pass model=, or --model in the command line."
            )
        return
    stored = {name: array.shape for name, array in run.weights(epochs[-1]).items()}
    if wanted != stored:
        first = next(iter(sorted(wanted.items() ^ stored.items())))
        raise RunError(
            f"the weights of {run.path} do not fit the model that it names: {first[0]} of shape "
            f"{first[1]} is in one of them only. Pass the model that was recorded."
        )


@contextmanager
def few_parts() -> Iterator[None]:
    """Inside, a model of more parts than any real one is refused before it fills the memory."""
    from torch.nn.modules import module

    count = 0

    def counted(*_: Any) -> None:
        nonlocal count
        count += 1
        if count > MOST_PARTS:
            raise RunError(
                f"a model that a run names wants at most {MOST_PARTS:,} modules and parameters. "
                "Pass model=."
            )

    hooks = (
        module.register_module_module_registration_hook(counted),
        module.register_module_parameter_registration_hook(counted),
    )
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def known_model(run: Run) -> str:
    """The name that a run was recorded under, of a model registered or of a library; or RunError.

    The error says what to pass instead.
    """
    from lamella.networks.load import parse_model

    named = named_model(run)
    if named is None:
        raise RunError(
            f"{run.path} does not say how its model ({class_of(run)}) is built. Pass "
            "model=, or --model in the command line: a registered name, or net.py:FACTORY, where "
            "FACTORY() in the file net.py returns the model; in Python the model itself will do."
        )
    if not parse_model(named).runs_code:
        return named
    raise RunError(
        f"{run.path} was recorded with --model {named}, code that is run only when you ask for "
        f"it. Pass model={named!r}, or --model {named} in the command line."
    )


def class_of(run: Run) -> str:
    """The class of the model that was recorded, as the run says."""
    return str((run.info.get("model") or {}).get("class", "unknown"))


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
    probe, facts = next(iter(run.info["probes"].items()))
    return tuple(facts["shape"] or run.inputs(probe).shape[1:])


def last_size(run: Run) -> int:
    """The size of the last recorded layer, which for a classifier is its number of classes."""
    shape = run.info["layers"][-1].get("shape") if run.info["layers"] else None
    if not shape:
        raise RunError(f"{run.path} does not say how many outputs its model has. Pass model=.")
    return int(shape[0])


def recorded_epochs(run: Run) -> tuple[int, ...]:
    """The epochs whose weights are there."""
    return run.weight_epochs


def pixels_of(run: Run) -> Pixels | None:
    """How a run's samples relate to pixels, where its study noted the preprocessing."""
    steps = (run.info.get("study") or {}).get("steps")
    try:
        return None if steps is None else Pixels.of_steps(steps)
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(
            f"{run.path} does not say what was done to its pixels ({error!r}). Record it again."
        ) from error
