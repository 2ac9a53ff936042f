"""Activation functions: value, slope, range, where the gradient vanishes, and their cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.anatomy.activation_formulas import FORMULAS
from lamella.checks import check_choice
from lamella.results import Curve, Table

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor, nn

VANISHED = 0.01  # a slope below this passes on less than a hundredth of the gradient


@dataclass(frozen=True)
class Activation:
    """One activation: a torch function of one tensor, its formula, range and source.

    `low` and `high` bound its values. `maxout` is shown with two fixed pieces.
    """

    name: str
    function: Callable[[Tensor], Tensor]
    formula: str
    low: float
    high: float
    source: str

    def __call__(self, x: Tensor) -> Tensor:
        """The value at every element."""
        return self.function(x)

    def derivative(self, x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """The slope at every element, as autograd passes it on (step: 0 everywhere)."""
        import torch

        place = x.detach().clone().requires_grad_()
        value = self.function(place)
        if not value.requires_grad:
            return torch.zeros_like(place)
        return torch.autograd.grad(value.sum(), place)[0]


def activation(name: str) -> Activation:
    """An activation by name; UnknownName with the nearest ones.

    >>> import torch
    >>> elu = activation("elu")
    >>> round(float(elu(torch.tensor(-1.0))), 5)
    -0.63212
    """
    check_choice(name, FORMULAS, "activation")
    return Activation(name, *FORMULAS[name])


def names() -> tuple[str, ...]:
    """All activations that `activation` knows."""
    return tuple(FORMULAS)


def make_module(name: str) -> nn.Module:
    """The activation as a module without parameters, for any network (PReLU: its start, 0.25)."""
    import torch

    chosen = activation(name)

    class Activated(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return chosen.function(x)

        def extra_repr(self) -> str:
            return name

    return Activated()


def maxout(
    x: Float[Tensor, "batch inputs"],
    weights: Float[Tensor, "pieces outputs inputs"],
    biases: Float[Tensor, "pieces outputs"],
) -> Float[Tensor, "batch outputs"]:
    """The largest of several linear maps: max_j (W_j x + b_j). Costs as many weights as pieces.

    Source: Goodfellow et al. (2013), Maxout Networks, ICML.

    >>> import torch
    >>> x, w = torch.tensor([[2.0]]), torch.tensor([[[1.0]], [[-1.0]]])
    >>> maxout(x, w, torch.zeros(2, 1)).item()
    2.0
    """
    import torch

    pieces = torch.einsum("poi,bi->bpo", weights, x) + biases
    return pieces.amax(dim=1)


def activation_curves(chosen: Sequence[str], *, derivative: bool = False) -> Curve:
    """Values or slopes over inputs from -5 to 5."""
    import torch

    x = torch.linspace(-5, 5, 401, dtype=torch.float64)
    kinds = [activation(name) for name in chosen]
    lines = [(k.derivative(x) if derivative else k(x)).detach().numpy() for k in kinds]
    return Curve(
        x.numpy(),
        np.stack(lines),
        tuple(chosen),
        x_label="input",
        y_label="derivative" if derivative else "value",
        title="derivative" if derivative else "activation",
    )


def compare_activations(
    chosen: Sequence[str] = (),
    inputs: Float[np.ndarray, " samples"] | None = None,
    *,
    timed: bool = False,
) -> Table:
    """One row per activation: range, and how it treats a distribution of inputs.

    `inputs` are pre-activations (default: 10,000 quantiles of a standard normal).
    Columns: `vanished`, the share of inputs where the slope is below 0.01; `dead`, the share where
    value and slope are both 0; `mean` and `std` of the outputs; `gradient`, the root mean square of
    the slope, the factor by which one layer scales gradients. With `timed`, `cost`: time of a
    forward and backward pass over a million inputs relative to ReLU's (differs between machines).
    """
    import torch
    from scipy.stats import norm

    if inputs is None:
        inputs = norm.ppf((np.arange(10_000) + 0.5) / 10_000)
    x = torch.as_tensor(np.asarray(inputs, dtype=np.float64).reshape(-1))
    kinds = [activation(name) for name in chosen or names()]
    rows = [_behaviour(kind, x) for kind in kinds]
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    if timed:
        base = _seconds(activation("relu"))
        columns["cost"] = np.array([_seconds(kind) / base for kind in kinds])
    return Table(columns, title="activations on a distribution of inputs")


def _behaviour(kind: Activation, x: Tensor) -> dict[str, Any]:
    value, slope = kind(x), kind.derivative(x)
    return {
        "activation": kind.name,
        "formula": kind.formula,
        "low": kind.low,
        "high": kind.high,
        "vanished": float((slope.abs() < VANISHED).double().mean()),
        "dead": float(((value == 0) & (slope == 0)).double().mean()),
        "mean": round(float(value.mean()), 12),
        "std": float(value.std()),
        "gradient": float(slope.square().mean().sqrt()),
    }


def _seconds(kind: Activation, size: int = 1_000_000, repeats: int = 5) -> float:
    import torch

    x = torch.linspace(-5, 5, size, requires_grad=True)
    times = []
    for _ in range(repeats):
        start = perf_counter()
        value = kind(x)
        if value.requires_grad:
            value.sum().backward()
        times.append(perf_counter() - start)
    return min(times)


def activation_table(chosen: Sequence[str] = ()) -> Table:
    """Value and derivative of activations over inputs from -4 to 4, for `anatomy_activations`."""
    import torch

    x = torch.linspace(-4, 4, 161, dtype=torch.float64)
    kinds = [activation(name) for name in chosen or names()]
    return Table(
        {
            "activation": np.repeat([kind.name for kind in kinds], len(x)),
            "input": np.tile(x.numpy(), len(kinds)),
            "value": np.concatenate([kind(x).detach().numpy() for kind in kinds]),
            "derivative": np.concatenate([kind.derivative(x).numpy() for kind in kinds]),
        },
        title="activations",
    )
