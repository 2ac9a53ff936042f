"""Any folder of images sorted by class."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from lamella.datasets.dataset import Dataset, Split, stratified
from lamella.datasets.files import DataError
from lamella.datasets.picture_files import KINDS, read_picture, resized
from lamella.datasets.png import NotReadable
from lamella.datasets.steps import apply_steps, standardise
from lamella.errors import bad_input
from lamella.registry import dataset

Listed = list[tuple[Path, int]]


@dataset
def images(
    *,
    folder: str | Path = ".",
    size: tuple[int, int] | None = None,
    standardised: bool = False,
    test_share: float = 0.2,
    train_size: int | None = None,
    test_size: int | None = None,
    skip_bad: bool = False,
    seed: int = 0,
) -> Dataset:
    """The images of `folder`/train/CLASS and `folder`/test/CLASS, or of `folder`/CLASS.

    In the second layout a stratified `test_share` of each class is for testing. All images must
    have one size and number of channels; `size` (height, width) cuts out the middle and scales.
    `standardised` brings each channel to mean 0 and deviation 1 over the training images.
    `skip_bad` leaves out files that cannot be read. Ids are positions in the sorted list of files.

    Raises DataError for a class without images, a file that cannot be read, or mixed sizes.
    """
    arguments = {**locals(), "folder": str(folder)}
    listed, names = list_images(Path(folder).expanduser().absolute(), test_share, seed)
    first, splits = 0, []
    for which, wanted in zip(("train", "test"), (train_size, test_size), strict=True):
        splits.append(read_split(listed[which], wanted, size, skip_bad, seed, first))
        first += len(listed[which])
    check_one_shape(splits, [path for which in ("train", "test") for path, _ in listed[which]])
    steps = [] if not standardised else [over_channels(splits[0].inputs)]
    train, test = (Split(apply_steps(s.inputs, steps), s.labels, s.ids) for s in splits)
    return Dataset("images", train, test, names, None, arguments, tuple(steps))


def list_images(
    folder: Path, test_share: float, seed: int
) -> tuple[dict[str, Listed], tuple[str, ...]]:
    """Files and class numbers of both splits, and the names of the classes."""
    if not folder.is_dir():
        raise bad_input("images()", wanted="a folder of images", got=str(folder), do="Correct it")
    if (folder / "train").is_dir() and (folder / "test").is_dir():
        names = class_folders(folder / "train")
        split = {w: list_classes(folder / w, names) for w in ("train", "test")}
        return split, names
    names = class_folders(folder)
    found = list_classes(folder, names)
    labels = np.array([label for _, label in found])
    rows = stratified(labels, max(1, round(test_share * len(found))), seed)
    test = set(rows.tolist())
    listed = {
        "train": [f for at, f in enumerate(found) if at not in test],
        "test": [f for at, f in enumerate(found) if at in test],
    }
    return listed, names


def class_folders(folder: Path) -> tuple[str, ...]:
    """Names of the folders in a folder, sorted; DataError unless there are two or more."""
    names = sorted(f.name for f in folder.iterdir() if f.is_dir() and not f.name.startswith("."))
    if len(names) < 2:
        raise DataError(
            f"{folder} wants a folder for each of two or more classes, got {len(names)}. Sort the "
            "images into folders by class."
        )
    return tuple(names)


def list_classes(folder: Path, names: tuple[str, ...]) -> Listed:
    """All picture files of all classes, sorted; DataError for a class without any."""
    found: Listed = []
    for label, name in enumerate(names):
        place = folder / name
        files = sorted(place.rglob("*")) if place.is_dir() else []
        pictures = [f for f in files if f.suffix.lower() in KINDS and f.is_file()]
        if not pictures:
            raise DataError(
                f"the class folder {place} has no image ({', '.join(KINDS)}). Fill or remove it."
            )
        found += [(path, label) for path in pictures]
    return found


def read_split(
    listed: Listed,
    wanted: int | None,
    size: tuple[int, int] | None,
    skip_bad: bool,
    seed: int,
    first: int,
) -> Split:
    """The pictures of one split, channels first."""
    labels = np.array([label for _, label in listed])
    count = len(listed) if wanted is None else min(wanted, len(listed))
    rows = np.arange(len(listed)) if count == len(listed) else stratified(labels, count, seed)
    pictures, kept = [], []
    for row in rows:
        picture = read_or_skip(listed[row][0], skip_bad)
        if picture is not None:
            pictures.append(picture if size is None else resized(picture, size))
            kept.append(row)
    check_shapes(pictures, [listed[row][0] for row in kept])
    inputs = np.stack(pictures).transpose(0, 3, 1, 2)
    return Split(np.ascontiguousarray(inputs), labels[kept], first + np.array(kept))


def read_or_skip(path: Path, skip_bad: bool) -> np.ndarray | None:
    """A picture; None where it cannot be read and may be skipped, else DataError that names it."""
    try:
        return read_picture(path)
    except NotReadable as error:
        if skip_bad:
            return None
        raise DataError(
            f"{path} cannot be read: {error}. Repair or remove it, or skip such files with "
            "--skip-bad (skip_bad=True)."
        ) from error


def check_shapes(pictures: list[np.ndarray], paths: list[Path]) -> None:
    """Raise DataError that counts the sizes when there is more than one, or when none is left."""
    if not pictures:
        raise DataError("images() wants at least one readable image in each split, got none.")
    counts = Counter(picture.shape for picture in pictures)
    if len(counts) > 1:
        (usual, many), *others = counts.most_common()
        odd = next(p for p, each in zip(paths, pictures, strict=True) if each.shape != usual)
        said = ", ".join(f"{n} of {shape}" for shape, n in others[:3])
        raise DataError(
            f"images() wants images of one size, got {many} of {usual} and {said} (first: {odd}). "
            "Pass size (height, width), or convert them to one number of channels."
        )


def check_one_shape(splits: list[Split], paths: list[Path]) -> None:
    """Raise DataError when train and test images differ in size."""
    train, test = (split.inputs.shape[1:] for split in splits)
    if train != test:
        raise DataError(
            f"images() wants images of one size, got {train} for train and {test} for test "
            f"(first: {paths[0]}). Pass size (height, width)."
        )


def over_channels(inputs: np.ndarray) -> dict:
    """The step that standardises each channel over these images."""
    mean, deviation = inputs.mean(axis=(0, 2, 3)), inputs.std(axis=(0, 2, 3))
    return standardise(mean.tolist(), np.maximum(deviation, 1e-6).tolist())
