"""Forward passes that look at layers and leave the model as it was.

What a layer gives is kept before anything can write into it: later layers get a copy, so an
in-place ReLU behind a convolution changes only that copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.lens.batches import as_batch
from lamella.lens.layer_calls import check_layers, find_modules, parse, which_call
from lamella.lens.looking import looking
from lamella.lens.refusals import refusal
from lamella.recording.outputs import named_tensors


class _Found(Exception):
    """Ends a forward pass once all wanted layers have been seen."""


def layer_outputs(
    model: nn.Module,
    batch: Tensor,
    wanted: Mapping[str, int],
    *,
    stop: bool = True,
    final: list[Any] | None = None,
) -> dict[str, Tensor]:
    """What layers give for a batch; `wanted` is what `check_layers` returned.

    With `stop` the pass ends behind the last of them. Else it goes to the end, which checks the
    layers anew, so that `wanted` may be guessed, and `final` gets the model's output. To be called
    inside `looking`.
    """
    kept: dict[str, tuple[Tensor, int]] = {}
    calls: dict[str, int] = {}
    handles = []

    def watch(name: str, numbers: dict[int, list[str]]) -> Any:
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> Any:
            calls[name] = number = calls.get(name, 0) + 1
            if number not in numbers:
                return None
            tensor = _tensor_of(output, name)
            kept.update(dict.fromkeys(numbers[number], (tensor, tensor._version)))
            if stop and len(kept) == len(wanted):
                raise _Found
            return tensor.clone() if tensor is output else None

        return hook

    asked = _by_module(wanted)
    for name, module in find_modules(model, asked).items():
        handles.append(module.register_forward_hook(watch(name, asked[name])))
    try:
        output = model(batch.clone())  # a copy, since a first layer may work in place
        if final is not None:
            final.append(output)
    except _Found:
        pass
    finally:
        for handle in handles:
            handle.remove()
    if not stop:
        for key in wanted:
            which_call(key, calls.get(parse(key)[0], 0))
    return {key: _unchanged(key, *kept[key]) for key in wanted}


def _by_module(wanted: Mapping[str, int]) -> dict[str, dict[int, list[str]]]:
    """For each module the numbers of its calls that are wanted, and the layers that they are."""
    asked: dict[str, dict[int, list[str]]] = {}
    for key, number in wanted.items():
        asked.setdefault(parse(key)[0], {}).setdefault(number, []).append(key)
    return asked


def _tensor_of(output: Any, name: str) -> Tensor:
    """The first tensor that a module gives; LensError for none."""
    tensor = output
    if not isinstance(output, Tensor):
        tensor = next((found for _, found in named_tensors(output)), None)
    if tensor is None:
        raise refusal(
            "lens",
            wanted="a layer that gives a tensor",
            got=f"{name!r}, which gives {type(output).__name__}",
            do="Choose another",
        )
    return tensor


def _unchanged(layer: str, tensor: Tensor, version: int) -> Tensor:
    if tensor._version != version:
        raise refusal(
            "lens",
            wanted="what a layer gives",
            got=f"{layer!r}, whose output was overwritten in place",
            do="Choose the layer that overwrites it",
        )
    return tensor


def model_output(model: nn.Module, batch: Tensor) -> Tensor:
    """The model's output tensor; `logits` of an output with names; LensError for no tensor."""
    return as_logits(model(batch.clone()))


def as_logits(output: Any) -> Tensor:
    """The one tensor of an output, or the one called logits."""
    if isinstance(output, Tensor):
        return output
    named = dict(named_tensors(output))
    if len(named) == 1:
        return next(iter(named.values()))
    if ".logits" in named:
        return named[".logits"]
    raise refusal(
        "lens",
        wanted="a model whose output is a tensor or has logits",
        got=f"{type(output).__name__} with {', '.join(named) or 'no tensor'}",
        do="Wrap the model so that it returns its logits, or name a layer",
    )


def output_of(model: nn.Module, batch: Tensor, layer: str | None) -> Tensor:
    """The output of one layer, or of the whole model; to be called inside `looking`."""
    if layer is None:
        return model_output(model, batch)
    wanted = check_layers(model, batch[:1].detach(), [layer])
    return layer_outputs(model, batch, wanted)[layer]


def activations(
    model: nn.Module, images: Any, layer: str | None = None, *, batch_size: int = 250
) -> Float[Tensor, "batch ..."]:
    """What a layer (None: the model) gives for samples, in batches, on the CPU."""
    with looking(model, "activations()", grad=False) as net:
        batch = as_batch(net, images, "activations()")
        parts = [output_of(net, part, layer).cpu() for part in batch.split(batch_size)]
    return torch.cat(parts)
