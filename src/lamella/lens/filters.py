"""Filters: the weights of a layer as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float
from torch import Tensor, nn

from lamella.errors import bad_input, unknown_name
from lamella.lens.layer_calls import modules_of
from lamella.lens.pictures import side_by_side, signed, stretched
from lamella.lens.refusals import refusal
from lamella.recording.modules import unwrap
from lamella.results import Images

if TYPE_CHECKING:
    from lamella.store import Run


def filters(
    model: nn.Module,
    layer: str | None = None,
    *,
    shape: tuple[int, ...] | None = None,
    each: bool = False,
) -> Images:
    """The filters of a layer (the first one with filters by default), one picture for each unit.

    Filters over 1 or 3 channels are shown as they are, in grey or colour; over any other number
    summed over the input channels in grey. The least and the greatest weight of the layer become
    0 and 255 and are the record's `scale`; with `each`, those of every filter, told in captions.
    A Linear layer wants the `shape` (channels, height, width) of its input.
    """
    name, weights = filter_weights(model, layer, shape)
    shown, how = as_shown(weights)
    captions = [f"{name}[{at}]" for at in range(len(shown))]
    return as_bytes(stretched(shown, captions, each=each, title=f"Filters of {name}{how}"))


def filter_rows(
    model: nn.Module, layer: str | None = None, *, units: Sequence[int] | None = None
) -> Images:
    """A row for each filter, with one grey picture for each input channel, on one scale."""
    name, weights = filter_weights(model, layer)
    chosen = range(len(weights)) if units is None else units
    slices = np.concatenate([weights[unit] for unit in chosen])
    channels = weights.shape[1]
    captions = [f"from {c}" if c else f"{name}[{unit}]" for unit in chosen for c in range(channels)]
    shown = stretched(slices, captions, columns=channels, title=f"Filters of {name} by channel")
    return as_bytes(shown)


def filters_over_epochs(
    run: Run,
    layer: str | None = None,
    *,
    epochs: Sequence[int] | None = None,
    most: int = 12,
    model: str | nn.Module | None = None,
) -> Images:
    """How filters form: a row for each epoch, the first `most` filters in it, on one scale."""
    rows, names = _by_epoch(run, layer, epochs, model)
    shown = np.concatenate([as_shown(weights[:most])[0] for weights in rows.values()])
    count = len(shown) // len(rows)
    captions = [f"[{at}]" if at else f"epoch {epoch}" for epoch in rows for at in range(count)]
    title = f"Filters of {names[0]} over epochs"
    return as_bytes(stretched(shown, captions, columns=count, title=title))


def filter_changes(
    run: Run,
    layer: str | None = None,
    *,
    epoch: int | None = None,
    most: int = 12,
    model: str | nn.Module | None = None,
) -> Images:
    """First, last and difference of filters: what training did to their initial weights.

    A row each for epoch 0 (or the first recorded), `epoch` (the last by default), and the
    difference, around grey. The scales of the rows are told in the captions.
    """
    from lamella.lens.networks import recorded_epochs

    known = recorded_epochs(run)
    ends = (known[0], known[-1] if epoch is None else epoch)
    rows, (name, *_) = _by_epoch(run, layer, ends, model)
    first, last = (as_shown(weights[:most])[0] for weights in (rows[ends[0]], rows[ends[-1]]))
    parts = [(f"epoch {ends[0]}", first), (f"epoch {ends[1]}", last), ("change", last - first)]
    scaled = []
    for word, part in parts:
        shown = signed(part)
        reach = shown.scale[1] if shown.scale else 0.0
        captions = [f"[{at}]" if at else f"{word} ±{reach:.2g}" for at in range(len(part))]
        scaled.append(Images(shown.pixels, tuple(captions)))
    return side_by_side(scaled, columns=len(first), title=f"What training did to {name}")


def filter_weights(
    model: nn.Module, layer: str | None = None, shape: tuple[int, ...] | None = None
) -> tuple[str, Float[np.ndarray, "units channels height width"]]:
    """A layer's name and its weights, as the network uses them, one filter for each unit.

    Raises UnknownName for no layer, LensError for one without filters.
    """
    name, module = find_filters(unwrap(model), layer)
    weights = weight_of(module).cpu().double().numpy()
    if isinstance(module, nn.modules.conv._ConvTransposeNd):
        weights = _transposed(weights, module.groups)
    if weights.ndim == 2:
        return name, _dense(name, weights, shape)
    if weights.ndim == 3:
        return name, weights[:, :, None, :]
    return name, weights if weights.ndim == 4 else weights.reshape(*weights.shape[:3], -1)


def find_filters(model: nn.Module, layer: str | None) -> tuple[str, nn.Module]:
    """The module of a layer with filters; without a name the first one that has them."""
    known = modules_of(model)
    if layer is None:
        for name, module in known.items():
            if _has_filters(module):
                return name, module
    elif layer.partition("#")[0] not in known:
        raise unknown_name("layer", layer, known)
    elif _has_filters(module := known[layer.partition("#")[0]]):
        return layer.partition("#")[0], module
    raise refusal(
        "filters()",
        wanted="a convolution or a Linear layer",
        got="a model without any" if layer is None else f"{layer!r}, {type(known[layer]).__name__}",
        do=f"Choose among {', '.join(n for n, m in known.items() if _has_filters(m)) or 'others'}",
    )


def weight_of(module: nn.Module) -> Tensor:
    """The weight that a module multiplies with, behind any parametrisation such as weight norm."""
    weight: Any = module.weight
    return weight.detach()


def as_shown(weights: Float[np.ndarray, "u c h w"]) -> tuple[Float[np.ndarray, "u d h w"], str]:
    """Weights as they can be shown, and in words what was done to them."""
    channels = weights.shape[1]
    if channels in (1, 3):
        return weights, ""
    return weights.sum(axis=1, keepdims=True), f", summed over {channels} input channels"


def as_bytes(images: Images) -> Images:
    """Pixels as whole numbers from 0 to 255."""
    pixels = np.round(255 * images.pixels).astype(np.uint8)
    return Images(pixels, images.captions, images.columns, images.scale, images.title)


def _has_filters(module: nn.Module) -> bool:
    return isinstance(module, nn.Linear | nn.modules.conv._ConvNd)


def _dense(name: str, weights: np.ndarray, shape: tuple[int, ...] | None) -> np.ndarray:
    if shape is None:
        return weights[:, None, None, :]
    if len(shape) != 3 or int(np.prod(shape)) != weights.shape[1]:
        raise bad_input(
            "filters()",
            wanted=f"a shape of channels x height x width with {weights.shape[1]} numbers",
            got=str(tuple(shape)),
            do=f"Pass that of the input of {name!r}",
        )
    return weights.reshape(-1, *shape)


def _transposed(weights: np.ndarray, groups: int) -> np.ndarray:
    """Transposed convolutions keep their weights as inputs x outputs."""
    parts = np.split(weights, groups)
    return np.concatenate([np.swapaxes(part, 0, 1) for part in parts])


def _by_epoch(
    run: Run, layer: str | None, epochs: Sequence[int] | None, model: str | nn.Module | None
) -> tuple[dict[int, np.ndarray], list[str]]:
    from lamella.lens.networks import network_of, recorded_epochs

    rows, names = {}, []
    for epoch in recorded_epochs(run) if epochs is None else epochs:
        name, rows[epoch] = filter_weights(network_of(run, epoch, model=model), layer)
        names.append(name)
    return rows, names
