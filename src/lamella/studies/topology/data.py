"""The data of the topology study, and the points of it that are measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from jaxtyping import Int

from lamella.checks import check_choice
from lamella.data.dataset import Dataset, Split
from lamella.registry import datasets

EVERY = "all"


@dataclass(frozen=True)
class Source:
    """A data set: how many points train, how many are measured, and what measures and scales it.

    `measured` None takes every second row and column of the grid that the points lie on.
    Betti numbers at the input are the true ones with these `neighbours`.
    """

    name: str
    title: str
    points: int
    measured: int | None
    neighbours: int
    scale: float
    note: str = ""

    @property
    def choice(self) -> str:
        """Which points are measured, in words."""
        if self.measured is None:
            return "every second row and column of the grid"
        return "each the farthest from those before it"

    def folder(self, out: Path) -> Path:
        """Where its runs lie: those of D-I in `out` itself."""
        return out if self.name == "discs" else out / self.name


# D-I: nearly the whole grid; its random shift decides how many points more there are. D-II and
# D-III: the sizes of the paper. All coordinates are divided by the largest, nearly.
SPACING = (
    "Units lie farther apart than in the paper, where neighbouring ones run into each other and "
    "no net can fit every point."
)
VOIDS = "Voids (Betti number 2) are not measured: in hops they are unstable."
SOURCES = {
    "discs": Source("discs", "nine discs", 9900, None, 35, 10.0),
    "linked_rings": Source(
        "linked_rings", "nine pairs of linked rings", 45_000, 2500, 14, 10.0, SPACING
    ),
    "shells": Source("shells", "nine nests of spheres", 37_800, 3000, 12, 5.0, VOIDS),
}


def sources(
    data: str | None, full: bool, neighbours: int | None, scale: float | None
) -> list[Source]:
    """The data sets that are asked for, with what is asked of them; UnknownName for another."""
    name = data or (EVERY if full else "discs")
    check_choice(name, [*SOURCES, EVERY], "data of the topology study")
    found = [*SOURCES.values()] if name == EVERY else [SOURCES[name]]
    return [
        replace(s, neighbours=neighbours or s.neighbours, scale=scale or s.scale) for s in found
    ]


def draw(source: Source, seed: int) -> tuple[Dataset, Split]:
    """The scaled data set and those of its training points that are measured."""
    raw = datasets[source.name](seed=seed, train_size=source.points)
    chosen = quarter(raw) if source.measured is None else spread(raw, source.measured)
    data = scaled(raw, source.scale)
    train = data.train
    return data, Split(train.inputs[chosen], train.labels[chosen], train.ids[chosen])


def scaled(data: Dataset, scale: float) -> Dataset:
    """The same data with every coordinate divided by `scale`."""
    splits = [Split(s.inputs / scale, s.labels, s.ids) for s in (data.train, data.test)]
    return replace(data, train=splits[0], test=splits[1])


def quarter(data: Dataset) -> Int[np.ndarray, " chosen"]:
    """Every second row and column of the grid that the training points lie on.

    A random quarter leaves some discs fewer points than neighbours are asked for, and these join
    the next disc.
    """
    points = data.train.inputs
    places = np.round((points - points.min(axis=0)) / data.arguments["step"]).astype(int)
    return np.flatnonzero((places % 2 == 0).all(axis=1))


def spread(data: Dataset, count: int) -> Int[np.ndarray, " chosen"]:
    """So many training points, each the farthest from those before it.

    So they lie evenly: of a random share as large, some point has its neighbours across a gap.
    """
    from lamella.homology.landmarks import farthest_points

    return np.sort(farthest_points(data.train.inputs, count)[0])


def many(data: Dataset) -> Sequence[tuple[int, int]]:
    """Class and dimension of the Betti numbers 0 and 1 that are more than the least possible."""
    known = data.betti or {}
    return [
        (c, d)
        for c in range(data.classes)
        for d, least in enumerate((1, 0))
        if known.get(c, (0, 0))[d] > least
    ]
