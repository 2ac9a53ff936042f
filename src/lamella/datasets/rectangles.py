"""Images of coloured rectangles that occlude each other, with masks, by the hundred thousand."""

from __future__ import annotations

import numpy as np

from lamella.checks import check_range
from lamella.data.dataset import Dataset, Split
from lamella.data.rectangles.scenes import Scene, factors_of
from lamella.data.rectangles.stream import BUDGET_MB, image_bytes, stream
from lamella.errors import BudgetError
from lamella.registry import datasets
from lamella.seeds import numpy_generator, stream_seed


@datasets.register(generated=True)
def rectangles(
    *,
    classes: int = 3,
    image_size: int = 64,
    delta: int = 15,
    inside: bool = False,
    factors: str = "FreeAll",
    half_sizes: bool = False,
    top: str | int | None = None,
    noise: float = 5.0,
    train_size: int = 2000,
    test_size: int = 500,
    seed: int = 0,
) -> Dataset:
    """Images of intersecting rectangles, one of each class; the label is the class on top.

    Inputs are images x 3 x image_size x image_size in [0, 1]: noise uniform in [0, noise) is added
    and all divided by the greatest value. `factors` is a variant (FreeAll, OnlyColor, OnlyH,
    OnlyX, FreeColorAndH, ...) or a list such as "colour,h"; what is not free is fixed at the
    centre with lengths of 10. `inside` asks that x ± l and y ± h lie in the image. For
    segmentation and for more images than fit into 1 GB see docs/rectangles.md: masks, streams and
    files on disk.

    >>> made = rectangles(train_size=6, test_size=3, top="each")
    >>> made.input_shape, made.train.labels.tolist()
    ((3, 64, 64), [0, 1, 2, 0, 1, 2])
    """
    arguments = dict(locals())
    for name in ("train_size", "test_size"):
        check_range(arguments[name], "rectangles()", name, low=1)
    check_range(noise, "rectangles()", "noise", low=0)
    scene = Scene(
        classes=classes,
        image_size=image_size,
        delta=delta,
        inside=inside,
        factors=factors_of(factors),
        half_sizes=half_sizes,
        top=top if top in (None, "each") else int(top),
    )
    check_memory(train_size + test_size, scene)
    splits, first = [], 0
    for name, size in (("train", train_size), ("test", test_size)):
        splits.append(make_split(scene, size, noise, seed, name, first))
        first += size
    names = tuple(f"class {k + 1}" for k in range(classes))
    return Dataset("rectangles", splits[0], splits[1], names, None, arguments)


def check_memory(count: int, scene: Scene) -> None:
    """Raise BudgetError when so many images as float32 exceed 1 GB."""
    need = count * scene.image_size**2 * 12 / 1e6
    if need > BUDGET_MB:
        raise BudgetError(
            f"rectangles() wants images that fit into {BUDGET_MB} MB, got {count} that need "
            f"{need:.0f} MB as float32. Ask for fewer, or stream them: lamella data rectangles "
            f"--count {count} --out FILE ({count * image_bytes(scene) / 1e9:.1f} GB on disk)."
        )


def make_split(scene: Scene, size: int, noise: float, seed: int, name: str, first: int) -> Split:
    """One split as floating point numbers, filled block by block."""
    inputs = np.empty((size, 3, scene.image_size, scene.image_size), np.float32)
    labels = np.empty(size, np.int64)
    generator = numpy_generator(seed, f"rectangles {name} noise")
    greatest = float(scene.levels().max()) + scene.delta + noise
    at = 0
    for block in stream(
        size, scene=scene, seed=stream_seed(seed, f"rectangles {name}") % 2**31, reuse=True
    ):
        rows = slice(at, at + len(block))
        inputs[rows] = block.image.transpose(0, 3, 1, 2)
        labels[rows] = block.order[:, -1]
        at += len(block)
    for row in inputs if noise else ():
        row += noise * generator.random(row.shape, np.float32)
    inputs /= np.float32(greatest)
    return Split(inputs, labels, np.arange(first, first + size))
