"""The files of one recorded epoch: weights, and the activations of every probe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torch import Tensor, nn

from lamella import store
from lamella.recording.capture import Key, feed, unfit
from lamella.recording.convert import as_arrays, to_array
from lamella.recording.modules import layers_by_name
from lamella.recording.plan import RecordingPlan, model_tensors, type_of
from lamella.recording.preserved_state import preserved_state
from lamella.recording.probes import Probe


class EpochFiles:
    """Writes an epoch into parts that have no name yet; `reasons` says what was left out, and why.

    Modules are looked up by name each time, for a model may have exchanged them.
    """

    def __init__(self, path: Path, plan: RecordingPlan, epoch: int) -> None:
        self.path, self.plan, self.epoch = path, plan, epoch
        self.parts = store.Parts()
        self.reasons: dict[str, str] = {}
        self.lost: set[str] = set()

    def write(self) -> store.Parts:
        """Everything of this epoch; on any exception nothing is left of it."""
        try:
            if self.plan.request.weights:
                self._write_weights()
            modules = self._modules_now()
            with preserved_state(self.plan.request.model) as findings:
                for name, probe in self.plan.request.probes.items():
                    self._write_probe(name, probe, modules)
            self.lost = set(findings.lost)
        except BaseException:
            self.parts.discard()
            raise
        return self.parts

    def _write_weights(self) -> None:
        arrays, left_out = as_arrays(model_tensors(self.plan.request.model))
        for name, reason in left_out.items():
            if name not in self.plan.left_out:
                self.reasons[name] = reason
        if arrays:
            store.write_weights(self.path, self.epoch, arrays, self.parts.open)

    def _modules_now(self) -> dict[str, nn.Module]:
        """The modules that have the names of the plan's now."""
        now = layers_by_name(self.plan.request.model)
        for key, layer in self.plan.keys.items():
            if key.module not in now:
                self.reasons[layer.name] = "the model has no such module any more"
        return {key.module: now[key.module] for key in self.plan.keys if key.module in now}

    def _write_probe(self, name: str, probe: Probe, modules: dict[str, nn.Module]) -> None:
        plan, request = self.plan, self.plan.request
        size = min(plan.batch_size, len(probe)) if not plan.trial.fill else plan.batch_size
        place = store.activation_path(self.path, self.epoch, name)
        with store.partial_file(place, plan.shapes(name), self.parts.open) as file:

            def keep(row: int, key: Key, _module: nn.Module, output: Tensor) -> None:
                if key not in plan.keys:
                    return
                layer, count = plan.keys[key].name, min(size, len(probe) - row)
                if reason := unfit(output, size if plan.trial.fill else count):
                    return file.drop(layer, reason)
                try:
                    reduced = request.reduce(layer, output[:count], plan.axes[key])
                    rows = to_array(reduced, request.dtype, layer)
                except Exception as error:  # costs this layer only
                    return file.drop(layer, f"{type(error).__name__}: {error}")
                file.put(layer, row, rows)

            feed(
                request.model, modules, probe.inputs, keep, request.forward, size,
                fill=plan.trial.fill,
            )  # fmt: skip
        for layer, reason in file.left_out.items():
            self.reasons.setdefault(layer, reason)


def exchanged(plan: RecordingPlan, model: nn.Module) -> dict[str, str]:
    """What a model has exchanged since the plan was made, or has got, in words by name."""
    now, told = layers_by_name(model), {}
    for key, layer in plan.keys.items():
        if key.module in now and type_of(now[key.module]) != layer.type:
            kind = type_of(now[key.module])
            told[key.module] = f"a {layer.type} then, {kind} now; recorded as it is"
    for name in now:
        if name not in plan.known and not inside_any(name, told):
            told[name] = "it came after the start and is not recorded"
    return told


def inside_any(name: str, others: Any) -> bool:
    """Whether a module lies in one of others."""
    return any(name.startswith(f"{other}.") for other in others)
