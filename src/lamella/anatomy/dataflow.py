"""Follow every operation that a model executes, and what each result sees of the input."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from lamella.anatomy import operation_rules, reach, window_rules
from lamella.anatomy.operation_rules import MOVES, SIGHTLESS, Field
from lamella.anatomy.window import Window
from lamella.anatomy.work import multiply_accumulates

Key = tuple[int, int, tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Operation:
    """One executed operation: its name, results, work, and the parameters it used."""

    name: str
    inputs: tuple[torch.Tensor, ...]
    outputs: tuple[torch.Tensor, ...]
    macs: int
    moves: bool
    windows: dict[int, Window] = dataclasses.field(default_factory=dict)


@dataclass
class Ledger:
    """What has been seen while a model ran: fields by tensor, and a list of operations."""

    fields: dict[Key, Field] = field(default_factory=dict)
    parents: dict[Key, tuple[Key, tuple[int, ...], Callable]] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    assumed: dict[str, int] = field(default_factory=dict)
    alive: list[torch.Tensor] = field(default_factory=list)  # a freed address would be used again


def key_of(tensor: torch.Tensor) -> Key:
    """A tensor's place in memory and its layout: what a view and its twin have in common."""
    storage = tensor.untyped_storage()._cdata
    return storage, int(tensor.storage_offset()), tuple(tensor.shape), tuple(tensor.stride())


class Dataflow(TorchDispatchMode):
    """A `with` block in which every operation is entered into the ledger."""

    def __init__(self, ledger: Ledger, on_operation: Callable[[Operation], None]) -> None:
        super().__init__()
        self.ledger, self.on_operation = ledger, on_operation

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        result = executed(func, args, kwargs)
        inputs, outputs = tuple(tensors((args, kwargs))), tuple(tensors(result))
        if outputs:
            name = func.overloadpacket.__name__
            moves = name in MOVES or name in SIGHTLESS
            work = multiply_accumulates(func, args, list(outputs))
            windows = window_rules.windows_of(name, args, kwargs, outputs[0])
            operation = Operation(name, inputs, outputs, work, moves, windows)
            enter(self.ledger, func, args, kwargs, operation)
            self.on_operation(operation)
        return result


def executed(func: Any, args: tuple, kwargs: dict) -> Any:
    """The operation's result; normalisation by stored statistics needs no working out on meta.

    Torch decomposes it in Python there, which took half the time of a whole layer table.
    """
    if func is torch.ops.aten.native_batch_norm.default and args[0].is_meta and not args[5]:
        blank = args[0].new_empty(0)
        return torch.empty_like(args[0]), blank, blank.clone()
    return func(*args, **kwargs)


def tensors(tree: Any) -> Iterator[torch.Tensor]:
    """Every tensor in nested tuples, lists and dictionaries, in order."""
    if isinstance(tree, torch.Tensor):
        yield tree
    elif isinstance(tree, dict):
        for value in tree.values():
            yield from tensors(value)
    elif isinstance(tree, (list, tuple)):
        for value in tree:
            yield from tensors(value)
    elif hasattr(tree, "__dataclass_fields__"):
        yield from tensors(vars(tree))


def enter(ledger: Ledger, func: Any, args: tuple, kwargs: dict, operation: Operation) -> None:
    """Work out the fields of an operation's results and keep them."""
    ledger.operations.append(operation)
    ledger.alive.extend(operation.outputs)
    outs = list(operation.outputs)
    known = [ledger.fields.get(key_of(tensor)) for tensor in operation.inputs]
    if operation.name in ("copy_", "set_"):
        known = known[1:]
    if func.is_view and operation.name != "detach":
        remember_parents(ledger, func, args, kwargs, operation)
    if not any(known) or operation.name in SIGHTLESS:
        return
    for out, seen in zip(outs, fields_of(ledger, func, args, kwargs, known, outs), strict=False):
        keep(ledger, out, seen, written=func._schema.is_mutable)


def fields_of(
    ledger: Ledger, func: Any, args: tuple, kwargs: dict, known: list, outs: list
) -> list[Field]:
    """By the operation's rule; all of the input where there is none."""
    if func.overloadpacket.__name__ == "copy_":
        return operation_rules.pointwise(args, kwargs, known, outs)
    seen = None
    with contextlib.suppress(Exception):  # a rule that fails is ours, not the model's error
        seen = operation_rules.see(func, args, kwargs, known, outs)
    if seen is None:
        name = func.overloadpacket.__name__
        ledger.assumed[name] = ledger.assumed.get(name, 0) + 1
        seen = operation_rules.everything(known, outs)
    return seen


def remember_parents(ledger: Ledger, func: Any, args: tuple, kwargs: dict, op: Operation) -> None:
    """Keep how each view was cut out, so that a write into it reaches the whole."""
    base = args[0]
    for which, out in enumerate(op.outputs):

        def cut(values: torch.Tensor, which: int = which) -> torch.Tensor:
            part = func(values, *args[1:], **kwargs)
            return part if isinstance(part, torch.Tensor) else part[which]

        if key_of(out) != key_of(base):
            ledger.parents[key_of(out)] = (key_of(base), tuple(base.shape), cut)


def keep(ledger: Ledger, out: torch.Tensor, seen: Field, *, written: bool) -> None:
    """Enter a result's field; what was written in place also reaches what it is a view of."""
    key, done = key_of(out), set()
    ledger.fields[key] = seen
    while written and key in ledger.parents and key not in done:
        done.add(key)
        key, shape, cut = ledger.parents[key]
        seen = write_into(ledger.fields.get(key), seen, shape, cut)
        ledger.fields[key] = seen


def write_into(whole: Field | None, part: Field, shape: tuple[int, ...], cut: Callable) -> Field:
    """The field of a tensor after a part of it was overwritten."""
    return tuple(
        _write_axis(whole[axis] if whole else None, seen, shape, cut)
        for axis, seen in enumerate(part)
    )


def _write_axis(
    whole: reach.Reach | None, part: reach.Reach, shape: tuple[int, ...], cut: Callable
) -> reach.Reach:
    if whole is None:
        low = torch.full(shape, reach.NOTHING)
        high = torch.full(shape, -reach.NOTHING)
    else:
        low, high = whole.low.expand(shape).clone(), whole.high.expand(shape).clone()
    view_low, view_high = cut(low), cut(high)
    view_low.copy_(torch.minimum(view_low, part.low.expand(part.shape)))
    view_high.copy_(torch.maximum(view_high, part.high.expand(part.shape)))
    plane = whole.plane if whole is not None else reach.grown(part, shape, cut)
    return reach.Reach(shape, reach.compact(low), reach.compact(high), plane)
