"""Running a model in eval mode; afterwards every bit of it and of chance is as it was."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn

from lamella.recording.modules import unwrap


@contextmanager
def untouched(model: nn.Module) -> Iterator[None]:
    """Inside: eval mode, no gradients, no autocast, wrappers bypassed. Afterwards: as before.

    What is put back, also after an exception: training flags, buffers and other tensors that
    modules hold (values and identity), plain attributes and lists, dicts and sets among them,
    and the random streams of torch (CPU, CUDA, MPS), NumPy and Python.
    """
    modules = list(model.modules())
    before = [module_state(module) for module in modules]
    tensors = [(t, t.detach().clone(), t._version) for t in held_tensors(modules)]
    streams = random_streams(modules)
    try:
        with ExitStack() as stack:
            stack.enter_context(torch.no_grad())
            for device in ("cpu", "cuda", "mps", "xpu"):
                if torch.is_autocast_enabled(device):
                    stack.enter_context(torch.autocast(device, enabled=False))
            for module in modules:
                prepare(module)
            yield
    finally:
        restore_modules(before)
        restore_tensors(tensors)
        restore_streams(streams)


def prepare(module: nn.Module) -> None:
    """Eval mode by the flag alone: `train()` may be overridden to do more."""
    module.training = False
    if isinstance(module, torch.jit.ScriptModule):
        return
    module.__dict__["_compiled_call_impl"] = None
    for name, child in module._modules.items():
        if child is not None and unwrap(child) is not child:
            module._modules[name] = unwrap(child)


def module_state(module: nn.Module) -> tuple[nn.Module, bool, list[tuple[Any, Any]]]:
    """A module, its training flag, and shallow copies of the containers it keeps things in."""
    if isinstance(module, torch.jit.ScriptModule):
        return module, module.training, []
    held = module.__dict__
    kept = [held, held["_modules"], held["_parameters"], held["_buffers"]]
    kept += [value for value in held.values() if type(value) in (list, dict, set)]
    return module, module.training, [(container, container.copy()) for container in kept]


def restore_modules(before: list[tuple[nn.Module, bool, list[tuple[Any, Any]]]]) -> None:
    """Put back attributes and containers, touching only what differs."""
    for module, training, containers in before:
        for container, copy in containers:
            if isinstance(container, dict):
                restore_dict(container, copy)
            elif isinstance(container, list):
                if len(container) != len(copy) or any(
                    a is not b for a, b in zip(container, copy, strict=True)
                ):
                    container[:] = copy
            elif container != copy:
                container.clear()
                container.update(copy)
        if module.training is not training:
            module.training = training


def restore_dict(container: dict, copy: dict) -> None:
    """Make a dict hold the very objects of its copy again, in their order."""
    if list(container) != list(copy):
        container.clear()
        container.update(copy)
        return
    for key, value in copy.items():
        if container[key] is not value:
            container[key] = value


def held_tensors(modules: list[nn.Module]) -> Iterator[torch.Tensor]:
    """Buffers and plain tensors of modules, each once; parameters are not changed by forward."""
    seen: set[int] = set()
    for module in modules:
        if isinstance(module, torch.jit.ScriptModule):
            held = [buffer for _, buffer in module.named_buffers(recurse=False)]
        else:
            held = [*module._buffers.values(), *module.__dict__.values()]
        for tensor in held:
            if isinstance(tensor, torch.Tensor) and id(tensor) not in seen:
                seen.add(id(tensor))
                yield tensor


def restore_tensors(tensors: list[tuple[torch.Tensor, torch.Tensor, int]]) -> None:
    """Copy back what was changed in place; the rest keeps even its version counter."""
    for tensor, copy, version in tensors:
        if tensor._version != version:
            with torch.no_grad():
                tensor.copy_(copy)


def random_streams(modules: list[nn.Module]) -> dict[str, Any]:
    """The state of every global random stream, and of generators that modules hold."""
    kind = torch.Generator  # compared by type: its isinstance is slow
    held = [v for module in modules for v in vars(module).values() if type(v) is kind]
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None,
        "mps": torch.mps.get_rng_state() if torch.backends.mps.is_available() else None,
        "numpy": np.random.get_state(),  # noqa: NPY002 - the user's global stream is kept
        "python": random.getstate(),
        "held": [(generator, generator.get_state()) for generator in held],
    }


def restore_streams(streams: dict[str, Any]) -> None:
    """Set every random stream back."""
    torch.set_rng_state(streams["torch"])
    if streams["cuda"] is not None:
        torch.cuda.set_rng_state_all(streams["cuda"])
    if streams["mps"] is not None:
        torch.mps.set_rng_state(streams["mps"])
    np.random.set_state(streams["numpy"])  # noqa: NPY002
    random.setstate(streams["python"])
    for generator, state in streams["held"]:
        generator.set_state(state)
