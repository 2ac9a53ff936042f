"""How activations and gradients grow or die through depth, measured beside the prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lamella.anatomy.activations import activation as find_activation
from lamella.anatomy.activations import make_module
from lamella.anatomy.initialisation import initialise, weight_variance
from lamella.results import Table

if TYPE_CHECKING:
    import torch
    from jaxtyping import Float
    from torch import nn

BINS = 41


@dataclass(frozen=True, eq=False)
class SignalDepth:
    """Deviations layer by layer at one moment, as measured and as predicted for infinite width.

    `activation_std` is of the layer's outputs, `gradient_std` of the loss with respect to them.
    `histogram` counts outputs in `BINS` bins from -1 to 1 times `reach`, as shares.
    """

    activation_std: Float[np.ndarray, " layers"]
    gradient_std: Float[np.ndarray, " layers"]
    predicted_std: Float[np.ndarray, " layers"]
    dead: Float[np.ndarray, " layers"]
    histogram: Float[np.ndarray, "layers bins"]
    edges: Float[np.ndarray, " edges"]

    def record(self, **facts: object) -> Table:
        """One row per layer, with `facts` as constant columns."""
        layers = np.arange(1, len(self.activation_std) + 1)
        constant = {name: np.repeat(str(value), len(layers)) for name, value in facts.items()}
        measured = {
            "activation_std": self.activation_std,
            "predicted_std": self.predicted_std,
            "gradient_std": self.gradient_std,
            "dead": self.dead,
        }
        return Table({**constant, "layer": layers, **measured})


def signal_depth(
    method: str,
    activation: str = "tanh",
    *,
    width: int = 500,
    depth: int = 10,
    samples: int = 1000,
    normalisation: str = "none",
    seed: int = 0,
) -> SignalDepth:
    """Send Gaussian noise through a deep net of equal widths and measure every layer.

    As in CS231n, lecture 6: `samples` x `width` inputs from N(0, 1), `depth` layers without bias.
    Gradients are those of a random linear read-out of the last layer, with unit variance there.
    `normalisation` is none, batch or layer, between weights and activation. Raises UnknownName.

    Predicted: variance of the weights times inputs times the mean square of what comes in, then the
    activation's mean square and variance under a Gaussian, layer by layer (Poole et al. 2016).
    """
    from lamella.seeds import torch_generator

    generator = torch_generator(seed, "signal")
    net = deep_net(width, depth, activation, normalisation)
    x = _normal((samples, width), generator)
    initialise(net, method, activation=activation, seed=seed, batch=x)
    outputs, gradients = forward_and_back(net, x, generator)
    predicted = predicted_deviation(method, activation, width, depth, normalisation)
    return measure_signal(outputs, gradients, predicted)


def deep_net(width: int, depth: int, activation: str, normalisation: str = "none") -> nn.Sequential:
    """`depth` square layers without bias, each followed by the activation."""
    from torch import nn

    from lamella.checks import check_choice

    kinds = {"none": [], "batch": [nn.BatchNorm1d], "layer": [nn.LayerNorm]}
    norms = kinds[check_choice(normalisation, kinds, "normalisation")]
    layers: list[nn.Module] = []
    for _ in range(depth):
        layers.append(nn.Linear(width, width, bias=False))
        layers += [norm(width) for norm in norms]
        layers.append(make_module(activation))
    return nn.Sequential(*layers)


def forward_and_back(
    net: nn.Sequential, x: torch.Tensor, generator: torch.Generator
) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Outputs of the activations, and the gradient of a random read-out with respect to each."""
    import torch

    outputs = []
    value = x
    for place, layer in enumerate(net):
        value = layer(value)
        if place + 1 == len(net) or isinstance(net[place + 1], torch.nn.Linear):
            value = value.clone().requires_grad_() if not value.requires_grad else value
            outputs.append(value)
    read_out = _normal(tuple(value.shape), generator)
    gradients = torch.autograd.grad((value * read_out).sum(), outputs, allow_unused=True)
    blank = torch.zeros_like(value)
    return outputs, [blank if g is None else g for g in gradients]


def _normal(shape: tuple[int, ...], generator: torch.Generator) -> torch.Tensor:
    import torch

    return torch.empty(shape).normal_(generator=generator)


def measure_signal(
    outputs: Sequence[torch.Tensor],
    gradients: Sequence[torch.Tensor],
    predicted: Float[np.ndarray, " layers"],
) -> SignalDepth:
    """Deviations, dead shares and histograms of what was computed."""
    values = [out.detach().double().numpy() for out in outputs]
    reach = max(1e-12, max(float(np.quantile(np.abs(v), 0.999)) for v in values))
    reach = 1.0 if reach <= 1 else reach
    edges = np.linspace(-reach, reach, BINS + 1)
    return SignalDepth(
        np.array([v.std() for v in values]),
        np.array([float(g.detach().double().std()) for g in gradients]),
        predicted,
        np.array([float((np.abs(v).max(axis=0) == 0).mean()) for v in values]),
        np.stack([np.histogram(v.clip(-reach, reach), edges)[0] / v.size for v in values]),
        edges,
    )


def predicted_deviation(
    method: str, activation: str, width: int, depth: int, normalisation: str = "none"
) -> Float[np.ndarray, " layers"]:
    """Deviation of each layer's outputs for infinite width, by integration over a Gaussian."""
    import torch

    nodes = np.linspace(-8, 8, 20_001)  # tanh of a large sum is a step: quadrature would miss it
    weights = np.exp(-(nodes**2) / 2)
    weights = weights / weights.sum()
    function = find_activation(activation).function
    square, found = 1.0, []
    variance = weight_variance(method, width, width, activation)
    for _ in range(depth):
        spread = 1.0 if normalisation != "none" or method == "lsuv" else variance * width * square
        if normalisation != "none" and method in ("zero", "constant"):
            spread = float("nan")
        values = function(torch.from_numpy(nodes * np.sqrt(spread))).numpy()
        square = float((weights * values**2).sum())
        mean = float((weights * values).sum())
        found.append(np.sqrt(max(0.0, square - mean**2)) if spread == spread else np.nan)
    return np.array(found)


def histogram_table(signals: Mapping[str, SignalDepth]) -> Table:
    """The histograms of several networks as one table, for `anatomy_histograms`."""
    names = ("group", "layer", "centre", "share", "deviation")
    columns: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for name, signal in signals.items():
        layers, bins = signal.histogram.shape
        centre = (signal.edges[1:] + signal.edges[:-1]) / 2
        columns["group"].append(np.repeat(name, layers * bins))
        columns["layer"].append(np.repeat(np.arange(1, layers + 1), bins))
        columns["centre"].append(np.tile(centre, layers))
        columns["share"].append(signal.histogram.ravel())
        columns["deviation"].append(np.repeat(signal.activation_std, bins))
    return Table({name: np.concatenate(parts) for name, parts in columns.items()})
