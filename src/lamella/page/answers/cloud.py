"""`cloud/<net>/<seed>/<method>/<layer>/<epoch>`: the picture of a cell's cloud, and its worth."""

from __future__ import annotations

from importlib.util import find_spec
from threading import Lock
from typing import Any

import numpy as np

from lamella.embeddings import align
from lamella.embeddings.methods import METHODS
from lamella.errors import RunError, unknown_name
from lamella.store import Run
from lamella.subject.clouds import aligned, check_comparable, chosen, cloud_of, raw_cloud
from lamella.subject.neighbours import NEIGHBOURS, Company, company, kept_and_trust
from lamella.subject.stored_results import INPUT
from lamella.subject.subject import Subject

SCALE = 32767 / 4  # of a coordinate in units of the root mean square radius
ONE_AT_A_TIME = Lock()  # t-SNE and UMAP take seconds; the rest of the page must not wait for two
PACKAGES = {"pca": "numpy", "tsne": "openTSNE", "umap": "umap"}


def cloud(
    subject: Subject, net: str, seed: int, method: str, layer: str, epoch: int
) -> dict[str, Any]:
    """Points of a cell in two or three dimensions, how far to trust them, and wrong neighbours."""
    run, (name, dimensions) = subject.run(net, seed), method_of(method)
    check_cell(run, layer, epoch)
    same = check_comparable(subject, net, run)
    epoch = run.epochs[0] if layer == INPUT else epoch
    check_finite(subject, run, layer, epoch)
    points, shares = aligned(subject, run, layer, epoch, dimensions)
    values = cloud_of(subject, run, layer, epoch)
    if name != "pca":
        points, shares = embedded(values, name, points), np.zeros(0)
    mates = mates_of(subject, run, layer, epoch, values)
    kept, trust = kept_and_trust(values, points, mates.near)
    return {
        "points": quantised(points),
        "kept": kept,
        "neighbours": NEIGHBOURS,
        "trustworthiness": trust,
        "share": [float(share) for share in shares],
        "wrong": mates.wrong.astype(np.uint8),
        "mixed": np.round(mates.mixed * 255).astype(np.uint8),
        "same_samples": same,
    }


def methods() -> list[str]:
    """The embeddings that can be computed here."""
    return [name for name, package in PACKAGES.items() if find_spec(package) is not None]


def method_of(method: str) -> tuple[str, int]:
    """The embedding and its number of dimensions.

    >>> method_of("tsne2")
    ('tsne', 2)
    """
    name, digit = method[:-1], method[-1:]
    if name not in METHODS or digit not in ("2", "3"):
        raise unknown_name("cloud", method, [f"{name}{d}" for name in METHODS for d in (2, 3)])
    return name, int(digit)


def check_cell(run: Run, layer: str, epoch: int) -> None:
    """Raise UnknownName for a layer, RunError for an epoch, that was not recorded."""
    if layer != INPUT and layer not in run.layers:
        raise unknown_name("layer", layer, [INPUT, *run.layers])
    if not run.epochs or (layer != INPUT and epoch not in run.epochs):
        known = ", ".join(map(str, run.epochs)) or "none yet"
        raise RunError(f"{run.name} did not record epoch {epoch}. Recorded: {known}.")


def check_finite(subject: Subject, run: Run, layer: str, epoch: int) -> None:
    """Raise RunError where a sample of the cloud has no place: NaN or infinity."""
    cloud = raw_cloud(subject, run, layer, epoch)
    lost = int((~np.isfinite(cloud).all(axis=1)).sum())
    if lost:
        raise RunError(
            f"{layer} gave NaN or infinity for {lost} of {len(cloud)} samples at epoch {epoch}, "
            "so there is no picture of them."
        )


def mates_of(subject: Subject, run: Run, layer: str, epoch: int, values: np.ndarray) -> Company:
    """The neighbours of each sample in the layer, the same for every picture of it."""
    found = chosen(subject, run)
    key = ("company", str(run.path), run.info.get("created"), layer, epoch)
    cache = subject.cache.get(key, lambda: _pair(company(values, found.label, found.split)))
    return Company(*cache)


def embedded(values: np.ndarray, name: str, start: np.ndarray) -> np.ndarray:
    """t-SNE or UMAP started from the principal picture and turned onto it."""
    with ONE_AT_A_TIME:
        picture = METHODS[name](values, start.shape[1], start=start, seed=0).points
    centred = picture - picture.mean(axis=0)
    radius = np.sqrt((centred**2).sum(axis=1).mean())
    return align(centred / radius if radius > 0 else centred, start)


def quantised(points: np.ndarray) -> np.ndarray:
    """Coordinates as 16-bit integers; those beyond four times the mean radius are cut there."""
    return np.clip(np.round(points * SCALE), -32767, 32767).astype(np.int16)


def _pair(mates: Company) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return mates.near, mates.mixed, mates.wrong
