"""`samples/<net>`: which samples the clouds are made of, and small pictures of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamella.store import Run
from lamella.subject.clouds import Chosen, chosen
from lamella.subject.subject import Subject

SIDE = 32  # pixels of a picture at most


def samples(subject: Subject, net: str) -> dict[str, Any]:
    """Ids, labels, splits and pictures of the samples of the clouds of a net."""
    run = subject.run(net, 0)
    found = chosen(subject, run)
    return {
        "ids": found.ids,
        "label": found.label.astype(np.int32),
        "split": found.split.astype(np.uint8),
        "pictures": pictures(run, found),
        "stratified": described(found),
        "probes": list(found.rows),
    }


def described(found: Chosen) -> str:
    """How many of how many samples are shown."""
    count = len(found.ids)
    if count >= found.samples:
        return f"all {count} samples"
    kind = "stratified" if (found.label >= 0).any() else "drawn at random"
    return f"{count} of {found.samples} samples, {kind}"


def picture_shape(run: Run) -> tuple[int, int, int] | None:
    """Height, width and channels of the pictures, if the probes are images."""
    shapes = {tuple(facts["shape"]) for facts in run.info["probes"].values()}
    if len(shapes) != 1:
        return None
    shape = shapes.pop()
    if len(shape) != 3 or shape[0] not in (1, 3) or min(shape[1:]) < 4:
        return None
    return (*(-(-side // step(max(shape[1:]))) for side in shape[1:]), shape[0])


def pictures(run: Run, found: Chosen, whole: bool = False) -> np.ndarray | None:
    """The chosen samples as images: samples x height x width x channels, bytes.

    At most `SIDE` pixels high and wide, unless `whole`.
    """
    if picture_shape(run) is None:
        return None
    parts = [np.asarray(run.inputs(probe)[at], np.float32) for probe, at in found.rows.items()]
    images = np.concatenate(parts)
    images = images if whole else smaller(images)
    low, high = float(np.nanmin(images)), float(np.nanmax(images))
    scaled = (images - low) / (high - low if high > low else 1.0) * 255
    return np.nan_to_num(scaled).round().astype(np.uint8).transpose(0, 2, 3, 1)


def smaller(images: np.ndarray) -> np.ndarray:
    """Images (samples, channels, height, width) averaged over blocks to at most `SIDE` pixels."""
    by = step(max(images.shape[2:]))
    if by == 1:
        return images
    rows = np.add.reduceat(images, np.arange(0, images.shape[2], by), axis=2)
    both = np.add.reduceat(rows, np.arange(0, images.shape[3], by), axis=3)
    high, wide = (_lengths(side, by) for side in images.shape[2:])
    return both / (high[:, None] * wide[None, :])


def step(side: int) -> int:
    """How many pixels become one.

    >>> step(28), step(64), step(65)
    (1, 2, 3)
    """
    return -(-side // SIDE)


def _lengths(side: int, by: int) -> np.ndarray:
    return np.minimum(by, side - np.arange(0, side, by))
