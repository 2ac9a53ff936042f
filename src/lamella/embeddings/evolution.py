"""The same samples in every cell of a run, each picture aligned with its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lamella.checks import check_choice
from lamella.data.dataset import stratified
from lamella.embeddings.align import align
from lamella.embeddings.methods import METHODS
from lamella.results import Embedding


def embed_run(
    run: Any,
    method: str = "pca",
    *,
    layers: Sequence[str] | None = None,
    epochs: Sequence[int] | None = None,
    split: str = "test",
    dimensions: int = 2,
    points: int = 1000,
    seed: int = 0,
    **arguments: Any,
) -> dict[tuple[str, int], Embedding]:
    """An aligned embedding for each (layer, epoch) of one split of a run.

    The last epoch is embedded first, layer by layer, each aligned by orthogonal Procrustes with
    the layer before; then every earlier epoch is aligned with the epoch after it, since the end
    of training is the picture a reader knows. t-SNE and UMAP start from that neighbour's picture
    too. At most `points` samples, the same ones everywhere, are drawn, stratified by label.
    """
    embed = METHODS[check_choice(method, METHODS, "embedding")]
    layers = list(run.layers if layers is None else layers)
    epochs = sorted(run.epochs if epochs is None else epochs, reverse=True)
    labels = run.labels(split)
    chosen = stratified(labels, min(points, len(labels)), seed)
    facts = {
        "labels": labels[chosen],
        "ids": run.ids(split)[chosen],
        "class_names": tuple(run.class_names),
    }
    cells: dict[tuple[str, int], Embedding] = {}
    for position, layer in enumerate(layers):
        for step, epoch in enumerate(epochs):
            before = cells.get((layer, epochs[step - 1])) if step else None
            if before is None and position:
                before = cells[layers[position - 1], epoch]
            cloud = _flat(run.activations(layer, epoch, split))[chosen]
            extra = arguments if method == "pca" else {**arguments, **_start(before, seed)}
            picture = embed(cloud, dimensions, **extra)
            cells[layer, epoch] = _settle(replace(picture, **facts), before)
    return cells


def _start(before: Embedding | None, seed: int) -> dict[str, Any]:
    return {"seed": seed, "start": None if before is None else before.points}


def _settle(picture: Embedding, before: Embedding | None) -> Embedding:
    """The picture at root mean square radius 1, turned onto the one before."""
    centred = picture.points - picture.points.mean(axis=0)
    radius = np.sqrt((centred**2).sum(axis=1).mean())
    scaled = centred / radius if radius > 0 else centred
    return replace(picture, points=scaled if before is None else align(scaled, before.points))


def _flat(activations: np.ndarray) -> np.ndarray:
    return activations.reshape(len(activations), -1)
