"""The tensors in what a module gives, whatever its structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from torch import Tensor, nn

DEEPEST = 8


def named_tensors(output: Any, depth: int = 0) -> Iterator[tuple[str, Tensor]]:
    """The tensors of an output with what their names add to the layer's.

    A tensor adds nothing, nor does a tuple or list, which stands for its first item that holds a
    tensor; those of a dict, named tuple, dataclass or other object add `.key`.
    """
    if isinstance(output, Tensor):
        yield "", output
    elif isinstance(output, tuple | list) and not hasattr(output, "_fields"):
        found = (list(named_tensors(item, depth + 1)) for item in output)
        yield from next(filter(None, found), ()) if depth < DEEPEST else ()
    elif depth < DEEPEST:
        for key, value in items_of(output, depth).items():
            yield from ((f".{key}{rest}", t) for rest, t in named_tensors(value, depth + 1))


def items_of(output: Any, depth: int) -> Mapping[Any, Any]:
    """What a structure holds by name; of an object that is none, its attributes."""
    if isinstance(output, Mapping):
        return output
    if hasattr(output, "_fields"):
        return output._asdict()
    if is_dataclass(output) and not isinstance(output, type):
        return {f.name: getattr(output, f.name, None) for f in fields(output)}
    plain = hasattr(output, "__dict__") and not isinstance(output, type | nn.Module)
    return vars(output) if plain and depth == 0 and not callable(output) else {}


def structure(output: Any) -> str:
    """What came instead of a tensor, in a few words.

    >>> structure(({"a": 1}, "text"))
    'a tuple of dict and str'
    """
    kind = type(output).__name__
    if isinstance(output, tuple | list) and output:
        return f"a {kind} of {' and '.join(type(item).__name__ for item in output[:3])}"
    return f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"
