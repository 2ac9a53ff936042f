"""Finding the layers of a model: wrappers seen through, chosen by name, glob, type or rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from torch import nn

from lamella.errors import bad_input, unknown_name

Choice = str | int | type | Callable[[str, nn.Module], bool]
ALL = "*"
MOST_ALIASES = 1000
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


def aliases(model: nn.Module) -> dict[str, str]:
    """Further names of modules that are held more than once, each with its first name.

    >>> act = nn.ReLU()
    >>> aliases(nn.ModuleDict({"act1": act, "act2": act}))
    {'act2': 'act1'}
    """
    first = {id(module): name for name, module in named_layers(model).items()}
    found: dict[str, str] = {}

    def walk(module: nn.Module, name: str, above: frozenset[int]) -> None:
        if first.get(id(module), name) != name:
            found[name] = first[id(module)]
        if id(module) in above or len(found) > MOST_ALIASES:
            return
        for part, child in children(module):
            walk(child, f"{name}.{part}" if name else part, above | {id(module)})

    walk(unwrap(model), "", frozenset())
    return found


@dataclass(frozen=True)
class Chosen:
    """The modules that match a choice of layers, in the model's order.

    `exact` are those named one by one, `otherwise` all that something else than "*" matches. Where
    "*" was among the choices (`all_leaves`), only the leaves are wanted of the rest.
    """

    modules: dict[str, nn.Module]
    exact: frozenset[str]
    otherwise: frozenset[str]
    all_leaves: bool


def choose_layers(model: nn.Module, layers: Any) -> Chosen:
    """The modules that match.

    "*" stands for all leaves; any other glob, a type and a rule `(name, module) -> bool` match
    any module, and a number n the modules n names deep. Raises UnknownName, with the nearest
    names, for a name or glob that matches nothing.
    """
    found = layers_by_name(model)
    others = {other: name for other, name in aliases(model).items() if name in found}
    exact: set[str] = set()
    chosen: set[str] = set()
    choices = as_choices(layers)
    for choice in choices:
        if isinstance(choice, str) and choice in {**found, **others}:
            exact.add(others.get(choice, choice))
        elif choice != ALL:
            chosen |= matches(choice, found, others)
    otherwise = chosen | exact
    wanted = set(found) if ALL in choices else otherwise
    if not wanted:
        raise bad_input(
            "record()",
            wanted="layers that the model has",
            got=f"{layers!r}, which matches none of {len(found)}",
            do=f"Choose among {', '.join(list(found)[:12])}",
        )
    modules = {name: module for name, module in found.items() if name in wanted}
    return Chosen(modules, frozenset(exact), frozenset(otherwise), ALL in choices)


def layers_by_name(model: nn.Module) -> dict[str, nn.Module]:
    """The modules that can be recorded; a model that is one layer is called "model"."""
    found = named_layers(model)
    whole = found.pop("")
    return found or {WHOLE: whole}


def as_choices(layers: Any) -> list[Choice]:
    """One choice, or a list or tuple of choices, as a list."""
    choices = [layers] if isinstance(layers, str) or callable(layers) else layers
    if not isinstance(choices, Iterable):
        choices = [choices]
    choices: list[Any] = list(choices)
    for choice in choices:
        depth = isinstance(choice, int) and not isinstance(choice, bool) and choice > 0
        if not isinstance(choice, str) and not callable(choice) and not depth:
            raise bad_input(
                "record()",
                wanted="layers as names, globs, a depth from 1, module types or rules "
                "(name, module) -> bool",
                got=repr(choice),
                do="Choose layers='*' for all",
            )
    return choices


def matches(choice: Choice, found: dict[str, nn.Module], others: dict[str, str]) -> set[str]:
    """The names that one choice matches."""
    if isinstance(choice, type):
        return {name for name, module in found.items() if isinstance(module, choice)}
    if isinstance(choice, int):
        return {name for name, module in found.items() if is_at_depth(name, module, choice)}
    if not isinstance(choice, str):
        return {name for name, module in found.items() if choice(name, module)}
    names = {name for name in found if fnmatchcase(name, choice)}
    names |= {name for other, name in others.items() if fnmatchcase(other, choice)}
    if not names:
        raise unknown_name("layer", choice, {**found, **others})
    return names


def is_at_depth(name: str, module: nn.Module, depth: int) -> bool:
    """Whether a module lies that deep, or ends a shorter branch: together they cut the model."""
    parts = name.count(".") + 1
    return not is_parametrisation(name) and (
        parts == depth or (parts < depth and not any(children(module)))
    )


def is_parametrisation(name: str) -> bool:
    """Whether a module only computes a weight of another, as that of `weight_norm` does."""
    return "parametrizations" in name.split(".")
