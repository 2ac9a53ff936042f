"""Finding the layers of a model: wrappers seen through, chosen by name, glob, type or rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from torch import nn

from lamella.errors import bad_input, unknown_name

Choice = str | type | Callable[[str, nn.Module], bool]
WHOLE = "model"  # the name of a model that is one layer
PARALLEL = (nn.DataParallel, nn.parallel.DistributedDataParallel)


def unwrap(module: nn.Module) -> nn.Module:
    """The module behind torch.compile, DataParallel and DistributedDataParallel."""
    while True:
        if "_orig_mod" in module._modules:
            module = module._modules["_orig_mod"]  # type: ignore[assignment]
        elif isinstance(module, PARALLEL):
            module = module.module
        else:
            return module


def children(module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """The modules directly below, without their wrappers."""
    for name, child in module._modules.items():
        if child is not None:
            yield name, unwrap(child)


def named_layers(model: nn.Module) -> dict[str, nn.Module]:
    """All modules of a model by name, as `named_modules()` without wrappers has them.

    >>> list(named_layers(nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.ReLU()))))
    ['', '0', '1', '1.0']
    """
    found: dict[str, nn.Module] = {}
    seen: set[int] = set()

    def walk(module: nn.Module, name: str) -> None:
        if id(module) in seen:
            return
        seen.add(id(module))
        found[name] = module
        for part, child in children(module):
            walk(child, f"{name}.{part}" if name else part)

    walk(unwrap(model), "")
    return found


def choose_layers(model: nn.Module, layers: Any) -> tuple[dict[str, nn.Module], set[str]]:
    """The modules that match, in the model's order, and which of them were named exactly.

    A glob matches leaf modules; a name, a type and a rule `(name, module) -> bool` match any
    module. Raises UnknownName, with the nearest names, for a name or glob that matches nothing.
    """
    found = named_layers(model)
    if list(found) == [""]:
        found = {WHOLE: found[""]}
    else:
        del found[""]
    exact: set[str] = set()
    chosen: set[str] = set()
    for choice in as_choices(layers):
        names = matches(choice, found)
        chosen |= names
        if isinstance(choice, str) and choice in found:
            exact.add(choice)
    if not chosen:
        raise bad_input(
            "record()",
            wanted="layers that the model has",
            got=f"{layers!r}, which matches none of {len(found)}",
            do=f"Choose among {', '.join(list(found)[:12])}",
        )
    return {name: module for name, module in found.items() if name in chosen}, exact


def as_choices(layers: Any) -> list[Choice]:
    """One choice, or a list or tuple of choices, as a list."""
    choices = [layers] if isinstance(layers, str) or callable(layers) else layers
    if not isinstance(choices, Iterable):
        choices = [choices]
    choices: list[Any] = list(choices)
    for choice in choices:
        if not isinstance(choice, str) and not callable(choice):
            raise bad_input(
                "record()",
                wanted="layers as names, globs, module types or rules (name, module) -> bool",
                got=repr(choice),
                do="Choose layers='*' for all",
            )
    return choices


def matches(choice: Choice, found: dict[str, nn.Module]) -> set[str]:
    """The names that one choice matches."""
    if isinstance(choice, type):
        return {name for name, module in found.items() if isinstance(module, choice)}
    if not isinstance(choice, str):
        return {name for name, module in found.items() if choice(name, module)}
    if choice in found:
        return {choice}
    leaves = [name for name, module in found.items() if not any(children(module))]
    names = {name for name in leaves if fnmatchcase(name, choice)}
    if not names:
        raise unknown_name("layer", choice, found)
    return names
