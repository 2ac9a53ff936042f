"""Hooks: what each layer gives in one pass over samples, in the order of execution."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from lamella.recording.modules import unwrap
from lamella.recording.outputs import named_tensors
from lamella.recording.preserved_state import Findings, preserved_state
from lamella.store.run import INPUT

Forward = Callable[[nn.Module, Tensor], Any]


class Key(NamedTuple):
    """One tensor of a pass: of which module, which of its calls, which part of the output."""

    module: str
    call: int
    part: str


Seen = Callable[[Key, nn.Module, Tensor], None]


def call(model: nn.Module, inputs: Tensor) -> Any:
    """The usual forward pass."""
    return model(inputs)


@contextmanager
def hooks(chosen: Mapping[str, nn.Module], seen: Seen) -> Iterator[Counter[str]]:
    """Inside, `seen(key, module, tensor)` is called for every output of the chosen modules.

    Yields the number of calls by module name; clear it before each pass. The hooks come off in
    any case.
    """
    calls: Counter[str] = Counter()

    def watch(name: str, module: nn.Module) -> Any:
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> None:
            calls[name] += 1
            for part, tensor in named_tensors(output):
                seen(Key(name, calls[name], part), module, tensor)

        return module.register_forward_hook(hook)

    handles = []
    try:
        for name, module in chosen.items():
            handles.append(watch(name, module))
        yield calls
    finally:
        for handle in handles:
            handle.remove()


def layer_names(keys: Iterable[Key]) -> dict[Key, str]:
    """A readable name for each tensor, no two the same: `relu`, `relu#2`, `head.logits`.

    What comes first and whole keeps the module's name; another that reads the same gets a mark.

    >>> list(layer_names([Key("a", 1, ".b"), Key("a.b", 1, ""), Key("a.b", 2, "")]).values())
    ["a.b'", 'a.b', 'a.b#2']
    """
    keys = list(keys)
    plain = {key: key.module for key in keys if key.call == 1 and not key.part}
    taken = {*plain.values(), INPUT}
    named: dict[Key, str] = {}
    for key in keys:
        name = key.module if key.call == 1 else f"{key.module}#{key.call}"
        if key.module == INPUT and key.call == 1:
            name = f"{INPUT}#1"
        name += key.part
        while (key not in plain or name != plain[key]) and name in taken:
            name += "'"
        taken.add(name)
        named[key] = name
    return named


def run_batches(
    model: nn.Module,
    chosen: Mapping[str, nn.Module],
    inputs: Tensor,
    seen: Callable[[int, Key, nn.Module, Tensor], None],
    forward: Forward,
    batch_size: int,
    *,
    fill: bool = False,
) -> Findings:
    """Send samples through a model that is left as it was; what it changed meanwhile."""
    with preserved_state(model) as findings:
        feed(model, chosen, inputs, seen, forward, batch_size, fill=fill)
    return findings


def feed(
    model: nn.Module,
    chosen: Mapping[str, nn.Module],
    inputs: Tensor,
    seen: Callable[[int, Key, nn.Module, Tensor], None],
    forward: Forward,
    batch_size: int,
    *,
    fill: bool = False,
) -> None:
    """Send samples through a model; `seen(first_sample, key, module, output)` gets each output.

    With `fill` the last batch is made as long as the others by repeating its first sample, for
    models of one batch size; its outputs are that long, too.
    """
    bare, device, row = unwrap(model), device_of(model), 0
    with hooks(chosen, lambda *what: seen(row, *what)) as calls:
        for row in range(0, len(inputs), batch_size):
            calls.clear()
            batch = inputs[row : row + batch_size]
            if fill and len(batch) < batch_size:
                more = batch[:1].expand(batch_size - len(batch), *batch.shape[1:])
                batch = torch.cat([batch, more])
            forward(bare, batch.to(device))


def unfit(output: Tensor, samples: int) -> str:
    """Why an output cannot be recorded; empty when it can."""
    if output.ndim == 0 or len(output) != samples:
        return f"its output of shape {tuple(output.shape)} has no row for each sample"
    if output.is_complex() or output.layout != torch.strided or output.is_quantized:
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
