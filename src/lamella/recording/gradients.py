"""Norms of gradients, taken where an optimiser is about to use them.

When an epoch ends, gradients are often cleared already, or still scaled (mixed precision); at an
optimiser's step they are there and as they are meant. Costs some microseconds a step.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Iterable
from contextlib import suppress
from math import nan
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

FOLD = 64  # steps whose norms are kept as they come before they are added up
HALF = (torch.float16, torch.bfloat16)


class GradientNorms:
    """The mean over the steps of an epoch, and the last, of each parameter's gradient's norm."""

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.seconds = 0.0
        self.places: dict[int, str] = {}
        self.known: weakref.WeakKeyDictionary[Optimizer, list[Tensor]] = weakref.WeakKeyDictionary()
        self.clear()
        before, after = weakref.WeakMethod(self._before), weakref.WeakMethod(self._after)
        hooks = [
            register_optimizer_step_pre_hook(lambda *what: call(before, *what)),
            register_optimizer_step_post_hook(lambda *what: call(after, *what)),
        ]
        self.close = weakref.finalize(self, remove_all, hooks)

    def clear(self) -> None:
        """Begin an epoch: no steps yet, and parameters may have come or gone."""
        self.waiting: list[tuple[list[Tensor], list[Tensor]]] = []
        self.sums: dict[int, list[float]] = {}  # id -> sum, steps, last
        self.known.clear()
        named = self.model.named_parameters()
        self.places = {id(p): name.replace("_orig_mod.", "") for name, p in named}

    def take(self) -> dict[str, tuple[float, float]]:
        """(mean, last) by parameter since the last call; nothing for those that made no step."""
        with suppress(Exception):
            self._fold()
        found = {
            self.places[key]: (total / steps, last)
            for key, (total, steps, last) in self.sums.items()
            if key in self.places
        }
        self.clear()
        return found

    def _before(self, optimiser: Optimizer, args: tuple, kwargs: dict) -> None:
        if closure_of(args, kwargs) is None:
            self._note(optimiser)

    def _after(self, optimiser: Optimizer, args: tuple, kwargs: dict) -> None:
        if closure_of(args, kwargs) is not None:  # which made the gradients
            self._note(optimiser)

    def _note(self, optimiser: Optimizer) -> None:
        began = time.perf_counter()
        mine = self.known.get(optimiser)
        if mine is None:
            held = (p for group in optimiser.param_groups for p in group["params"])
            mine = self.known[optimiser] = [p for p in held if id(p) in self.places]
        there = [p for p in mine if p.grad is not None]
        if there:
            norms = norms_of([p.grad for p in there])  # type: ignore[misc]
            scale = getattr(optimiser, "grad_scale", None)  # of a fused step under a GradScaler
            if scale is not None:
                norms = [norm / scale for norm in norms]
            self.waiting.append((there, norms))
            if len(self.waiting) >= FOLD:
                self._fold()
        self.seconds += time.perf_counter() - began

    def _fold(self) -> None:
        """Add up what waits: one transfer for all steps of the same parameters."""
        waiting, self.waiting = self.waiting, []
        while waiting:
            count = len(waiting[0][0])
            same = [pair for pair in waiting if same_parameters(pair[0], waiting[0][0])]
            waiting = [pair for pair in waiting if not same_parameters(pair[0], waiting[0][0])]
            flat = torch.stack([norm for _, norms in same for norm in norms]).double()
            table = flat.reshape(len(same), count)
            totals, last = table.sum(0).tolist(), table[-1].tolist()
            for parameter, total, latest in zip(same[0][0], totals, last, strict=True):
                before, steps, _ = self.sums.get(id(parameter), [0.0, 0, nan])
                self.sums[id(parameter)] = [before + total, steps + len(same), latest]


def remove_all(hooks: list[Any]) -> None:
    """Take hooks off."""
    for hook in hooks:
        hook.remove()


def same_parameters(one: list[Tensor], other: list[Tensor]) -> bool:
    """Whether two lists hold the very same parameters."""
    return len(one) == len(other) and all(map(lambda a, b: a is b, one, other))


def norms_of(gradients: list[Tensor]) -> list[Tensor]:
    """Euclidean norms, each where its gradient is; summed in single precision at least."""
    with torch.no_grad():
        if any(g.layout != torch.strided for g in gradients):
            gradients = [
                g if g.layout == torch.strided else g.coalesce().values() for g in gradients
            ]
        half = any(g.dtype in HALF for g in gradients)
        if len({g.device for g in gradients}) > 1:
            return [torch.linalg.vector_norm(g, dtype=torch.float32).cpu() for g in gradients]
        found: Iterable[Tensor] = torch._foreach_norm(
            gradients, 2, dtype=torch.float32 if half else None
        )
        return list(found)


def closure_of(args: tuple, kwargs: dict) -> Any:
    """The closure that an optimiser's step was given."""
    return kwargs.get("closure") or next(filter(callable, args), None)  # args begin with itself


def call(method: weakref.WeakMethod, *what: Any) -> None:
    """Call what is still there; whatever happens in it, a step of training goes on."""
    bound = method()
    if bound is not None and not torch.compiler.is_compiling():
        with suppress(Exception):
            bound(*what)
