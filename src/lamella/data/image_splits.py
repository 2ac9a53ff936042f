"""From raw images to a data set: sizes, steps, ids."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Int, UInt8

from lamella.data.dataset import Dataset, Split, check_size, stratified
from lamella.data.steps import Step, apply_steps
from lamella.errors import bad_input

Raw = tuple[UInt8[np.ndarray, "samples channels height width"], Int[np.ndarray, " samples"]]


def image_dataset(
    name: str,
    train: Raw,
    test: Raw,
    class_names: tuple[str, ...],
    steps: tuple[Step, ...],
    arguments: dict[str, Any],
) -> Dataset:
    """A data set of raw train and test images, thinned by class to the sizes in `arguments`.

    Ids are rows of the published order, those of the test split behind those of the train split.
    """
    splits, first = [], 0
    for split, (images, labels) in (("train", train), ("test", test)):
        size = arguments[f"{split}_size"]
        check_size(f"{name}()", f"{split}_size", size, len(class_names))
        rows = chosen_rows(f"{name}()", split, labels, size, arguments["seed"])
        inputs = apply_steps(images[rows], steps)
        splits.append(Split(inputs, labels[rows], first + np.arange(len(labels))[rows]))
        first += len(labels)
    kept = tuple(dict(step) for step in steps)
    return Dataset(name, splits[0], splits[1], class_names, None, arguments, kept)


def chosen_rows(
    where: str, split: str, labels: Int[np.ndarray, " samples"], size: int, seed: int
) -> np.ndarray | slice:
    """All rows, or as many of each class as its share."""
    if size > len(labels):
        raise bad_input(
            where,
            wanted=f"{split}_size of at most {len(labels):,}",
            got=f"{size:,}",
            do="Ask for fewer",
        )
    return slice(None) if size == len(labels) else stratified(labels, size, seed)
