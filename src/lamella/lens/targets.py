"""What is looked at: a class, a channel or one unit, as one number per sample."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor

from lamella.errors import bad_input

# None: the class of the highest logit. An integer: that class or channel. A tuple: one unit, such
# as (channel, row, column). A list or an array: a class of its own for each sample.
Target = int | tuple[int, ...] | Sequence[int] | Any | None


def scores(output: Float[Tensor, "batch ..."], target: Target) -> Float[Tensor, " batch"]:
    """The number of each sample that a target stands for; a channel counts by its mean.

    Raises InputError for a target outside the output.

    >>> scores(torch.tensor([[1.0, 5.0], [7.0, 2.0]]), None)
    tensor([5., 7.])
    >>> scores(torch.arange(8.0).reshape(1, 2, 2, 2), 1)
    tensor([5.5000])
    """
    if target is None:
        target = best_classes(output)
    elif not isinstance(target, tuple | list) and is_one_number(target):
        target = operator.index(cast(Any, target))
    if isinstance(target, int | tuple):
        return _one(output, (target,) if isinstance(target, int) else target)
    try:
        classes = torch.as_tensor(target, device=output.device)
    except (TypeError, ValueError, RuntimeError) as error:
        raise bad_input(
            "lens", wanted="a target", got=repr(target)[:60], do="Pass a class, a unit or a list"
        ) from error
    return _each(output, classes)


def is_one_number(target: Any) -> bool:
    """Whether a target is one whole number: NumPy's and Torch's too, as argmax gives them.

    >>> is_one_number(torch.tensor(1)), is_one_number(torch.tensor([1])), is_one_number(1.5)
    (True, False, False)
    """
    if getattr(target, "shape", ()) != ():
        return False
    try:
        operator.index(target)
    except (TypeError, ValueError):
        return False
    return True


def best_classes(output: Float[Tensor, "batch ..."]) -> Tensor:
    """The class of the highest logit of each sample; InputError where there are no logits."""
    if output.ndim != 2:
        raise bad_input(
            "lens",
            wanted="a target",
            got=f"none, and an output of shape {tuple(output.shape[1:])} has no highest class",
            do="Pass target=channel or target=(channel, row, column)",
        )
    return output.detach().argmax(dim=1)


def _one(output: Tensor, unit: tuple[int, ...]) -> Tensor:
    sizes = tuple(output.shape[1:])
    if len(unit) > len(sizes) or not all(0 <= u < n for u, n in zip(unit, sizes, strict=False)):
        raise bad_input(
            "lens",
            wanted=f"a target inside {' x '.join(map(str, sizes))}",
            got=str(unit),
            do="Count from 0",
        )
    for index in unit:
        output = output.select(1, index)
    return output.flatten(1).mean(dim=1) if len(unit) < len(sizes) else output


def _each(output: Tensor, classes: Tensor) -> Tensor:
    count, size = len(output), output.shape[1]
    whole = not classes.is_floating_point()
    if classes.shape != (count,) or not whole or int(classes.min()) < 0 or classes.max() >= size:
        raise bad_input(
            "lens",
            wanted=f"{count} classes below {size}, one for each sample",
            got=f"{classes.dtype} of shape {tuple(classes.shape)}",
            do="Pass one integer for all, or a list of one for each",
        )
    picked = output[torch.arange(count, device=output.device), classes.long()]
    return picked.flatten(1).mean(dim=1) if picked.ndim > 1 else picked
