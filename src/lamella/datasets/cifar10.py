"""CIFAR-10: small photographs of ten kinds of things."""

from __future__ import annotations

from pathlib import Path

from lamella.data.cifar_files import CLASSES, read_cifar
from lamella.data.dataset import Dataset
from lamella.data.image_splits import image_dataset
from lamella.data.steps import divide, standardise
from lamella.registry import datasets

MEAN, DEVIATION = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


@datasets.register
def cifar10(
    *,
    train_size: int = 50_000,
    test_size: int = 10_000,
    standardised: bool = True,
    data: str | Path | None = None,
    seed: int = 0,
) -> Dataset:
    """Colour images of 32 x 32 pixels in ten classes: 50,000 to train, 10,000 to test.

    Values are divided by 255 and, if `standardised`, brought to mean 0 and deviation 1 of each
    channel over the training images. Smaller sizes draw a stratified sample by `seed`. `data` is
    a folder that holds cifar-10/ with the published archive (binary or python version) or what it
    unpacks to; without it LAMELLA_DATA, the cache and the network. An archive is unpacked once,
    into the cache.

    Raises DataError for a file that is missing, damaged or not the published one.

    Source: Krizhevsky (2009), Learning multiple layers of features from tiny images, chapter 3.
    """
    arguments = {k: v for k, v in locals().items() if k != "data"}
    train, test = read_cifar(data)
    steps = (divide(255.0), *([standardise(MEAN, DEVIATION)] if standardised else []))
    return image_dataset("cifar10", train, test, CLASSES, steps, arguments)
