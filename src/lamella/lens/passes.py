"""Forward passes that look at layers and leave the model as it was.

What a layer gives is kept before anything can write into it: later layers get a copy, so an
in-place ReLU behind a convolution changes only that copy. A module that is called several times in
one pass has to be named with its call, `act#2`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from lamella.checks import as_array
from lamella.errors import bad_input, unknown_name
from lamella.lens.refusals import refusal
from lamella.recording.capture import device_of, dtype_of, named_tensors
from lamella.recording.modules import WHOLE, named_layers, unwrap
from lamella.recording.untouched import untouched


class _Found(Exception):
    """Ends a forward pass once all wanted layers have been seen."""


@contextmanager
def looking(model: nn.Module, technique: str = "lens", grad: bool = True) -> Iterator[nn.Module]:
    """Inside: the bare model in eval mode, with gradients or without; afterwards as before."""
    bare = unwrap(model)
    if isinstance(bare, torch.jit.ScriptModule):
        raise refusal(
            technique,
            wanted="a model in Python",
            got="a ScriptModule, whose layers cannot be followed",
            do="Pass the model that was scripted",
        )
    modules = list(bare.modules())
    guard = still(modules) if are_plain(modules) else untouched(bare)
    with torch.inference_mode(False), guard, torch.set_grad_enabled(grad):
        yield bare


def are_plain(modules: Sequence[nn.Module]) -> bool:
    """Whether all modules are Torch's own, which in eval mode change nothing.

    Except fractional pooling, which draws its windows even then.
    """
    for module in modules:
        held = module.__dict__
        if (
            not type(module).__module__.startswith("torch.nn.modules.")
            or type(module).__name__.startswith("Fractional")
            or held["_forward_hooks"]
            or held["_forward_pre_hooks"]
            or held.get("_compiled_call_impl") is not None
        ):
            return False
    return not (torch.is_autocast_enabled("cpu") or torch.is_autocast_enabled("cuda"))


@contextmanager
def still(modules: Sequence[nn.Module]) -> Iterator[None]:
    """Inside: eval mode. Much faster than `untouched`, and enough for modules that `are_plain`."""
    training = [module for module in modules if module.training]
    try:
        for module in training:
            module.training = False
        yield
    finally:
        for module in training:
            module.training = True


def as_batch(model: nn.Module, images: Any, where: str) -> Float[Tensor, "batch ..."]:
    """Samples on the model's device in its precision, detached from any graph.

    Raises InputError for a single sample without a batch axis, no sample, NaN or infinity.
    """
    batch = images if isinstance(images, Tensor) else torch.from_numpy(as_array(images).copy())
    if batch.ndim < 2 or batch.ndim == 3 or not len(batch):
        raise bad_input(
            where,
            wanted="samples of shape batch x channels x height x width, or batch x features",
            got=str(tuple(batch.shape)),
            do="Pass image[None] for a single one",
        )
    first = next(model.parameters(), None)
    if first is not None and first.is_floating_point():
        batch = batch.detach().to(first.device, first.dtype)
    else:
        batch = batch.detach().to(device_of(model), dtype_of(model))
    if not math.isfinite(float(batch.sum())) and not bool(torch.isfinite(batch).all()):
        raise bad_input(where, wanted="finite pixels", got="NaN or infinity", do="Repair them")
    return batch


def as_sample(model: nn.Module, image: Any, where: str) -> Float[Tensor, "1 ..."]:
    """One sample, with or without a batch axis of 1, as a batch of one."""
    array = image if isinstance(image, Tensor) else torch.from_numpy(as_array(image).copy())
    if array.ndim in (1, 3):
        array = array[None]
    if len(array) != 1:
        raise bad_input(where, wanted="one sample", got=f"{len(array)}", do="Choose one, images[3]")
    return as_batch(model, array, where)


def modules_of(model: nn.Module) -> dict[str, nn.Module]:
    """The modules that a layer's name can mean."""
    found = named_layers(model)
    whole = found.pop("")
    return found or {WHOLE: whole}


def parse(layer: str) -> tuple[str, int]:
    """A layer's module and which of its calls; 0 where none was said.

    >>> parse("act#2"), parse("act")
    (('act', 2), ('act', 0))
    """
    name, _, number = layer.partition("#")
    return name, int(number) if number.isdigit() else 0


def calls_of(model: nn.Module, sample: Tensor, layers: Sequence[str]) -> Counter[str]:
    """How often one pass calls each module that the layers name; UnknownName for no module."""
    known = modules_of(model)
    counts: Counter[str] = Counter()
    handles = []
    for name in {parse(layer)[0] for layer in layers}:
        if name not in known:
            raise unknown_name("layer", name, known)
        hook = lambda *_, name=name: counts.update([name])  # noqa: E731
        handles.append(known[name].register_forward_pre_hook(hook))
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


def layer_outputs(
    model: nn.Module,
    batch: Tensor,
    wanted: dict[str, int],
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
    known = modules_of(model)
    handles = []
    calls: Counter[str] = Counter()

    def watch(name: str) -> Any:
        def hook(_module: nn.Module, _inputs: Any, output: Any) -> Any:
            calls[name] += 1
            mine = [key for key, k in wanted.items() if parse(key)[0] == name and k == calls[name]]
            if not mine:
                return None
            tensor = next((t for _, t in named_tensors(output)), None)
            if tensor is None:
                raise refusal(
                    "lens",
                    wanted="a layer that gives a tensor",
                    got=f"{name!r}, which gives {type(output).__name__}",
                    do="Choose another",
                )
            kept.update(dict.fromkeys(mine, (tensor, tensor._version)))
            if stop and len(kept) == len(wanted):
                raise _Found
            return tensor.clone() if isinstance(output, Tensor) else None

        return hook

    for name in {parse(key)[0] for key in wanted}:
        if name not in known:
            raise unknown_name("layer", name, known)
        handles.append(known[name].register_forward_hook(watch(name)))
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
            which_call(key, calls[parse(key)[0]])
    return {key: _unchanged(key, *kept[key]) for key in wanted}


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
