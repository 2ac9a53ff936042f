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
from lamella.recording.capture import Forward, Layer, find_layers
from lamella.recording.modules import choose_layers, unwrap
from lamella.recording.probes import Probe
from lamella.recording.reduction import Reduction

DTYPES = ("float32", "float16")
MEGABYTE = 1_000_000


@dataclass(frozen=True, eq=False)
class Plan:
    """What is recorded of which model, and how."""

    model: nn.Module
    probes: dict[str, Probe]
    chosen: dict[str, nn.Module]
    layers: list[Layer]
    skipped: dict[str, str]
    reduce: Reduction
    forward: Forward
    moments: Any
    dtype: str
    batch_size: int
    weights: bool
    budget: float
    strict: bool

    def shapes(self, probe: str) -> dict[str, tuple[str, tuple[int, ...]]]:
        """The dtype and shape of each layer's tensor in the file of a probe."""
        samples = len(self.probes[probe])
        return {layer.name: (self.dtype, (samples, *layer.stored)) for layer in self.layers}

    @cached_property
    def bytes(self) -> int:
        """What one recorded epoch takes on the disk, but for headers."""
        size = np.dtype(self.dtype).itemsize * sum(prod(layer.stored) for layer in self.layers)
        samples = sum(map(len, self.probes.values()))
        held = sum(t.nbytes for t in model_tensors(self.model).values()) if self.weights else 0
        return size * samples + held


def make_plan(
    model: nn.Module,
    probes: dict[str, Probe],
    layers: Any,
    reduce: Reduction,
    forward: Forward,
    moments: Any,
    dtype: str,
    batch_size: int | None,
    weights: bool,
    budget: float,
    strict: bool,
) -> Plan:
    """Choose the layers, try the model once, and see that an epoch fits into the budget."""
    if dtype not in DTYPES:
        raise bad_input("record()", wanted=" or ".join(DTYPES), got=repr(dtype), do="Choose one")
    if batch_size is not None and not (isinstance(batch_size, int | np.integer) and batch_size > 0):
        raise bad_input(
            "record()", wanted="batch_size as a number from 1", got=repr(batch_size), do="Change it"
        )
    chosen, exact = choose_layers(model, layers)
    inputs = next(iter(probes.values())).inputs
    found, skipped = find_layers(model, chosen, inputs, reduce, forward)
    for name in exact & set(skipped):
        raise RecordingError(
            f"record() wants layers that give a tensor, got {name!r}: {skipped[name]}. "
            "Leave it out, or name a layer inside it."
        )
    if not found:
        why = "; ".join(f"{name}: {reason}" for name, reason in list(skipped.items())[:3])
        raise RecordingError(f"record() wants at least one layer to record, got none ({why}).")
    if batch_size is None:
        batch_size = fitting_batch(inputs, found)
    plan = Plan(
        model, probes, chosen, found, skipped, reduce, forward, moments, dtype, batch_size,
        weights, budget, strict,
    )  # fmt: skip
    if plan.bytes > budget:
        raise BudgetError(
            f"record() wants room for one epoch at least, got {budget / MEGABYTE:,.0f} MB for "
            f"epochs of {plan.bytes / MEGABYTE:,.0f} MB. Raise budget_mb, choose fewer layers or "
            "samples, or reduce=('project', 256)."
        )
    return plan


def fitting_batch(inputs: Tensor, layers: list[Layer]) -> int:
    """How many samples keep the largest layer, or eight times the input, within 16 MB."""
    largest = max(8 * inputs[0].numel(), *(prod(layer.shape) for layer in layers))
    return max(1, 4_000_000 // largest)


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


def check_facts(class_names: Any, study: Any, budget_mb: Any) -> None:
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
