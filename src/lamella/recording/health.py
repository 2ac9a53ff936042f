"""Sizes of weights, gradients and updates at the end of an epoch."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import torch
from torch import Tensor, nn

from lamella.recording.modules import unwrap

Row = tuple[str, float, float, float]


class Health:
    """Euclidean norms of each parameter, its gradient, and its change since the last time.

    Keeps one copy of the parameters. The gradient is whatever `.grad` holds when asked: after an
    ordinary loop that of the last batch. NaN stands for no gradient, and for no last time.
    """

    def __init__(self, model: nn.Module) -> None:
        self.model = unwrap(model)
        self.last: list[Tensor] = []

    @torch.no_grad()
    def rows(self) -> list[Row]:
        """(parameter, weight norm, gradient norm, update norm) of each."""
        named = dict(self.model.named_parameters())
        values = [p.detach() for p in named.values()]
        weights, gradients = norms(values), norms([p.grad for p in named.values()])
        updates = self._update_norms(values)
        names = [name.replace("_orig_mod.", "") for name in named]
        return list(zip(names, weights, gradients, updates, strict=True))

    def _update_norms(self, values: list[Tensor]) -> list[float]:
        if [t.shape for t in self.last] != [v.shape for v in values]:
            self.last = [value.clone() for value in values]
            return [nan] * len(values)
        updates = norms([last.sub_(value) for last, value in zip(self.last, values, strict=True)])
        for last, value in zip(self.last, values, strict=True):
            last.copy_(value)
        return updates


def norms(tensors: Sequence[Tensor | None]) -> list[float]:
    """The Euclidean norm of each tensor, fetched in one transfer; NaN for None."""
    there = [t.coalesce().values() if t.is_sparse else t for t in tensors if t is not None]
    if not there:
        return [nan] * len(tensors)
    home = there[0].device
    found = [torch.linalg.vector_norm(t, dtype=at_least_single(t)) for t in there]
    values = iter(torch.stack([n.to(home, torch.float32) for n in found]).tolist())
    return [nan if t is None else next(values) for t in tensors]


def at_least_single(tensor: Tensor) -> torch.dtype:
    """The dtype to sum in: half precision would overflow."""
    return torch.promote_types(tensor.dtype, torch.float32)
