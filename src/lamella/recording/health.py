"""Sizes of weights, gradients and updates over an epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan

import torch
from torch import Tensor, nn

from lamella.recording.gradients import GradientNorms
from lamella.recording.modules import unwrap

Row = tuple[str, float, float, float, float]


class Health:
    """Euclidean norms of each parameter, its gradient, and its change since the last time.

    Keeps one copy of the parameters. Gradients are those that optimisers took steps with: the
    last, and the mean over the epoch; where no optimiser made a step, whatever `.grad` holds now.
    NaN stands for no gradient, and for no last time.
    """

    def __init__(self, model: nn.Module) -> None:
        self.model = unwrap(model)
        self.gradients = GradientNorms(self.model)
        self.last: dict[str, Tensor] = {}
        self.blind = False  # the weights changed in the last epoch, but no gradient was seen

    def close(self) -> None:
        """Look at no more steps."""
        self.gradients.close()

    @torch.no_grad()
    def rows(self) -> list[Row]:
        """(parameter, weight norm, last gradient norm, update norm, mean gradient norm) of each."""
        named = {n.replace("_orig_mod.", ""): p for n, p in self.model.named_parameters()}
        values = [p.detach() for p in named.values()]
        weights, updates = norms(values), self._update_norms(named)
        steps = self.gradients.take()
        unseen = [None if name in steps else p.grad for name, p in named.items()]
        left = norms(unseen)
        last = [steps[n][1] if n in steps else g for n, g in zip(named, left, strict=True)]
        means = [steps[n][0] if n in steps else nan for n in named]
        self.blind = any(u > 0 for u in updates) and all(g != g for g in last)
        return list(zip(named, weights, last, updates, means, strict=True))

    def _update_norms(self, named: Mapping[str, Tensor]) -> list[float]:
        now = {n: p.detach() for n, p in named.items() if p.layout == torch.strided}
        same = [n for n, value in now.items() if is_alike(self.last.get(n), value)]
        last, values = [self.last[n] for n in same], [now[n] for n in same]
        if same:
            torch._foreach_sub_(last, values)  # type: ignore[attr-defined]
        found = dict(zip(same, norms(last), strict=True))
        if same:
            torch._foreach_copy_(last, values)  # type: ignore[attr-defined]
        kept = dict(zip(same, last, strict=True))
        self.last = {n: kept[n] if n in kept else value.clone() for n, value in now.items()}
        return [found.get(name, nan) for name in named]


def is_alike(last: Tensor | None, value: Tensor) -> bool:
    """Whether a copy is there, of the same kind as the value now."""
    kinds = lambda t: (t.shape, t.device, t.dtype)  # noqa: E731
    return last is not None and kinds(last) == kinds(value)


def norms(tensors: Sequence[Tensor | None]) -> list[float]:
    """The Euclidean norm of each tensor, fetched in one transfer; NaN for None.

    NaN also for a tensor of a kind that has no norm; the others have theirs.
    """
    there = [(place, plain(t)) for place, t in enumerate(tensors) if t is not None]
    values = [nan] * len(tensors)
    if not there:
        return values
    try:
        found = fetch([t for _, t in there])
    except Exception:  # one of them is odd
        found = [alone(t) for _, t in there]
    for (place, _), value in zip(there, found, strict=True):
        values[place] = value
    return values


def fetch(tensors: list[Tensor]) -> list[float]:
    """The norms of all tensors at once."""
    home = tensors[0].device
    if all(t.device == home and t.dtype == torch.float32 for t in tensors):
        found = list(torch._foreach_norm(tensors))  # type: ignore[attr-defined]
    else:
        found = [torch.linalg.vector_norm(t, dtype=at_least_single(t)) for t in tensors]
    return torch.stack([n.to(home, torch.float32) for n in found]).tolist()


def alone(tensor: Tensor) -> float:
    """The norm of one tensor; NaN where it has none."""
    try:
        return fetch([tensor])[0]
    except Exception:
        return nan


def plain(tensor: Tensor) -> Tensor:
    """A sparse tensor's values; any other as it is."""
    return tensor.coalesce().values() if tensor.layout == torch.sparse_coo else tensor


def at_least_single(tensor: Tensor) -> torch.dtype:
    """The dtype to sum in: half precision would overflow."""
    return torch.promote_types(tensor.dtype, torch.float32)
