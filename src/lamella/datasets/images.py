"""Any folder of images sorted by class."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from lamella.data.dataset import Dataset, Split, stratified
from lamella.data.files import DataError
from lamella.data.picture_files import KINDS, in_channels, read_picture, resized
from lamella.data.png import NotReadable
from lamella.data.steps import apply_steps, standardise
from lamella.errors import bad_input
from lamella.registry import datasets

TESTS = ("test", "val", "valid", "validation", "dev")
Listed = list[tuple[Path, int]]


@datasets.register
def images(
    *,
    folder: str | Path = ".",
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    standardised: bool = False,
    test_share: float = 0.2,
    train_size: int | None = None,
    test_size: int | None = None,
    skip_bad: bool = False,
    seed: int = 0,
) -> Dataset:
    """The images of `folder`/train/CLASS and `folder`/test/CLASS, or of `folder`/CLASS.

    A folder val, valid, validation or dev beside train is the test split where there is no test.
    In the second layout a stratified `test_share` of each class is for testing. All images must
    have one size and number of channels; `size` (height, width) cuts out the middle and scales,
    `channels` makes all grey (1) or RGB (3). Hidden files and folders are left out.
    `standardised` brings each channel to mean 0 and deviation 1 over the training images.
    `skip_bad` leaves out files that cannot be read. Ids are positions in the sorted list of files.

    Raises DataError for a class without images, a file that cannot be read, or mixed sizes.
    """
    arguments = {**locals(), "folder": str(folder)}
    if channels not in (None, 1, 3):
        raise bad_input("images()", wanted="channels 1 or 3", got=repr(channels), do="Choose")
    listed, names = list_images(Path(folder).expanduser().absolute(), test_share, seed)
    first, splits = 0, []
    for which, wanted in zip(("train", "test"), (train_size, test_size), strict=True):
        splits.append(read_split(listed[which], wanted, size, channels, skip_bad, seed, first))
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
    tested = split_beside_train(folder)
    if tested is not None:
        names = class_folders(folder / "train")
        places = {"train": folder / "train", "test": tested}
        return {which: list_classes(place, names) for which, place in places.items()}, names
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


def split_beside_train(folder: Path) -> Path | None:
    """The folder of the test split beside train; None where folders are classes.

    DataError where a folder train holds folders, but no folder beside it is known as another split.
    """
    if not (folder / "train").is_dir() or not any(
        map(is_shown_folder, (folder / "train").iterdir())
    ):
        return None
    for name in TESTS:
        if (folder / name).is_dir():
            return folder / name
    raise DataError(
        f"{folder} has a folder train with folders in it, and none of {', '.join(TESTS)} beside "
        "it. Name the test split so, or give the folder train alone."
    )


def is_shown_folder(path: Path) -> bool:
    """Whether a path is a folder that people put there: not hidden, not an archiver's."""
    return path.is_dir() and not is_hidden(path)


def is_hidden(path: Path) -> bool:
    """Whether a name is that of a hidden file, such as macOS leaves beside others.

    >>> is_hidden(Path("a/._0.png")), is_hidden(Path("a/0.png"))
    (True, False)
    """
    return path.name.startswith(".") or path.name == "__MACOSX"


def class_folders(folder: Path) -> tuple[str, ...]:
    """Names of the folders in a folder, sorted; DataError unless there are two or more."""
    names = sorted(f.name for f in folder.iterdir() if is_shown_folder(f))
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
        shown = [f for f in files if not any(map(is_hidden, (f, *parents_below(f, place))))]
        pictures = [f for f in shown if f.suffix.lower() in KINDS and f.is_file()]
        if not pictures:
            raise DataError(
                f"the class folder {place} has no image ({', '.join(KINDS)}). Fill or remove it."
            )
        found += [(path, label) for path in pictures]
    return found


def parents_below(path: Path, folder: Path) -> list[Path]:
    """The folders between a path and the folder that it was found in."""
    return [parent for parent in path.parents if folder in parent.parents]


def read_split(
    listed: Listed,
    wanted: int | None,
    size: tuple[int, int] | None,
    channels: int | None,
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
            picture = picture if channels is None else in_channels(picture, channels)
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
            "Pass size (height, width), or channels (1 or 3)."
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
