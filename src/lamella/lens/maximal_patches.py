"""Maximally activating patches: what in a data set drives each unit most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from lamella.checks import check_range
from lamella.errors import bad_input
from lamella.lens.batches import as_batch
from lamella.lens.fields import Fields, fields, influence
from lamella.lens.layer_calls import check_layers
from lamella.lens.looking import looking
from lamella.lens.passes import layer_outputs
from lamella.lens.pictures import Pixels, photographs
from lamella.results import Images


@dataclass(eq=False)
class Maxima:
    """The greatest activations of each unit, best first, at most one for each sample.

    `patches` are cut out by the exact receptive field, in the network's input numbers; where the
    field leaves the image, or does not use a pixel inside its box, they are NaN.
    """

    units: Int[np.ndarray, " units"]
    values: Float[np.ndarray, "units count"]
    samples: Int[np.ndarray, "units count"]
    places: Int[np.ndarray, "units count 2"]
    patches: Float[np.ndarray, "units count channels height width"]


def maximal_patches(
    model: nn.Module,
    images: Any,
    layer: str,
    *,
    count: int = 9,
    units: Sequence[int] | None = None,
    whole: bool = False,
    pixels: Pixels | None = None,
    batch_size: int = 100,
) -> Images:
    """A row for each unit: the patches (or `whole` images) that activate it most, best first.

    Captions tell the activation and the number of the sample. What a field does not use is grey.
    """
    found = find_maxima(
        model, images, layer, count=count, units=units, whole=whole, batch_size=batch_size
    )
    shown = found.patches.reshape(-1, *found.patches.shape[2:])
    gaps = np.isnan(shown)
    filled = np.where(gaps, np.nanmean(shown) if not gaps.all() else 0.0, shown)
    pictures = photographs(filled, pixels).pixels.copy()
    if pictures.shape[1:3] == gaps.shape[2:]:
        pictures[gaps.any(axis=1)] = 0.5
    captions = [
        f"{value:.3g} #{sample}" if k else f"[{unit}] {value:.3g} #{sample}"
        for unit, values, samples in zip(found.units, found.values, found.samples, strict=True)
        for k, (value, sample) in enumerate(zip(values, samples, strict=True))
    ]
    title = f"What activates {layer} most"
    return Images(pictures, tuple(captions), columns=found.values.shape[1], title=title)


def find_maxima(
    model: nn.Module,
    images: Any,
    layer: str,
    *,
    count: int = 9,
    units: Sequence[int] | None = None,
    whole: bool = False,
    batch_size: int = 100,
) -> Maxima:
    """The samples and places of the greatest activations of each channel of a layer.

    `images` is an array, memory-mapped or not, or any iterable of batches, which is read once;
    memory does not grow with the number of samples.

    Source: Girshick et al. (2014), Rich feature hierarchies, section 3.1; Zeiler and Fergus (2014).
    """
    check_range(count, "maximal_patches()", "count", low=1)
    best: Best | None = None
    cuts: Cuts | None = None
    with looking(model, "maximal_patches()", grad=False) as net:
        wanted: dict[str, int] = {}
        for first, part in numbered(images, batch_size):
            batch = as_batch(net, part, "maximal_patches()")
            wanted = wanted or check_layers(net, batch[:1], [layer])
            output = layer_outputs(net, batch, wanted)[layer]
            if best is None or cuts is None:
                chosen = _units(units, output.shape[1])
                cuts = Cuts.of(net, batch, layer, whole)
                best = Best(chosen, count, cuts, tuple(output.shape[2:]))
            best.update(output, batch, first)
    if best is None:
        raise bad_input("maximal_patches()", wanted="images", got="none", do="Pass some")
    return best.maxima()


def numbered(images: Any, batch_size: int) -> Iterator[tuple[int, Any]]:
    """Batches with the number of their first sample."""
    if hasattr(images, "shape"):
        for first in range(0, len(images), batch_size):
            yield first, images[first : first + batch_size]
        return
    first = 0
    for batch in images:
        yield first, batch
        first += len(batch)


@dataclass(eq=False)
class Cuts:
    """How patches are cut out of images for a layer."""

    model: nn.Module
    layer: str
    shape: tuple[int, ...]
    boxes: Fields | None
    holes: bool
    masks: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)

    @classmethod
    def of(cls, model: nn.Module, batch: Tensor, layer: str, whole: bool) -> Cuts:
        """The fields of a layer of images; nothing is cut from `whole` images and dense inputs."""
        shape = tuple(batch.shape[1:])
        if whole or len(shape) != 3:
            return cls(model, layer, shape, None, False)
        boxes = fields(model, shape, layer)
        rows, columns = boxes.top.shape
        middle = (rows // 2, columns // 2)
        holes = not influence(model, shape, layer, middle)[boxes.box(*middle)].all()
        return cls(model, layer, shape, boxes, holes)

    @property
    def size(self) -> tuple[int, ...]:
        """The shape of a patch."""
        if self.boxes is None:
            return self.shape if len(self.shape) == 3 else (1, 1, *self.shape)
        return (self.shape[0], *self.boxes.size)

    def cut(self, image: np.ndarray, place: tuple[int, int]) -> np.ndarray:
        """The field of one place; cut off at the image's ends, so NaN fills up what is missing."""
        if self.boxes is None:
            return image.reshape(self.size)
        rows, columns = self.boxes.box(*place)
        patch = np.full(self.size, np.nan, np.float32)
        inside = image[:, rows, columns]
        if self.holes:
            inside = np.where(self._mask(place)[rows, columns], inside, np.nan)
        top, left = self._shift(rows, 1), self._shift(columns, 2)
        patch[:, top : top + inside.shape[1], left : left + inside.shape[2]] = inside
        return patch

    def _shift(self, part: slice, axis: int) -> int:
        """Where a field that leaves the image at its start begins in the patch."""
        return self.size[axis] - (part.stop - part.start) if part.start == 0 else 0

    def _mask(self, place: tuple[int, int]) -> np.ndarray:
        if place not in self.masks:
            self.masks[place] = influence(self.model, self.shape, self.layer, place)
        return self.masks[place]


class Best:
    """The best so far of every unit."""

    def __init__(self, units: list[int], count: int, cuts: Cuts, map_size: tuple[int, ...]) -> None:
        self.units, self.count, self.cuts = units, count, cuts
        self.columns = map_size[-1] if len(map_size) == 2 else 1
        self.values = torch.full((len(units), 0), -torch.inf)
        self.facts = torch.zeros(len(units), 0, 2, dtype=torch.long)  # sample, place
        self.patches: dict[tuple[int, int], np.ndarray] = {}

    def update(self, output: Tensor, batch: Tensor, first: int) -> None:
        """Merge the maxima of one batch and cut out the patches of those that are new."""
        values, places = (
            output[:, self.units].flatten(2).float().cpu().max(dim=2)
            if (output.ndim > 2)
            else (output[:, self.units].float().cpu(), None)
        )
        places = torch.zeros(values.shape, dtype=torch.long) if places is None else places
        sample = torch.arange(first, first + len(values))[:, None].expand_as(places)
        facts = torch.stack([sample, places], dim=-1)
        values = torch.cat([self.values, values.T], dim=1)
        facts = torch.cat([self.facts, facts.transpose(0, 1)], dim=1)
        kept = torch.sort(values, dim=1, descending=True, stable=True).indices[:, : self.count]
        self.values = values.gather(1, kept)
        self.facts = facts.gather(1, kept[..., None].expand(-1, -1, 2))
        self._cut(batch, first)

    def _cut(self, batch: Tensor, first: int) -> None:
        new, facts = {}, self.facts.tolist()
        for unit, row in enumerate(facts):
            for sample, place in row:
                key = (unit, sample)
                if sample < first:
                    new[key] = self.patches[key]
                else:
                    image = batch[sample - first].float().cpu().numpy()
                    new[key] = self.cuts.cut(image, divmod(place, self.columns))
        self.patches = new

    def maxima(self) -> Maxima:
        """What was found, as arrays."""
        facts = self.facts.numpy()
        places = np.stack(np.divmod(facts[..., 1], self.columns), axis=-1)
        rows = [[self.patches[unit, s] for s in row] for unit, row in enumerate(facts[..., 0])]
        return Maxima(
            np.asarray(self.units), self.values.numpy(), facts[..., 0], places, np.array(rows)
        )


def _units(units: Iterable[int] | None, known: int) -> list[int]:
    chosen = list(range(known)) if units is None else [int(u) for u in units]
    if not chosen or min(chosen) < 0 or max(chosen) >= known:
        raise bad_input(
            "maximal_patches()",
            wanted=f"units below {known}",
            got=str(chosen[:8]),
            do="Count from 0",
        )
    return chosen
