"""Sizes of weights, gradients and updates at the end of an epoch."""

from __future__ import annotations

from math import isnan

import torch
from torch import Tensor, nn

from lamella.recording.modules import unwrap

Row = tuple[str, float, float | None, float | None]


class Health:
    """Euclidean norms of each parameter, its gradient, and its change since the last time.

    Keeps one copy of the parameters. The gradient is whatever `.grad` holds when asked: after an
    ordinary loop that of the last batch, nothing if it was set to None.
    """

    def __init__(self, model: nn.Module) -> None:
        self.model = unwrap(model)
        self.last: dict[str, Tensor] = {}

    @torch.no_grad()
    def rows(self) -> list[Row]:
        """(parameter, weight norm, gradient norm or None, update norm or None) of each."""
        parameters = {n.replace("_orig_mod.", ""): p for n, p in self.model.named_parameters()}
        if not parameters:
            return []
        missing = torch.full((), torch.nan)
        norms = []
        for name, p in parameters.items():
            last = self.last.get(name)
            norms.append(norm(p))
            norms.append(missing if p.grad is None else norm(p.grad))
            norms.append(missing if last is None else norm(p - last))
        self.last = {name: p.detach().clone() for name, p in parameters.items()}
        values = torch.stack([n.to("cpu", torch.float32) for n in norms]).view(-1, 3).tolist()
        return [
            (name, weight, known(gradient), known(update))
            for name, (weight, gradient, update) in zip(parameters, values, strict=True)
        ]


def known(value: float) -> float | None:
    """None for a number that was not there to take."""
    return None if isnan(value) else value


def norm(tensor: Tensor) -> Tensor:
    """The Euclidean norm over all entries, at least in single precision."""
    if tensor.is_sparse:
        tensor = tensor.coalesce().values()
    kind = torch.float64 if tensor.dtype == torch.float64 else torch.float32
    return torch.linalg.vector_norm(tensor.detach(), dtype=kind)
