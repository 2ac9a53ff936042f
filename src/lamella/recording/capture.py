"""Hooks: what each layer gives in one pass over samples, in the order of execution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import torch
from torch import Tensor, nn

from lamella.errors import RecordingError
from lamella.recording.modules import unwrap
from lamella.recording.reduction import Reduction
from lamella.recording.untouched import untouched
from lamella.store.run import INPUT

Forward = Callable[[nn.Module, Tensor], Any]
Seen = Callable[[str, nn.Module, Tensor], None]


@dataclass(frozen=True)
class Layer:
    """One recorded tensor: its name, its module, and its shape without the samples.

    `shape` is what the layer gives, `stored` what is left of it after reduction.
    """

    name: str
    type: str
    shape: tuple[int, ...]
    stored: tuple[int, ...]
    parameters: int


def call(model: nn.Module, inputs: Tensor) -> Any:
    """The usual forward pass."""
    return model(inputs)


@contextmanager
def hooks(chosen: Mapping[str, nn.Module], seen: Seen) -> Iterator[Counter[str]]:
    """Inside, `seen(name, module, tensor)` is called for every output of the chosen modules.

    Yields the number of calls by module name; clear it before each pass. The second call of a
    module in one pass is `name#2`. The hooks come off in any case.
    """
    calls: Counter[str] = Counter()

    def watch(name: str, module: nn.Module) -> Any:
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> None:
            calls[name] += 1
            full = name if calls[name] == 1 and name != INPUT else f"{name}#{calls[name]}"
            for key, tensor in named_tensors(output):
                seen(full + key, module, tensor)

        return module.register_forward_hook(hook)

    handles = []
    try:
        for name, module in chosen.items():
            handles.append(watch(name, module))
        yield calls
    finally:
        for handle in handles:
            handle.remove()


def named_tensors(output: Any) -> Iterator[tuple[str, Tensor]]:
    """The tensors of an output with what their names add to the layer's.

    A tensor adds nothing, nor does the first tensor of a tuple; those of a dict or a named tuple
    add `.key`.
    """
    if isinstance(output, Tensor):
        yield "", output
    elif isinstance(output, Mapping):
        yield from ((f".{key}", t) for key, t in output.items() if isinstance(t, Tensor))
    elif hasattr(output, "_fields"):
        yield from named_tensors(output._asdict())
    elif isinstance(output, tuple | list):
        tensors = [item for item in output if isinstance(item, Tensor)]
        yield from (("", t) for t in tensors[:1])


def run_batches(
    model: nn.Module,
    chosen: Mapping[str, nn.Module],
    inputs: Tensor,
    seen: Callable[[int, str, nn.Module, Tensor], None],
    forward: Forward,
    batch_size: int,
) -> Counter[str]:
    """Send samples through the model; `seen(first_sample, name, module, output)` gets each output.

    Returns how often each module was called in the last batch.
    """
    bare, device, row = unwrap(model), device_of(model), 0
    with untouched(model), hooks(chosen, lambda *what: seen(row, *what)) as calls:
        for row in range(0, len(inputs), batch_size):
            calls.clear()
            forward(bare, inputs[row : row + batch_size].to(device))
    return calls


def find_layers(
    model: nn.Module,
    chosen: Mapping[str, nn.Module],
    inputs: Tensor,
    reduce: Reduction,
    forward: Forward,
) -> tuple[list[Layer], dict[str, str]]:
    """Run a few samples: what every chosen layer gives, and why some give nothing to record.

    Raises RecordingError when the model raises.
    """
    few = inputs[:3]
    layers: dict[str, Layer] = {}
    skipped: dict[str, str] = {}

    def note(_row: int, name: str, module: nn.Module, output: Tensor) -> None:
        if reason := unfit(output, len(few)):
            skipped[name] = reason
            return
        stored = tuple(reduce(name, output).shape[1:])
        size = sum(p.numel() for p in module.parameters())
        layers[name] = Layer(name, type(module).__name__, tuple(output.shape[1:]), stored, size)

    try:
        calls = run_batches(model, chosen, few, note, forward, len(few))
    except Exception as error:
        raise RecordingError(
            f"record() wants a model that takes its probes, got {type(error).__name__} from "
            f"{len(few)} samples of shape {tuple(few.shape[1:])}: {error}. Check the probes, or "
            "pass forward=lambda model, inputs: ..."
        ) from error
    given = {name.partition("#")[0] for name in [*layers, *skipped]}
    for name in chosen:
        if name not in calls:
            skipped[name] = "it was not executed"
        elif not any(g == name or g.startswith(f"{name}.") for g in given):
            skipped[name] = "it gives no tensor"
    return list(layers.values()), skipped


def unfit(output: Tensor, samples: int) -> str:
    """Why an output cannot be recorded; empty when it can."""
    if output.ndim == 0 or len(output) != samples:
        return f"its output of shape {tuple(output.shape)} has no row for each sample"
    if output.is_complex() or output.is_sparse or output.is_quantized:
        return f"its output is {output.dtype}, {output.layout}"
    return ""


def device_of(model: nn.Module) -> torch.device:
    """Where the model's first parameter or buffer is; the CPU for a model without any."""
    first = next(chain(model.parameters(), model.buffers()), None)
    return torch.device("cpu") if first is None else first.device


def dtype_of(model: nn.Module) -> torch.dtype:
    """The dtype of the model's first floating parameter; float32 for a model without any."""
    kinds = (p.dtype for p in model.parameters() if p.is_floating_point())
    return next(kinds, torch.float32)
