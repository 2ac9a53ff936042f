"""Trial passes at the start: what every layer gives, what is a leaf, and what a pass changes.

Two sizes of batches are tried, and only what has a row for each sample in both is believed. One
pass is made twice: a model whose outputs differ then keeps a state that could not be put back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lamella.errors import RecordingError
from lamella.recording.capture import Forward, Key, device_of, layer_names, run_batches, unfit
from lamella.recording.channels import Channels
from lamella.recording.modules import Chosen, is_parametrisation, layers_by_name
from lamella.recording.outputs import named_tensors, structure
from lamella.recording.preserved_state import checksum

SIZES = (3, 5, 32)
Convert = Callable[[Key, Tensor], None]


@dataclass(frozen=True)
class Output:
    """One tensor that a module gave in one pass."""

    shape: tuple[int, ...]
    axis: int | None
    reason: str
    varied: bool
    checksum: int


@dataclass
class Pass:
    """What hooks on all modules saw in one pass."""

    size: int
    outputs: dict[Key, Output] = field(default_factory=dict)
    nodes: set[str] = field(default_factory=set)  # called, and some child of theirs too
    leaves: dict[str, None] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    without: dict[str, str] = field(default_factory=dict)  # gave no tensor, but this
    put_back: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Trial:
    """What the passes agree on, the shapes that are left after reduction, and what it all cost.

    `put_back` names what the model changed and gets back after every pass, `lost` what cannot be
    put back; `fill` says that the model takes batches of one size only.
    """

    outputs: dict[Key, Output]
    stored: dict[Key, tuple[int, ...]]
    skipped: dict[str, str]
    put_back: tuple[str, ...]
    lost: tuple[str, ...]
    fill: bool
    seconds: float


class Watch:
    """Hooks on all modules for one pass."""

    def __init__(
        self, modules: Mapping[str, nn.Module], size: int, convert: Convert, compared: bool
    ) -> None:
        self.modules = {n: m for n, m in modules.items() if not is_parametrisation(n)}
        self.seen, self.channels = Pass(size), Channels()
        self.convert, self.compared = convert, compared
        self.stack: list[str] = []
        self.made: dict[Any, tuple[int, str]] = {}  # a tensor's place -> its version and maker
        self.alive: list[Tensor] = []  # no memory is used twice meanwhile
        self.calls: dict[str, int] = {}

    def __enter__(self) -> Pass:
        self.handles = []
        for name, module in self.modules.items():
            before = module.register_forward_pre_hook(lambda *_, name=name: self._enter(name))
            after = module.register_forward_hook(
                lambda module, args, output, name=name: self._leave(name, module, args, output)
            )
            self.handles += [before, after]
        return self.seen

    def __exit__(self, *failure: Any) -> None:
        for handle in self.handles:
            handle.remove()

    def _enter(self, name: str) -> None:
        if self.stack:
            self.seen.nodes.add(self.stack[-1])
        self.stack.append(name)

    def _leave(self, name: str, module: nn.Module, args: Any, output: Any) -> None:
        while self.stack and self.stack.pop() != name:
            pass  # a call that raised, and was caught, never left
        self.seen.leaves.setdefault(name)
        self.calls[name] = self.calls.get(name, 0) + 1
        parts = list(named_tensors(output))
        if not parts:
            self.seen.without[name] = structure(output)
        for part, tensor in parts:
            self._note(Key(name, self.calls[name], part), module, args, tensor)

    def _note(self, key: Key, module: nn.Module, args: Any, tensor: Tensor) -> None:
        axis = self.channels.axis(module, tensor)
        reason = unfit(tensor, self.seen.size)
        varied = self.compared and not reason and bool((tensor != tensor[:1]).any())
        number = checksum(tensor) if self.compared else 0
        self.seen.outputs[key] = Output(tuple(tensor.shape), axis, reason, varied, number)
        self.convert(key, tensor)
        place = place_of(tensor)
        maker = self.made.get(place) if place in map(place_of, tensors_in(args)) else None
        if not key.part and maker is not None and maker[0] == tensor._version:
            self.seen.copies[key.module] = maker[1]
        elif place is not None:
            self.made[place] = (tensor._version, key.module)
            self.alive.append(tensor)


def tensors_in(args: Any) -> list[Tensor]:
    """The tensors among the arguments of a call."""
    return [arg for arg in args if isinstance(arg, Tensor)]


def place_of(tensor: Tensor) -> Any:
    """Which memory a tensor shows, and how; None for one without plain memory."""
    if tensor.layout != torch.strided or tensor.is_inference():
        return None
    return tensor.data_ptr(), tensor.shape, tensor.stride()


def try_model(
    model: nn.Module,
    chosen: Chosen,
    inputs: Tensor,
    reduce: Callable[[str, Tensor, int | None], np.ndarray],
    forward: Forward,
    batch_size: int | None,
) -> Trial:
    """Run a few samples through a model, several times, and what is wanted through `reduce`.

    Raises RecordingError when the model raises.
    """
    began, modules = time.perf_counter(), layers_by_name(model)

    def one(rows: Sequence[int], fill: int = 0, convert: Convert = ignore) -> Pass:
        size = fill or len(rows)
        with Watch(modules, size, convert, size == sizes[0]) as seen:
            findings = run_batches(
                model, {}, inputs[list(rows)], ignore, forward, size, fill=bool(fill)
            )
        seen.put_back, seen.lost = findings.put_back, findings.lost
        return seen

    sizes = SIZES if batch_size is None else (min(batch_size, len(inputs)),)
    rows, fill = spread(sizes[0], len(inputs)), False
    try:
        passes = [one(spread(size, len(inputs))) for size in sizes]
    except Exception as error:
        if batch_size is None or batch_size <= len(inputs):
            raise does_not_run(error, sizes, inputs, batch_size) from error
        rows, sizes, fill = spread(batch_size, len(inputs)), (batch_size,), True
        passes = [one(rows)]
    if batch_size is not None and not fill:
        others, fill = last_batch(one, len(inputs), batch_size)
        passes += others
        if not others and bool((inputs[rows] != inputs[rows[:1]]).any()):
            passes.append(one([(row + 1) % len(inputs) for row in rows]))
    outputs, skipped = agree(passes, chosen)
    stored: dict[Key, tuple[int, ...]] = {}
    names = layer_names(outputs)

    def convert(key: Key, tensor: Tensor) -> None:
        if key in outputs:
            try:
                stored[key] = reduce(names[key], tensor, outputs[key].axis).shape[1:]
            except Exception as error:  # a rule or reduction that does not fit this layer
                del outputs[key]
                skipped[names[key]] = f"{type(error).__name__}: {error}"

    passes.append(again := one(rows, convert=convert))
    put_back = tuple(dict.fromkeys(name for seen in passes for name in seen.put_back))
    lost = dict.fromkeys(name for seen in passes for name in seen.lost)
    if not lost and device_of(model).type == "cpu" and (name := other_layer(passes[0], again)):
        lost = [f"what {name!r} draws on: it gives other numbers for the same samples"]
    seconds = time.perf_counter() - began
    return Trial(outputs, stored, skipped, put_back, tuple(lost), fill, seconds)


def ignore(*_: Any) -> None:
    """Of these passes only the hooks of `Watch` see something."""


def last_batch(one: Callable[..., Pass], samples: int, batch_size: int) -> tuple[list[Pass], bool]:
    """A pass of the shorter batch at the end; filled up where the model does not take it."""
    rest = samples % batch_size
    if samples < batch_size or not rest:
        return [], False
    rows = range(samples - rest, samples)
    try:
        return [one(rows)], False
    except Exception:
        return [one(rows, fill=batch_size)], True


def spread(size: int, samples: int) -> list[int]:
    """Samples from everywhere, so that those of all classes are tried.

    >>> spread(3, 9), spread(5, 2)
    ([0, 3, 6], [0, 1, 0, 1, 0])
    """
    if samples < size:
        return [row % samples for row in range(size)]
    return [row * samples // size for row in range(size)]


def does_not_run(
    error: Exception, sizes: Sequence[int], inputs: Tensor, batch_size: int | None
) -> RecordingError:
    """The error for a model that raises."""
    count = " and ".join(map(str, sizes[:2]))
    why = (
        f"{count} were tried because batch_size was not given: pass it where the model takes "
        "batches of one size only. "
        if batch_size is None
        else ""
    )
    return RecordingError(
        f"record() wants a model that takes its probes, got {type(error).__name__} from "
        f"{sizes[0]} samples of shape {tuple(inputs.shape[1:])}: {error}. {why}Check the probes, "
        "or pass forward=lambda model, inputs: ... (under torch.enable_grad() where the model "
        "takes gradients itself)"
    )


def agree(passes: list[Pass], chosen: Chosen) -> tuple[dict[Key, Output], dict[str, str]]:
    """What all passes say of the chosen layers, and why some give nothing to record."""
    skipped: dict[str, str] = {}
    outputs: dict[Key, Output] = {}
    leaves = {n for seen in passes for n in seen.leaves} - {n for s in passes for n in s.nodes}
    keys = list(dict.fromkeys(key for seen in passes for key in seen.outputs))
    for key in keys:
        if not is_wanted(key.module, chosen, leaves):
            continue
        if key.module not in chosen.otherwise and (source := passes[0].copies.get(key.module)):
            skipped[key.module] = f"it only passes on what {source!r} gives"
        elif reason := doubt(key, passes):
            skipped[layer_names([key])[key]] = reason
        else:
            outputs[key] = passes[0].outputs[key]
    called = {key.module for key in keys}
    without = {n: kind for seen in passes for n, kind in seen.without.items()}
    for name, module in chosen.modules.items():
        if name in called or (name not in chosen.otherwise and is_silent(name, module, leaves)):
            continue
        gives = f"it gives no tensor but {without[name]}" if name in without else ""
        skipped[name] = gives or "it was not executed"
    return outputs, skipped


def is_wanted(name: str, chosen: Chosen, leaves: set[str]) -> bool:
    """Whether a module was asked for: by itself, or as one of all leaves."""
    return name in chosen.otherwise or (chosen.all_leaves and name in leaves)


def is_silent(name: str, module: nn.Module, leaves: set[str]) -> bool:
    """Whether nobody misses a module among all leaves: a container, or a part of a leaf."""
    parts = name.split(".")
    above = {".".join(parts[:n]) for n in range(1, len(parts))}
    return any(module.children()) or is_parametrisation(name) or bool(above & leaves)


def doubt(key: Key, passes: list[Pass]) -> str:
    """Why what a layer gives cannot be recorded; empty when all passes agree that it can."""
    found = [seen.outputs[key] for seen in passes if key in seen.outputs]
    if reason := next((one.reason for one in found if one.reason), ""):
        return reason
    if len(found) < len(passes):
        return "not every batch calls it"
    if len({one.shape[1:] for one in found}) > 1:
        return f"its shape changes with the batch: {found[0].shape}, then {found[-1].shape}"
    same = len({(one.shape, one.checksum) for one in found}) == 1 and found[0].varied
    return "it gives the same for other samples" if len(found) > 1 and same else ""


def other_layer(one: Pass, again: Pass) -> str:
    """The first layer whose numbers are not the same in a pass of the same samples."""
    for key, output in one.outputs.items():
        if key not in again.outputs or again.outputs[key].checksum != output.checksum:
            return key.module
    return ""
