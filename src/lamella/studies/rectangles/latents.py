"""Latent spaces of a launch: F1 curves and pictures of every layer and factor variant."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from lamella.data.rectangles.scenes import Scene
from lamella.errors import LamellaError
from lamella.registry import measures
from lamella.results import Embedding, pack, unpack
from lamella.store import Run
from lamella.studies.rectangles.launches import (
    Launch,
    activations,
    latent_images,
    latent_layers,
    make_network,
)
from lamella.studies.rectangles.sizes import Sizes

PIXELS, TRAINED = "pixels", "trained"
METHODS = ("pca", "umap", "tsne")
PICTURED = 450  # points of a picture at most
PERPLEXITY = 100


@dataclass(frozen=True, eq=False)
class Space:
    """A cloud with the class on top of each image, of one layer and factor variant."""

    variant: str
    layer: str
    points: np.ndarray
    labels: np.ndarray


def has_umap() -> bool:
    """Whether the extra umap is installed."""
    return find_spec("umap") is not None


def network_spaces(launch: Launch, run: Run, epoch: int) -> Iterator[Space]:
    """Every latent space of the net as it was at a recorded epoch."""
    import torch

    network = make_network(launch)
    weights = {n: torch.from_numpy(np.array(w)) for n, w in run.weights(epoch).items()}
    network.load_state_dict(weights)
    layers = latent_layers(launch.net)
    for variant in launch.variants:
        found, labels = activations(network, layers, launch.scene, variant, launch.sizes.latent)
        for layer in layers:
            yield Space(variant, layer, found[layer], labels)


def pixel_spaces(scene: Scene, variants: Sequence[str], each: int) -> Iterator[Space]:
    """The images themselves as clouds."""
    for variant in variants:
        inputs, labels = latent_images(scene, variant, each)
        yield Space(variant, PIXELS, inputs.reshape(len(inputs), -1), labels)


def f1_rows(space: Space, dimensions: Sequence[int], umap: Sequence[int]) -> list[dict[str, Any]]:
    """F1 of one-vs-all perceptrons per class and micro, at full and at compressed dimension."""
    perceptron_f1 = measures["perceptron_f1"]
    tables = [perceptron_f1(space.points, space.labels, dimensions=dimensions)]
    if umap and has_umap():
        tables.append(perceptron_f1(space.points, space.labels, dimensions=umap, methods=("umap",)))
    rows = []
    for number, table in enumerate(tables):
        for name, method, dimension, value in zip(
            *(table.columns[c].tolist() for c in ("class", "method", "dimension", "f1")),
            strict=True,
        ):
            if not (number and method == "full"):
                place = {"factor": space.variant, "layer": space.layer, "method": method}
                called = name if name == "micro" else f"class {int(name) + 1}"
                rows.append({**place, "dimension": dimension, "class": called, "value": value})
    return rows


def picture(space: Space, method: str, names: tuple[str, ...]) -> Embedding:
    """A picture of the first points of a space in two dimensions."""
    from lamella.embeddings.methods import METHODS

    extra: dict[str, Any] = {"perplexity": PERPLEXITY} if method == "tsne" else {}
    made = METHODS[method](space.points[:PICTURED], **extra)
    title = f"{space.layer}, {space.variant}"
    return replace(made, labels=space.labels[:PICTURED], class_names=names, title=title)


def analyse(
    folder: Path,
    name: str,
    settings: dict[str, Any],
    spaces: Iterator[Space],
    *,
    sizes: Sizes,
    pictures: bool = True,
    jobs: int | None = None,
) -> tuple[list[dict[str, Any]], dict[str, Embedding]]:
    """F1 rows and pictures of all spaces, kept in `folder` and taken from there the next time.

    One file for each space, so that a stop loses one space at most. Pictures go by
    "method | layer | variant". UMAP is left out where it is not installed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    methods = [m for m in METHODS if m != "umap" or has_umap()] if pictures else []
    rows: list[dict[str, Any]] = []
    drawn: dict[str, Embedding] = {}
    call = partial(analyse_one, folder, name, settings, sizes=sizes, methods=methods)
    for found, embedded in in_order(call, spaces, jobs or os.cpu_count() or 1):
        rows += found
        drawn |= embedded
    return rows, drawn


def in_order(call: Callable[[Space], Any], spaces: Iterator[Space], jobs: int) -> Iterator[Any]:
    """The results of `call` in the order of the spaces, from processes; few spaces lie in memory.

    The processes are loky's, which need no guard in the caller's script; here if `jobs` is 1.
    """
    if jobs == 1:
        yield from map(call, spaces)
        return
    from joblib.externals.loky import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, timeout=3600) as pool:
        under_way: deque[Any] = deque()
        for space in spaces:
            under_way.append(pool.submit(call, space))
            if len(under_way) > jobs:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def analyse_one(
    folder: Path,
    name: str,
    settings: dict[str, Any],
    space: Space,
    sizes: Sizes,
    methods: Sequence[str],
) -> tuple[list[dict[str, Any]], dict[str, Embedding]]:
    """One space, from its file where that was made with the same settings."""
    from threadpoolctl import threadpool_limits

    stem = f"{name}-{space.layer}-{space.variant}"
    path = folder / f"{stem}.json"
    dimensions = list(sizes.dimensions)
    wanted_umap = name == TRAINED and (sizes.umap_everywhere or space.layer == "latent")
    umap = list(sizes.umap_dimensions) if wanted_umap and has_umap() else []
    wanted = {**settings, "dimensions": dimensions, "umap": umap}
    names = tuple(f"class {k + 1}" for k in range(int(space.labels.max()) + 1))
    files = {method: folder / f"{stem}-{method}.bin" for method in methods}
    kept = json.loads(path.read_text()) if path.exists() else {}
    drawn = read_pictures(files) if kept.get("settings") == wanted else None
    if drawn is None:
        with threadpool_limits(1):
            drawn = {method: picture(space, method, names) for method in methods}
            kept = {"settings": wanted, "f1": f1_rows(space, dimensions, umap)}
        for method, file in files.items():
            write(file, pack(drawn[method]))
        write(path, json.dumps(kept).encode())
    return kept["f1"], {f"{m} | {space.layer} | {space.variant}": e for m, e in drawn.items()}


def read_pictures(files: dict[str, Path]) -> dict[str, Embedding] | None:
    """The pictures that were kept; None where one is missing or damaged."""
    try:
        found = {method: unpack(file.read_bytes()) for method, file in files.items()}
    except (OSError, LamellaError):
        return None
    return found  # type: ignore[return-value]


def write(path: Path, data: bytes) -> None:
    """A file that appears whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(data)
    os.replace(part, path)
