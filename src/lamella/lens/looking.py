"""A model held still while it is looked at: in eval mode, afterwards as it was.

Attribution of one small image takes less than a millisecond, so what is done here counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import torch
from torch import nn

from lamella.lens.refusals import refusal
from lamella.recording.modules import unwrap
from lamella.recording.preserved_state import preserved_state


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
    modules = plain_modules(bare)
    if modules is None:
        with torch.inference_mode(False), preserved_state(bare), torch.set_grad_enabled(grad):
            yield bare
    else:
        with still(modules, grad):
            yield bare


def plain_modules(model: nn.Module) -> list[nn.Module] | None:
    """Every module of a model where each is Torch's own, which in eval mode changes nothing.

    None where one is not, or has hooks, or where Torch itself computes in another mode.
    """
    if torch.is_inference_mode_enabled():
        return None
    if torch.is_autocast_enabled("cpu") or torch.is_autocast_enabled("cuda"):
        return None
    modules, seen = [model], {model}
    for module in modules:  # grows on the way
        held = module.__dict__
        if (
            not is_plain(type(module))
            or held["_forward_hooks"]
            or held["_forward_pre_hooks"]
            or held.get("_compiled_call_impl") is not None
        ):
            return None
        for child in held["_modules"].values():
            if child is not None and child not in seen:
                seen.add(child)
                modules.append(child)
    return modules


@cache
def is_plain(kind: type) -> bool:
    """Whether a type of modules is Torch's own and in eval mode leaves all as it is.

    Fractional pooling does not: it draws its windows even then.
    """
    return kind.__module__.startswith("torch.nn.modules.") and "Fractional" not in kind.__name__


@contextmanager
def still(modules: Sequence[nn.Module], grad: bool) -> Iterator[None]:
    """Inside: eval mode. Much faster than `preserved_state`, and enough for `plain_modules`."""
    training = [module for module in modules if module.training]
    before = torch.is_grad_enabled()
    try:
        for module in training:
            module.training = False
        torch.set_grad_enabled(grad)
        yield
    finally:
        torch.set_grad_enabled(before)
        for module in training:
            module.training = True
