"""What lies in the cells of a run, as measures take it, and the marks of its content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.measuring.sample import check_budget, stable_sample
from lamella.results import Diagrams

if TYPE_CHECKING:
    from lamella.store import Run

Cell = tuple[str, int, str]  # layer, epoch, split
KEPT = 24  # arrays held in memory: the layers of one epoch and split of most networks


class Cells:
    """Reads cells of a run, sampled to a budget, and remembers the last of them.

    `keys` are those of the results that the run has. Diagrams computed in a dry run are kept in
    `diagrams`, beside those of the run.
    """

    def __init__(
        self, run: Run, keys: Mapping[tuple[str, Cell], str], *, budget: int, seed: int = 0
    ) -> None:
        self.run, self.keys, self.budget, self.seed = run, keys, budget, seed
        self.diagrams: dict[tuple[str, Cell], Diagrams] = {}
        self._arrays: dict[Any, np.ndarray] = {}
        self._marks: dict[Any, str] = {}
        self._weights: dict[int, dict[str, np.ndarray]] = {}

    def maps(self, layer: str, epoch: int, split: str, budget: int) -> np.ndarray:
        """The activations of a cell with the shape they were recorded in."""
        epoch = -1 if layer == "input" else epoch
        place = ("maps", layer, epoch, split, budget)
        return self._remember(place, lambda: self._read_maps(layer, epoch, split, budget))

    def labels(self, split: str, budget: int) -> np.ndarray:
        """The labels of the samples of a split."""
        return np.asarray(self.run.labels(split))[self.rows(split, budget)]

    def ids(self, split: str, budget: int) -> np.ndarray:
        """The ids of the samples of a split."""
        return np.asarray(self.run.ids(split))[self.rows(split, budget)]

    def rows(self, split: str, budget: int) -> np.ndarray:
        """Which samples of a split stand for it."""
        return self._remember(("rows", split, budget), lambda: self._sample(split, budget))

    def samples(self, split: str) -> int:
        """How many samples a split has."""
        probes = self.run.info["probes"]
        return sum(probes[name]["samples"] for name in self.run.probes(split))

    def weights(self, epoch: int) -> dict[str, np.ndarray]:
        """The model's tensors at an epoch; those of the last one that was asked for are kept."""
        if epoch not in self._weights:
            self._weights = {epoch: self.run.weights(epoch)}
        return self._weights[epoch]

    def has_labels(self, split: str) -> bool:
        """Whether every probe of the split came with labels."""
        probes = self.run.info["probes"]
        names = ("train", "test") if split == "both" else (split,)
        return all(probes[name].get("labels") for name in names)

    def check_budget(self, split: str) -> None:
        """InputError where the budget leaves fewer than two samples of each class of a split."""
        labels = np.asarray(self.run.labels(split)) if self.has_labels(split) else None
        check_budget(labels, self.samples(split), self.budget)

    def mark(self, place: Any, array: np.ndarray) -> str:
        """A short digest of the content of an array; `place` is what it is remembered by."""
        if place not in self._marks:
            self._marks[place] = digest(array)
        return self._marks[place]

    def diagrams_at(self, name: str, cell: Cell) -> tuple[Diagrams, str] | None:
        """The diagrams of a cell, from memory or from the run, and the mark of their key."""
        record = self.diagrams.get((name, cell)) or self.run.record(name, *cell)
        if not isinstance(record, Diagrams):
            return None
        key = self.keys.get((name, cell), "")
        return record, blake2b(key.encode(), digest_size=12).hexdigest()

    def _read_maps(self, layer: str, epoch: int, split: str, budget: int) -> np.ndarray:
        array = self.run.activations(layer, epoch, split)
        rows = self.rows(split, budget)
        return np.array(array if len(rows) == len(array) else array[rows])

    def _sample(self, split: str, budget: int) -> np.ndarray:
        ids = np.asarray(self.run.ids(split))
        labels = np.asarray(self.run.labels(split)) if self.has_labels(split) else ids * 0
        return stable_sample(labels, ids, min(budget, self.budget), seed=self.seed)

    def _remember(self, place: Any, read: Callable[[], np.ndarray]) -> np.ndarray:
        if place not in self._arrays:
            while len(self._arrays) >= KEPT:
                self._arrays.pop(next(iter(self._arrays)))
            self._arrays[place] = read()
        return self._arrays[place]


def layer_before(head: str, layers: Iterable[str]) -> str | None:
    """The layer that runs before `head`, or the last one when `head` was not recorded.

    >>> layer_before("head", ("fc1", "act1", "head"))
    'act1'
    """
    names = list(layers)
    if head not in names:
        return names[-1] if names else None
    place = names.index(head)
    return names[place - 1] if place else None


def digest(array: np.ndarray) -> str:
    """24 hex digits that differ between arrays of different shape, dtype or content.

    >>> digest(np.zeros(2)) == digest(np.zeros(3))
    False
    """
    array = np.ascontiguousarray(array)
    found = blake2b(f"{array.shape} {array.dtype.str}".encode(), digest_size=12)
    found.update(array.reshape(-1).view(np.uint8).data if array.size else b"")
    return found.hexdigest()
