"""What every data set returns: a train and a test split, and what is known about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Shaped

from lamella.errors import bad_input
from lamella.in_brief import listed
from lamella.seeds import numpy_generator

Betti = tuple[int, int, int]
Draw = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Split:
    """Samples of one split: float32 inputs, int64 labels and int64 ids, one row each.

    Images are samples x channels x height x width. Ids are unique over both splits of a data set.

    >>> len(Split(np.zeros((3, 2)), np.zeros(3), np.arange(3)))
    3
    """

    inputs: Shaped[np.ndarray, "samples ..."]
    labels: Shaped[np.ndarray, "samples ..."]
    ids: Int[np.ndarray, " samples"]

    def __post_init__(self) -> None:
        for name, dtype in (("inputs", np.float32), ("ids", np.int64)):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype))
        labels = np.asarray(self.labels)
        if labels.dtype.kind != "f" or labels.ndim == 1:  # soft labels of more axes stay as floats
            labels = labels.astype(np.int64, copy=False)
        object.__setattr__(self, "labels", labels)
        if not len(self.inputs) == len(self.labels) == len(self.ids):
            raise bad_input(
                "Split",
                wanted="as many labels and ids as inputs",
                got=f"{len(self.inputs)} inputs, {len(self.labels)} labels, {len(self.ids)} ids",
                do="Align them",
            )

    def __len__(self) -> int:
        return len(self.inputs)

    def __repr__(self) -> str:
        return f"Split of {len(self):,} samples of shape {self.inputs.shape[1:]}"

    def take(self, count: int, *, seed: int = 0) -> Split:
        """At most `count` samples, as many of each class as its share, in the order of their ids.

        >>> split = Split(np.zeros((6, 1)), [0, 0, 0, 0, 1, 1], np.arange(6))
        >>> split.take(3).labels
        array([0, 0, 1])
        """
        if count >= len(self):
            return self
        chosen = stratified(self.labels, count, seed)
        return Split(self.inputs[chosen], self.labels[chosen], self.ids[chosen])


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set ready to train on.

    `betti` has the true Betti numbers (b0, b1, b2) of each class by its index, and of the union
    under "all", where they are known. `arguments` are those it was made with, and `steps` what was
    done to the raw numbers, in order (see `lamella.data.steps`).
    """

    name: str
    train: Split
    test: Split
    class_names: tuple[str, ...]
    betti: dict[int | str, Betti] | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    steps: tuple[dict[str, Any], ...] = ()

    def __repr__(self) -> str:
        sizes = f"{len(self.train):,} training and {len(self.test):,} test samples"
        return (
            f"Dataset {self.name!r}: {sizes} of shape {self.input_shape}\n"
            f"  classes: {listed(self.class_names)}"
        )

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of one input, without the axis of samples."""
        return tuple(self.train.inputs.shape[1:])

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.class_names)


def stratified(
    labels: Int[np.ndarray, " samples"], count: int, seed: int
) -> Int[np.ndarray, " chosen"]:
    """Sorted indices of `count` samples, drawn so that each class keeps its share."""
    generator = numpy_generator(seed, "stratified")
    if labels.ndim > 1:
        return np.sort(generator.permutation(len(labels))[:count])
    order = generator.permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    places = ((np.arange(count) + 0.5) * len(labels) / count).astype(int)
    return np.sort(by_class[places])


def draw_dataset(
    name: str,
    draw: Draw,
    class_names: tuple[str, ...],
    betti: dict[int | str, Betti] | None,
    arguments: dict[str, Any],
) -> Dataset:
    """A data set whose splits are drawn by `draw(generator, size) -> (points, labels)`.

    `arguments` must hold train_size, test_size, seed and embed_dimension. Train and test come
    from two independent streams of the seed; both are shuffled.
    """
    seed, sizes = arguments["seed"], (arguments["train_size"], arguments["test_size"])
    splits, first = [], 0
    for split, size in zip(("train", "test"), sizes, strict=True):
        check_size(f"{name}()", f"{split}_size", size, len(class_names))
        generator = numpy_generator(seed, f"{name} {split}")
        points, labels = draw(generator, size)
        order = generator.permutation(size)
        points = embed(points[order], arguments["embed_dimension"], seed, f"{name}()")
        splits.append(Split(points, labels[order], np.arange(first, first + size)))
        first += size
    return Dataset(name, splits[0], splits[1], class_names, betti, arguments)


def check_size(where: str, what: str, size: int, least: int) -> None:
    """Raise InputError when a split would have fewer samples than `least`."""
    if size < least:
        raise bad_input(
            where, wanted=f"{what} of at least {least}", got=str(size), do="Ask for more samples"
        )


def shares(size: int, weights: tuple[float, ...]) -> list[int]:
    """`size` divided in proportion to `weights`, each part at least its rounded-down share.

    >>> shares(10, (1, 1, 2))
    [3, 2, 5]
    """
    exact = size * np.asarray(weights, float) / np.sum(weights)
    counts = np.floor(exact).astype(int)
    left = size - counts.sum()
    counts[np.argsort(counts - exact, kind="stable")[:left]] += 1
    return counts.tolist()


def embed(
    points: Float[np.ndarray, "points features"], dimension: int | None, seed: int, where: str
) -> Float[np.ndarray, "points dimension"]:
    """Points turned by a random rotation of a higher dimension; distances stay as they are."""
    features = points.shape[1]
    if dimension is None:
        return points
    if dimension < features:
        raise bad_input(
            where,
            wanted=f"embed_dimension of at least {features}",
            got=str(dimension),
            do="Raise it or leave it out",
        )
    normal = numpy_generator(seed, "rotation").standard_normal((dimension, dimension))
    rotation, upper = np.linalg.qr(normal)
    rotation *= np.sign(np.diag(upper))  # uniform over rotations: Mezzadri (2007), section 5
    return points @ rotation[:features]


def sphere_points(
    generator: np.random.Generator, count: int, dimension: int, radius: float = 1.0
) -> Float[np.ndarray, "points dimension"]:
    """Points uniform on the sphere of `radius` around the origin of `dimension` axes."""
    normal = generator.standard_normal((count, dimension))
    return radius * normal / np.linalg.norm(normal, axis=1, keepdims=True)


def unit_centres(units: int, spacing: float) -> Float[np.ndarray, "units 3"]:
    """The origin, then corners of the cube of half-side `spacing`.

    >>> unit_centres(2, 3.0).tolist()
    [[0.0, 0.0, 0.0], [-3.0, -3.0, -3.0]]
    """
    corners = np.stack(np.meshgrid([-1, 1], [-1, 1], [-1, 1], indexing="ij"), axis=-1)
    return spacing * np.concatenate([np.zeros((1, 3)), corners.reshape(-1, 3)])[:units]
