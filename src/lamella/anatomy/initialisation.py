"""Ways to set the first weights, and the variance that theory predicts behind each layer."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import TYPE_CHECKING, Any

from lamella.checks import check_choice
from lamella.errors import bad_input

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

GAINS = {
    "tanh": 1.0,
    "sigmoid": 1.0,
    "identity": 1.0,
    "relu": sqrt(2.0),
    "leaky_relu": sqrt(2.0 / (1 + 0.01**2)),
}


def zero(weight: Tensor, generator: torch.Generator, gain: float) -> None:
    """All weights 0: every unit computes the same, and no gradient passes."""
    weight.zero_()


def constant(weight: Tensor, generator: torch.Generator, gain: float) -> None:
    """All weights 0.01: units of a layer stay equal for ever, since their gradients are equal."""
    weight.fill_(0.01)


def small_normal(weight: Tensor, generator: torch.Generator, gain: float) -> None:
    """N(0, 0.01^2): the signal dies out in deep networks."""
    weight.normal_(0, 0.01, generator=generator)


def large_normal(weight: Tensor, generator: torch.Generator, gain: float) -> None:
    """N(0, 1): tanh and sigmoid saturate, ReLU explodes."""
    weight.normal_(0, 1, generator=generator)


def xavier(weight: Tensor, generator: torch.Generator, gain: float) -> None:
    """N(0, 2 / (inputs + outputs)). Source: Glorot and Bengio (2010), AISTATS."""
    weight.normal_(0, sqrt(2 / (fan_in(weight) + fan_out(weight))), generator=generator)


def kaiming(weight: Tensor, generator: torch.Generator, gain: float) -> None:
    """N(0, gain^2 / inputs), gain sqrt 2 for ReLU. Source: He et al. (2015), ICCV."""
    weight.normal_(0, gain / sqrt(fan_in(weight)), generator=generator)


def orthogonal(weight: Tensor, generator: torch.Generator, gain: float) -> None:
    """Random orthonormal rows or columns times the gain. Source: Saxe et al. (2014), ICLR."""
    import torch

    rows, columns = weight.shape[0], weight[0].numel()
    free = torch.empty(max(rows, columns), min(rows, columns), dtype=weight.dtype)
    q, r = torch.linalg.qr(free.normal_(generator=generator))
    q = q * r.diagonal().sign()
    q = q.T if rows < columns else q
    weight.copy_(gain * q.reshape(weight.shape))


METHODS: dict[str, Callable[[Any, Any, float], None]] = {
    "zero": zero,
    "constant": constant,
    "small_normal": small_normal,
    "large_normal": large_normal,
    "xavier": xavier,
    "kaiming": kaiming,
    "orthogonal": orthogonal,
    "lsuv": orthogonal,
}


def fan_in(weight: Tensor) -> int:
    """Inputs of one unit: columns of a matrix, channels times kernel of a convolution."""
    return weight[0].numel()


def fan_out(weight: Tensor) -> int:
    """Units that one input feeds."""
    return weight.shape[0] * weight[0, 0].numel()


def initialise(
    model: nn.Module,
    method: str,
    *,
    activation: str = "relu",
    seed: int = 0,
    batch: Tensor | None = None,
) -> nn.Module:
    """Set the weights of every layer with a matrix or a kernel, and its bias to 0, in place.

    Methods: zero, constant, small_normal, large_normal, xavier, kaiming, orthogonal, lsuv. `lsuv`
    starts orthogonal and then scales layer after layer to unit output variance on `batch`, which
    it needs. `activation` sets the gain of kaiming and orthogonal. Layers that normalise keep
    their weights. Raises UnknownName, and InputError for LSUV without a batch.

    Source of LSUV: Mishkin and Matas (2016), All you need is a good init, ICLR.
    """
    import torch

    from lamella.seeds import torch_generator

    check_choice(method, METHODS, "initialisation")
    if method == "lsuv" and batch is None:
        raise bad_input("initialise()", wanted="a batch for lsuv", got="none", do="Pass batch=")
    generator = torch_generator(seed, f"initialise {method}")
    gain = GAINS.get(activation, sqrt(2.0)) if method != "lsuv" else 1.0
    with torch.no_grad():
        for layer in weighted(model):
            METHODS[method](layer.weight, generator, gain)
            if isinstance(layer.bias, torch.Tensor):
                layer.bias.zero_()
        if method == "lsuv" and batch is not None:
            scale_to_unit_variance(model, batch)
    return model


def weighted(model: nn.Module) -> list[Any]:
    """Modules whose weight has two axes or more, in order."""
    import torch

    found = (m for m in model.modules() if isinstance(getattr(m, "weight", None), torch.Tensor))
    return [m for m in found if m.weight.dim() >= 2]  # type: ignore[union-attr]


def scale_to_unit_variance(model: nn.Module, batch: Tensor, *, tolerance: float = 0.01) -> None:
    """Divide each layer's weights by the deviation of its outputs, from the first to the last."""
    for layer in weighted(model):
        for _ in range(10):
            deviation = float(_output(model, layer, batch).std())
            if deviation < 1e-12 or abs(deviation**2 - 1) < tolerance:
                break
            layer.weight.div_(deviation)


def _output(model: nn.Module, layer: Any, batch: Tensor) -> Tensor:
    kept: list[Tensor] = []
    handle = layer.register_forward_hook(lambda m, a, out: kept.append(out.detach()))
    try:
        model(batch)
    finally:
        handle.remove()
    return kept[0]


def weight_variance(method: str, inputs: int, outputs: int, activation: str = "relu") -> float:
    """The variance of one weight that a method draws; NaN where it is no random draw.

    >>> weight_variance("kaiming", 500, 500)
    0.004
    """
    gain = GAINS.get(activation, sqrt(2.0))
    known = {
        "zero": 0.0,
        "small_normal": 0.01**2,
        "large_normal": 1.0,
        "xavier": 2 / (inputs + outputs),
        "kaiming": round(gain**2, 12) / inputs,
        "orthogonal": round(gain**2, 12) / max(inputs, outputs),
    }
    return known.get(method, float("nan"))
