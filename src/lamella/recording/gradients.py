"""Norms of gradients, taken where an optimiser is about to use them.

When an epoch ends, gradients are often cleared already, or still scaled (mixed precision); at an
optimiser's step they are there and as they are meant. Looking at every step of a small network
would take some percent of its training, so of many steps about five are looked at, evenly spaced,
and the last one where the epoch is as long as the one before.
"""

from __future__ import annotations

import time
import weakref
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

LOOKS = 4  # steps of an epoch that are looked at; fewer where there are fewer
is_compiling = torch.compiler.is_compiling


@dataclass
class Steps:
    """One optimiser's steps in this epoch: how many, and the norms at those looked at.

    `next` is the number of the step to look at next; `late` says that it is to be looked at when
    it is done, because it makes its own gradients.
    """

    optimiser: weakref.ref[Optimizer]
    parameters: list[Tensor]
    before: int = 0  # steps of the epoch before
    count: int = 0
    stride: int = 1
    next: int = 0
    late: bool = False
    norms: list[tuple[list[Tensor], list[Tensor]]] = field(default_factory=list)

    def plan_next(self) -> None:
        """After a look: every so many steps, and the last of an epoch as long as the one before.

        Of an epoch whose length is not known yet, every other look is dropped when there are many.
        """
        if not self.before and len(self.norms) >= 2 * LOOKS:
            self.norms, self.stride = self.norms[::2], 2 * self.stride
        done = self.count - 1
        self.next = done - done % self.stride + self.stride
        if done < self.before - 1 < self.next:
            self.next = self.before - 1

    def begin(self) -> None:
        """Begin the next epoch, which is taken to be as long."""
        self.before, self.count, self.next, self.norms = self.count, 0, 0, []
        self.stride = max(1, -(-self.before // LOOKS))


class GradientNorms:
    """The mean over the steps of an epoch, and the last, of each parameter's gradient's norm.

    `seconds` is the time that this took.
    """

    def __init__(self, model: nn.Module) -> None:
        self.model, self.seconds = model, 0.0
        self.steps: dict[int, Steps] = {}  # by the id of an optimiser
        self.hooks: list[Any] = []
        self.close = weakref.finalize(self, remove_all, self.hooks)
        before, after = hooks_of(weakref.ref(self), self.steps)
        self.hooks.append(register_optimizer_step_pre_hook(before))
        self.hooks.append(register_optimizer_step_post_hook(after))
        self._name_parameters()

    def take(self) -> dict[str, tuple[float, float]]:
        """(mean, last) by parameter since the last call; nothing for those that made no step."""
        sums: dict[str, tuple[float, int, float]] = {}
        for steps in self.steps.values():
            parameters = [p for there, _ in steps.norms for p in there]
            norms = fetched([norm for _, norms in steps.norms for norm in norms])
            for parameter, norm in zip(parameters, norms, strict=True):
                name = self.places.get(id(parameter), "")
                total, count, _ = sums.get(name, (0.0, 0, 0.0))
                sums[name] = (total + norm, count + 1, norm)
            steps.begin()
        self._name_parameters()
        return {name: (total / n, last) for name, (total, n, last) in sums.items() if name}

    def _name_parameters(self) -> None:
        """Parameters may have come or gone, in the model and in the optimisers."""
        named = self.model.named_parameters()
        self.places = {id(p): name.replace("_orig_mod.", "") for name, p in named}
        for key, steps in list(self.steps.items()):
            optimiser = steps.optimiser()
            if optimiser is None:
                del self.steps[key]
            else:
                steps.parameters = self._ours(optimiser)

    def _ours(self, optimiser: Optimizer) -> list[Tensor]:
        held = (p for group in optimiser.param_groups for p in group["params"])
        return [p for p in held if id(p) in self.places]

    def look(self, optimiser: Optimizer, steps: Steps) -> None:
        """Note the norms of the gradients that there are now."""
        began = time.perf_counter()
        there = [p for p in steps.parameters if p.grad is not None]
        if there:
            norms = norms_of([p.grad for p in there])  # type: ignore[misc]
            scale = getattr(optimiser, "grad_scale", None)  # of a fused step under a GradScaler
            steps.norms.append((there, norms if scale is None else [n / scale for n in norms]))
        steps.plan_next()
        self.seconds += time.perf_counter() - began

    def meet(self, optimiser: Optimizer) -> Steps:
        """Begin to follow an optimiser."""
        steps = Steps(weakref.ref(optimiser), self._ours(optimiser))
        self.steps[id(optimiser)] = steps
        return steps


def hooks_of(weak: weakref.ref[GradientNorms], known: dict[int, Steps]) -> tuple[Any, Any]:
    """What is called before and after every step of any optimiser; keeps nothing alive.

    Most steps only count. Whatever happens in here, a step of training goes on.
    """

    def before(optimiser: Optimizer, args: tuple, kwargs: dict) -> None:
        if is_compiling():
            return
        try:
            steps = known.get(id(optimiser))
            if steps is not None and steps.optimiser() is optimiser:
                number = steps.count
                steps.count = number + 1
                if number != steps.next:
                    return
            elif (gradients := weak()) is not None:
                steps = gradients.meet(optimiser)
                steps.count = 1
            else:
                return
            if closure_of(args, kwargs) is not None:
                steps.late = True
            elif (gradients := weak()) is not None:
                gradients.look(optimiser, steps)
        except Exception:
            return

    def after(optimiser: Optimizer, args: tuple, kwargs: dict) -> None:
        try:
            steps = known.get(id(optimiser))
            if steps is not None and steps.late and (gradients := weak()) is not None:
                steps.late = False
                gradients.look(optimiser, steps)
        except Exception:
            return

    return before, after


def remove_all(hooks: list[Any]) -> None:
    """Take hooks off."""
    for hook in hooks:
        hook.remove()


def fetched(norms: list[Tensor]) -> list[float]:
    """Norms as numbers, in one transfer."""
    if len({(norm.device, norm.dtype) for norm in norms}) > 1:
        norms = [norm.to("cpu", torch.float64) for norm in norms]
    return torch.stack(norms).tolist() if norms else []


@torch.no_grad()
def norms_of(gradients: list[Tensor]) -> list[Tensor]:
    """Euclidean norms, each where its gradient is; summed in single precision at least."""
    if all(g.dtype == torch.float32 and g.layout == torch.strided for g in gradients):
        return list(torch._foreach_norm(gradients))  # type: ignore[attr-defined]
    plain = [g if g.layout == torch.strided else g.coalesce().values() for g in gradients]
    return [
        torch.linalg.vector_norm(g, dtype=torch.promote_types(g.dtype, torch.float32))
        for g in plain
    ]


def closure_of(args: tuple, kwargs: dict) -> Any:
    """The closure that an optimiser's step was given."""
    if len(args) > 1 and callable(args[1]):  # behind the optimiser itself
        return args[1]
    return kwargs.get("closure")
