"""MNIST: handwritten digits."""

from __future__ import annotations

from pathlib import Path

from lamella.data.dataset import Dataset
from lamella.data.files import DataFile, find_files
from lamella.data.idx import read_idx
from lamella.data.image_splits import image_dataset
from lamella.data.steps import divide, standardise
from lamella.registry import datasets

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
HASHES = {
    "train-images-idx3": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
FILES = [
    DataFile(f"{name}-ubyte.gz", f"sha256:{known}", tuple(f"{m}{name}-ubyte.gz" for m in MIRRORS))
    for name, known in HASHES.items()
]
PLACES = ("mnist", "MNIST/raw", ".")
MEAN, DEVIATION = (0.1307,), (0.3081,)


@datasets.register
def mnist(
    *,
    train_size: int = 60_000,
    test_size: int = 10_000,
    standardised: bool = False,
    data: str | Path | None = None,
    seed: int = 0,
) -> Dataset:
    """Handwritten digits of 28 x 28 grey values, divided by 255: 60,000 to train, 10,000 to test.

    Smaller sizes draw a stratified sample by `seed`. `standardised` subtracts the mean .1307 and
    divides by the standard deviation .3081 of all training pixels. `data` is a folder that holds
    mnist/ with the four published files; without it LAMELLA_DATA, the cache and the network.

    Raises DataError for a file that is missing, damaged or not the published one.

    Source: LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document
    recognition, section III.A.
    """
    arguments = {k: v for k, v in locals().items() if k != "data"}
    images, labels, test_images, test_labels = map(read_idx, find_files(FILES, PLACES, data))
    train, test = (images[:, None], labels), (test_images[:, None], test_labels)
    steps = (divide(255.0), *([standardise(MEAN, DEVIATION)] if standardised else []))
    names = tuple(map(str, range(10)))
    return image_dataset("mnist", train, test, names, steps, arguments)
