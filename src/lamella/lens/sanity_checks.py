"""Sanity checks of attribution maps: other weights must give another map."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import nn

from lamella.checks import check_choice
from lamella.lens.attributions import METHODS, SIGNED, attribution
from lamella.lens.passes import activations
from lamella.lens.pictures import side_by_side, stretched
from lamella.lens.refusals import LensError
from lamella.lens.targets import Target, best_classes
from lamella.networks.seeded import seeded_weights
from lamella.results import Images, Table

SAME = 0.5  # a rank correlation above this means that the map hardly noticed


def sanity_checks(
    model: nn.Module,
    images: Any,
    target: Target = None,
    *,
    methods: Sequence[str] = ("saliency", "guided_backprop", "integrated_gradients"),
    seed: int = 0,
) -> Table:
    """How much each method's map still resembles itself while layers are randomised from the top.

    Rows: method, the layer down to which weights are random, the mean over images of Spearman's
    correlation with the map of the trained weights, of magnitudes and with signs, and whether the
    map changed (correlation with signs below 0.5; magnitudes stay alike at the borders of the image
    for any weights). A method that is unchanged in its last row does not show what was learnt. A
    method that does not hold for the model has one row with NaN and the reason.

    Source: Adebayo et al. (2018), Sanity checks for saliency maps, section 3.1.
    """
    target = _target(model, images, target)
    nets = list(cascade(model, seed))
    rows: list[tuple[str, str, float, float, bool, str]] = []
    for method in methods:
        try:
            check_choice(method, METHODS, "attribution method")
            first = SIGNED[method](model, images, target)
        except LensError as error:
            rows.append((method, "", float("nan"), float("nan"), False, str(error)))
            continue
        for layer, net in nets:
            other = SIGNED[method](net, images, target)
            size, sign = (
                rank_correlation(np.abs(first), np.abs(other)),
                rank_correlation(first, other),
            )
            rows.append((method, layer, size, sign, bool(sign < SAME), ""))
    names = (
        "method",
        "random_down_to",
        "rank_correlation",
        "signed_correlation",
        "changed",
        "refused",
    )
    columns = {name: np.array([row[at] for row in rows]) for at, name in enumerate(names)}
    return Table(columns, title="Sanity checks")


def sanity_pictures(
    model: nn.Module,
    image: Any,
    target: Target = None,
    *,
    methods: Sequence[str] = ("saliency", "guided_backprop", "integrated_gradients"),
    seed: int = 0,
    most: int = 6,
) -> Images:
    """A row for each method: its map with trained weights, then with ever more random ones.

    Captions tell the layer down to which weights are random.
    """
    batch = np.asarray(image)[None] if np.ndim(image) == 3 else np.asarray(image)
    target = _target(model, batch, target)
    nets = [("trained", model), *_spread(list(cascade(model, seed)), most - 1)]
    rows = []
    for method in methods:
        maps = np.concatenate([attribution(method, net, batch, target) for _, net in nets])
        captions = [name if k else method.replace("_", " ") for k, (name, _) in enumerate(nets)]
        rows.append(stretched(maps / maps.max(axis=(1, 2), keepdims=True).clip(1e-30), captions))
    return side_by_side(rows, columns=len(nets), title="Weights made random from the top down")


def cascade(model: nn.Module, seed: int = 0) -> Iterator[tuple[str, nn.Module]]:
    """Copies of a model in which the last layer, the last two, ... have random weights.

    Layers are taken in the order in which the model defines them.
    """
    net = copy.deepcopy(model)
    own = {n: m for n, m in net.named_modules() if next(m.parameters(False), None) is not None}
    with seeded_weights(seed):
        for name, module in reversed(own.items()):
            randomise(module)
            yield name or "model", copy.deepcopy(net)


def randomise(module: nn.Module) -> None:
    """Weights as at the start of training; shuffled where a module cannot say how it starts."""
    if hasattr(module, "reset_parameters"):
        return module.reset_parameters()  # type: ignore[operator]
    with torch.no_grad():
        for parameter in module.parameters(recurse=False):
            order = torch.randperm(parameter.numel())
            parameter.copy_(parameter.flatten()[order].view_as(parameter))


def rank_correlation(
    one: Float[np.ndarray, "batch ..."], other: Float[np.ndarray, "batch ..."]
) -> float:
    """The mean Spearman correlation of two stacks of maps; 0 where a map is constant.

    >>> a = np.arange(6.0).reshape(1, 2, 3)
    >>> rank_correlation(a, a**2), rank_correlation(a, -a)
    (1.0, -1.0)
    """
    from scipy.stats import rankdata

    found = []
    for a, b in zip(one, other, strict=True):
        x, y = rankdata(a.ravel()) - (a.size + 1) / 2, rankdata(b.ravel()) - (b.size + 1) / 2
        norm = np.sqrt((x @ x) * (y @ y))
        found.append(x @ y / norm if norm > 0 else 0.0)
    return round(float(np.mean(found)), 12)


def _target(model: nn.Module, images: Any, target: Target) -> Target:
    """The classes that the trained model gives: the question stays the same for all weights."""
    return best_classes(activations(model, images)) if target is None else target


def _spread(items: list, count: int) -> list:
    places = np.unique(np.linspace(0, len(items) - 1, min(count, len(items))).round().astype(int))
    return [items[at] for at in places]
