"""What is recorded of which model, decided and tried before training begins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from torch import Tensor, nn

from lamella.errors import BudgetError, RecordingError, bad_input
from lamella.recording.capture import Forward, Key, layer_names
from lamella.recording.convert import as_arrays, to_array
from lamella.recording.modules import Chosen, choose_layers, layers_by_name, unwrap
from lamella.recording.probes import Probe
from lamella.recording.reduction import Reduction
from lamella.recording.trial import Trial, try_model

DTYPES = ("float32", "float16")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Layer:
    """One recorded tensor: its name, its module's type, and its shape without the samples.

    `shape` is what the layer gives, `stored` what is left of it after reduction.
    """

    name: str
    type: str
    shape: tuple[int, ...]
    stored: tuple[int, ...]
    parameters: int


@dataclass(frozen=True, eq=False)
class Request:
    """What the user asked for; `budget` in bytes."""

    model: nn.Module
    probes: dict[str, Probe]
    layers: Any
    reduce: Reduction
    forward: Forward
    schedule: Any
    dtype: str
    batch_size: int | None
    weights: bool
    health: bool
    budget: float
    strict: bool


@dataclass(frozen=True, eq=False)
class RecordingPlan:
    """What is recorded: each tensor of a pass, by its key, and the layer it is stored as."""

    request: Request
    keys: dict[Key, Layer]
    axes: dict[Key, int | None]
    left_out: dict[str, str]
    known: frozenset[str]
    batch_size: int
    trial: Trial

    @property
    def layers(self) -> list[Layer]:
        """The layers in the order of execution."""
        return list(self.keys.values())

    def shapes(self, probe: str) -> dict[str, tuple[str, tuple[int, ...]]]:
        """The dtype and shape of each layer's tensor in the file of a probe."""
        samples = len(self.request.probes[probe])
        return {layer.name: (self.request.dtype, (samples, *layer.stored)) for layer in self.layers}

    @cached_property
    def bytes(self) -> int:
        """What one recorded epoch takes on the disk, but for headers."""
        request = self.request
        size = np.dtype(request.dtype).itemsize * sum(prod(layer.stored) for layer in self.layers)
        held = model_tensors(request.model) if request.weights else {}
        weights = sum(
            t.numel() * t.element_size() for n, t in held.items() if n not in self.left_out
        )
        return size * sum(map(len, request.probes.values())) + weights


def make_plan(request: Request) -> RecordingPlan:
    """Choose the layers, try the model, and see that an epoch fits into the budget."""
    check_numbers(request)
    chosen = choose_layers(request.model, request.layers)
    inputs = next(iter(request.probes.values())).inputs

    def reduced(name: str, output: Tensor, axis: int | None) -> np.ndarray:
        return to_array(request.reduce(name, output, axis), "float32", name)

    trial = try_model(request.model, chosen, inputs, reduced, request.forward, request.batch_size)
    check_found(chosen, trial)
    modules, names = layers_by_name(request.model), layer_names(trial.outputs)
    keys = {
        key: as_layer(names[key], modules[key.module], output.shape[1:], trial.stored[key])
        for key, output in trial.outputs.items()
    }
    batch_size = request.batch_size or fitting_batch(inputs, list(keys.values()))
    tensors = model_tensors(request.model) if request.weights else {}
    plan = RecordingPlan(
        request=request,
        keys=keys,
        axes={key: output.axis for key, output in trial.outputs.items()},
        left_out=as_arrays(tensors)[1],
        known=frozenset(modules),
        batch_size=int(batch_size),
        trial=trial,
    )
    if plan.bytes > request.budget:
        raise BudgetError(
            f"record() wants room for one epoch at least, got {request.budget / MEGABYTE:,.0f} MB "
            f"for epochs of {plan.bytes / MEGABYTE:,.0f} MB. Raise budget_mb, choose fewer layers "
            "or samples, or reduce=('project', 256)."
        )
    return plan


def as_layer(
    name: str, module: nn.Module, shape: tuple[int, ...], stored: tuple[int, ...]
) -> Layer:
    """What run.json says of a layer."""
    size = sum(parameter.numel() for parameter in module.parameters())
    return Layer(name, type_of(module), shape, stored, size)


def type_of(module: nn.Module) -> str:
    """The name of a module's class; without what Torch calls it for its `weight_norm`.

    >>> type_of(nn.utils.parametrizations.weight_norm(nn.Linear(2, 2)))
    'Linear'
    """
    kind = type(module)
    return (
        kind.__bases__[0].__name__
        if nn.utils.parametrize.is_parametrized(module)
        else kind.__name__
    )


def check_found(chosen: Chosen, trial: Trial) -> None:
    """Refuse layers named one by one that give nothing, and a recording of nothing."""
    given = {key.module for key in trial.outputs}
    for name in sorted(chosen.exact - given):
        reasons = (r for n, r in trial.skipped.items() if n == name or n.startswith(f"{name}."))
        raise RecordingError(
            f"record() wants layers that give a tensor, got {name!r}: "
            f"{next(reasons, 'it gives nothing')}. Leave it out, or name a layer inside it."
        )
    if not given:
        why = "; ".join(f"{name}: {reason}" for name, reason in list(trial.skipped.items())[:3])
        raise RecordingError(f"record() wants at least one layer to record, got none ({why}).")


def fitting_batch(inputs: Tensor, layers: list[Layer]) -> int:
    """How many samples keep the largest layer, or eight times the input, within 16 MB."""
    largest = max(8 * inputs[0].numel(), *(prod(layer.shape) for layer in layers))
    return max(1, 4_000_000 // largest)


def check_numbers(request: Request) -> None:
    """Refuse a dtype or batch size that means nothing."""
    if request.dtype not in DTYPES:
        raise bad_input(
            "record()", wanted=" or ".join(DTYPES), got=repr(request.dtype), do="Choose one"
        )
    size = request.batch_size
    whole = isinstance(size, int | np.integer) and not isinstance(size, bool)
    if size is not None and not (whole and size > 0):
        raise bad_input(
            "record()", wanted="batch_size as a number from 1", got=repr(size), do="Change it"
        )


def check_model(model: Any) -> None:
    """Refuse what is no module, and parameters without numbers: lazy or on the meta device."""
    if not isinstance(model, nn.Module):
        raise bad_input(
            "record()", wanted="a torch.nn.Module", got=type(model).__name__, do="Pass the model"
        )
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        if nn.parameter.is_lazy(tensor) or tensor.is_meta:
            raise RecordingError(
                f"record() wants a model whose parameters exist, got {name!r} without numbers. "
                "Run one batch through a lazy model; move one from the meta device to another."
            )


def check_details(class_names: Any, study: Any, budget_mb: Any) -> None:
    """Refuse what run.json could not hold, and a budget that is no number."""
    wrong = {
        "class_names as a list of names": not isinstance(class_names, Collection | np.ndarray)
        or isinstance(class_names, str),
        "study as a dict of facts": not isinstance(study, Mapping | None),
        "budget_mb as a number": not isinstance(budget_mb, int | float | np.number),
    }
    got = dict(zip(wrong, (class_names, study, budget_mb), strict=True))
    for wanted in (words for words, bad in wrong.items() if bad):
        raise bad_input("record()", wanted=wanted, got=repr(got[wanted])[:60], do="Change it")


def model_tensors(model: nn.Module) -> dict[str, Tensor]:
    """Parameters and buffers by name, without the names of wrappers."""
    held = unwrap(model).state_dict()
    tensors = {n: t for n, t in held.items() if isinstance(t, Tensor)}
    return {n.replace("_orig_mod.", ""): t for n, t in tensors.items()}
