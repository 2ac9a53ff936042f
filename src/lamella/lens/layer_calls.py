"""Layers by name, and which of a module's calls in one pass a name means.

A module that is called several times in one pass has to be named with its call, `act#2`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from lamella.errors import unknown_name
from lamella.lens.batches import as_batch
from lamella.lens.looking import looking
from lamella.lens.refusals import refusal
from lamella.recording.modules import WHOLE, named_layers
from lamella.recording.outputs import named_tensors


def modules_of(model: nn.Module) -> dict[str, nn.Module]:
    """The modules that a layer's name can mean."""
    found = named_layers(model)
    whole = found.pop("")
    return found or {WHOLE: whole}


def find_modules(model: nn.Module, names: Iterable[str]) -> dict[str, nn.Module]:
    """The modules of some names; UnknownName, with the nearest ones, for no module."""
    known = modules_of(model)
    for name in names:
        if name not in known:
            raise unknown_name("layer", name, known)
    return {name: known[name] for name in names}


def parse(layer: str) -> tuple[str, int]:
    """A layer's module and which of its calls; 0 where none was said.

    >>> parse("act#2"), parse("act")
    (('act', 2), ('act', 0))
    """
    name, _, number = layer.partition("#")
    return name, int(number) if number.isdigit() else 0


def calls_of(model: nn.Module, sample: Tensor, layers: Sequence[str]) -> Counter[str]:
    """How often one pass calls each module that the layers name; UnknownName for no module."""
    counts: Counter[str] = Counter()
    handles = []
    for name, module in find_modules(model, {parse(layer)[0] for layer in layers}).items():
        hook = lambda *_, name=name: counts.update([name])  # noqa: E731
        handles.append(module.register_forward_pre_hook(hook))
    try:
        with torch.no_grad():
            model(sample.clone())
    finally:
        for handle in handles:
            handle.remove()
    return counts


def layer_shapes(model: nn.Module, images: Any) -> dict[str, tuple[int, ...]]:
    """What one sample becomes: the shape of every leaf module's output, in order of execution.

    A module that is called several times has an entry for each call, `act#1`, `act#2`.
    """
    seen: list[tuple[str, tuple[int, ...]]] = []
    with looking(model, "layer_shapes()", grad=False) as net:
        batch = as_batch(net, images, "layer_shapes()")[:1]
        handles = []
        for name, module in modules_of(net).items():
            if any(True for _ in module.children()):
                continue

            def note(_module: Any, _inputs: Any, output: Any, name: str = name) -> None:
                tensor = next((t for _, t in named_tensors(output)), None)
                if tensor is not None:
                    seen.append((name, tuple(tensor.shape[1:])))

            handles.append(module.register_forward_hook(note))
        try:
            net(batch.clone())
        finally:
            for handle in handles:
                handle.remove()
    counts: Counter[str] = Counter(name for name, _ in seen)
    calls: Counter[str] = Counter()
    found = {}
    for name, shape in seen:
        calls[name] += 1
        found[name if counts[name] == 1 else f"{name}#{calls[name]}"] = shape
    return found


def check_layers(model: nn.Module, sample: Tensor, layers: Sequence[str]) -> dict[str, int]:
    """Which call of its module each layer means.

    Raises LensError for a module that a pass calls never, or several times without `#`.
    """
    counts = calls_of(model, sample, layers)
    return {layer: which_call(layer, counts[parse(layer)[0]]) for layer in layers}


def which_call(layer: str, count: int) -> int:
    """Which of `count` calls of its module a layer means; LensError where none or not one."""
    name, number = parse(layer)
    if count == 0 or number > count:
        raise refusal(
            "lens",
            wanted="a layer that a forward pass calls",
            got=f"{layer!r}, which is called {count} times",
            do="Choose another",
        )
    if count > 1 and not number:
        calls = ", ".join(f"{name}#{k}" for k in range(1, count + 1))
        raise refusal(
            "lens",
            wanted="one call of a layer",
            got=f"{layer!r}, which is called {count} times in a pass",
            do=f"Choose among {calls}",
        )
    return number or 1
