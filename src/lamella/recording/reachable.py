"""Everything a model holds: tensors, arrays, random generators and containers, to any depth.

The walk goes through attributes of modules, lists, dicts, sets, tuples, plain objects, closures,
class attributes, and the globals that the code of a user's `forward` or hook names. It stays out
of trainers, optimisers, data loaders and whatever holds a lock: those belong to other threads.
"""

from __future__ import annotations

import io
import random
import threading
import types
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, partial
from typing import Any

import numpy as np
import torch
from torch import nn

MOST = 200_000  # objects; a model that holds more is not walked to the end
NOT_DATA = (
    "torch.optim", "torch.utils.data", "torch.distributed", "torch.cuda", "torch._dynamo",
    "torch._inductor", "torch.jit", "lightning", "pytorch_lightning", "lightning_fabric",
    "accelerate", "transformers.trainer", "wandb", "tensorboard", "mlflow", "threading", "queue",
    "logging", "multiprocessing", "concurrent", "asyncio", "sqlite3", "lamella",
)  # fmt: skip
LOCKS = (type(threading.Lock()), type(threading.RLock()), threading.Thread, threading.Event)
Path = tuple  # (path of the holder, how it is held): made into words only where it is needed


class Kind(Enum):
    """How a thing is walked, compared and put back."""

    ATOM = 0
    TENSOR = 1
    ARRAY = 2
    GENERATOR = 3
    MAPPING = 4
    SEQUENCE = 5
    SET = 6
    TUPLE = 7
    OBJECT = 8
    FUNCTION = 9
    STREAM = 10
    CLASS = 11


@dataclass
class Names:
    """Some names of a class, of a closure or of globals, put back by setting them again."""

    values: dict[str, Any]
    read: Callable[[], Mapping[str, Any]]
    write: Callable[[str, Any], None]

    def put_back(self) -> bool:
        """Set the names that stand for something else; whether there were any."""
        now = self.read()
        other = [name for name, value in self.values.items() if now.get(name, self) is not value]
        for name in other:
            self.write(name, self.values[name])
        return bool(other)


@dataclass
class Held:
    """What a walk has found, each with the path to it."""

    tensors: list[tuple[Path, torch.Tensor]] = field(default_factory=list)
    arrays: list[tuple[Path, np.ndarray]] = field(default_factory=list)
    generators: list[tuple[Path, Any]] = field(default_factory=list)
    containers: list[tuple[Path, Any]] = field(default_factory=list)
    streams: list[tuple[Path, Any]] = field(default_factory=list)  # of Python: can be spent
    cut: bool = False


def reachable(model: nn.Module) -> Held:
    """Everything that a model holds, each thing once."""
    held, seen = Held(), {}
    stack: list[tuple[Path, Any]] = [((), model)]
    while stack:
        path, thing = stack.pop()
        kind = kind_of(type(thing))
        if kind is Kind.ATOM or id(thing) in seen:
            continue
        if len(seen) >= MOST:
            held.cut = True
            break
        seen[id(thing)] = thing  # kept alive, so that no other thing gets its id
        stack.extend(inside(path, thing, kind, held))
    return held


def inside(path: Path, thing: Any, kind: Kind, held: Held) -> Iterator[tuple[Path, Any]]:
    """Note a thing, and give what it holds."""
    match kind:
        case Kind.TENSOR:
            held.tensors.append((path, thing))
        case Kind.ARRAY:
            held.arrays.append((path, thing))
            if thing.dtype == object:
                yield from ((path, item) for item in thing.flat)
        case Kind.GENERATOR:
            held.generators.append((path, thing))
        case Kind.MAPPING:
            held.containers.append((path, thing))
            yield from (((path, key), value) for key, value in list(thing.items()))
        case Kind.SEQUENCE | Kind.SET:
            held.containers.append((path, thing))
            yield from numbered(path, thing)
        case Kind.TUPLE:
            yield from numbered(path, thing)
        case Kind.STREAM:
            held.streams.append((path, thing))
            if isinstance(thing, types.GeneratorType) and thing.gi_frame is not None:
                for name, value in thing.gi_frame.f_locals.items():
                    if kind_of(type(value)) is not Kind.STREAM:  # it is named with its holder
                        yield (path, name), value
        case Kind.FUNCTION:
            yield from of_function(path, thing, held)
        case Kind.CLASS if is_own(thing.__module__):
            values = {k: v for k, v in vars(thing).items() if is_data(k, v)}
            write = lambda name, value: setattr(thing, name, value)  # noqa: E731
            held.containers.append((path, Names(values, lambda: vars(thing), write)))
            yield from (((path, k), v) for k, v in values.items())
        case Kind.OBJECT:
            yield from of_object(path, thing, held)
        case _:
            return


def numbered(path: Path, things: Any) -> Iterator[tuple[Path, Any]]:
    """The items of a sequence or set that are more than a number or a text."""
    for place, item in enumerate(list(things)):
        if kind_of(type(item)) is not Kind.ATOM:
            yield (path, place), item


def of_object(path: Path, thing: Any, held: Held) -> Iterator[tuple[Path, Any]]:
    """Attributes of a module or plain object, and of its class where that is the user's own."""
    if isinstance(thing, torch.jit.ScriptModule):
        yield from (((path, n), t) for n, t in (*thing.named_parameters(), *thing.named_buffers()))
        modes = {"training": thing.training}
        read, write = lambda: {"training": thing.training}, lambda n, v: setattr(thing, n, v)
        held.containers.append((path, Names(modes, read, write)))
        return
    own = getattr(thing, "__dict__", None)
    slots = slot_values(thing)
    if any(isinstance(v, LOCKS) for v in (*(own or {}).values(), *slots.values())):
        return
    if isinstance(own, dict) and own:
        held.containers.append((path, own))
        yield from (((path, key), value) for key, value in list(own.items()))
    if slots:
        read = lambda: slot_values(thing)  # noqa: E731
        held.containers.append((path, Names(slots, read, lambda n, v: setattr(thing, n, v))))
        yield from (((path, key), value) for key, value in slots.items())
    for kind in own_classes(type(thing)):
        yield (path, kind.__name__), kind
        if isinstance(thing, nn.Module):
            yield (path, "forward"), vars(kind).get("forward")


def of_function(path: Path, thing: Any, held: Held) -> Iterator[tuple[Path, Any]]:
    """What a hook or forward of the user's own can reach beside its arguments."""
    if isinstance(thing, partial):
        yield from (((path, "of"), part) for part in (thing.func, thing.args, thing.keywords))
    elif isinstance(thing, types.MethodType):
        yield from (((path, "of"), part) for part in (thing.__self__, thing.__func__))
    elif isinstance(thing, types.FunctionType) and is_own(thing.__module__):
        for name, cell in zip(thing.__code__.co_freevars, thing.__closure__ or (), strict=True):
            try:
                value = cell.cell_contents
            except ValueError:  # not filled yet
                continue
            held.containers.append((path, of_cell(cell, value)))
            yield (path, name), value
        named = (n for n in thing.__code__.co_names if n in thing.__globals__)
        values = {n: v for n in named if is_data(n, v := thing.__globals__[n])}
        if values:
            space = thing.__globals__
            held.containers.append((path, Names(values, lambda: space, space.__setitem__)))
        yield from (((path, name), value) for name, value in values.items())


def of_cell(cell: Any, value: Any) -> Names:
    """The variable of a closure."""
    return Names(
        {"": value},
        lambda: {"": cell.cell_contents},
        lambda _, v: setattr(cell, "cell_contents", v),
    )


def is_data(name: str, value: Any) -> bool:
    """Whether a class attribute or global is a value that code might change, not code itself."""
    code = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType)
    descriptor = hasattr(type(value), "__get__")
    return not (name.startswith("__") or isinstance(value, code) or descriptor)


def slot_values(thing: Any) -> dict[str, Any]:
    """The values of an object's slots."""
    return {n: getattr(thing, n) for n in slots_of(type(thing)) if hasattr(thing, n)}


@cache
def slots_of(kind: type) -> tuple[str, ...]:
    """The names of the slots of a class and its bases."""
    found: list[str] = []
    for base in kind.__mro__:
        slots = vars(base).get("__slots__", ())
        found += [slots] if isinstance(slots, str) else list(slots)
    return tuple(n for n in found if n not in ("__dict__", "__weakref__"))


@cache
def own_classes(kind: type) -> tuple[type, ...]:
    """A class and its bases, without those of Torch, Python and NumPy."""
    return tuple(base for base in kind.__mro__ if is_own(base.__module__))


@cache
def is_own(module: str | None) -> bool:
    """Whether code of this module may keep state of its own: not Torch, Python or NumPy."""
    root = (module or "").partition(".")[0]
    library = {"torch", "numpy", "builtins", "typing", "abc", "collections", "dataclasses"}
    return root not in library and not (module or "").startswith(NOT_DATA)


@cache
def kind_of(kind: type) -> Kind:
    """How things of a type are treated."""
    generators = (torch.Generator, np.random.Generator, np.random.RandomState, random.Random)
    functions = (types.FunctionType, types.MethodType, partial)
    for kinds, found in (
        ((torch.Tensor,), Kind.TENSOR),
        ((np.ndarray,), Kind.ARRAY),
        ((*generators, np.random.BitGenerator), Kind.GENERATOR),
        ((dict,), Kind.MAPPING),
        ((list, deque, bytearray), Kind.SEQUENCE),
        ((set,), Kind.SET),
        ((tuple, frozenset), Kind.TUPLE),
        (functions, Kind.FUNCTION),
        ((types.GeneratorType, io.IOBase), Kind.STREAM),
    ):
        if issubclass(kind, kinds):
            return found
    return kind_of_object(kind)


def kind_of_object(kind: type) -> Kind:
    """How things of no type of Python, NumPy or Torch are treated."""
    if issubclass(kind, type):
        return Kind.CLASS
    if issubclass(kind, torch.jit.ScriptModule):
        return Kind.OBJECT
    if issubclass(kind, nn.Module):
        return Kind.OBJECT
    if hasattr(kind, "__next__"):
        return Kind.STREAM
    module = kind.__module__
    if module.startswith(NOT_DATA) or module in ("builtins", "_thread", "weakref", "re", "typing"):
        return Kind.ATOM
    if module.startswith("torch") and not issubclass(kind, nn.Module):
        return Kind.ATOM
    return Kind.OBJECT if hasattr(kind, "__dict__") or slots_of(kind) else Kind.ATOM


def in_words(path: Path) -> str:
    """A path as a reader would write it.

    >>> in_words((((((), "_modules"), "fc"), "_parameters"), "weight"))
    'fc.weight'
    """
    parts: list[str] = []
    while path:
        path, key = path
        if key not in ("_modules", "_parameters", "_buffers"):
            parts.append(str(key))
    return ".".join(reversed(parts)) or "model"
