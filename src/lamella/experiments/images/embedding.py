"""Embeddings of layers with their images: clouds of thumbnails and the image grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isqrt

import numpy as np
from jaxtyping import Float, Int

from lamella.checks import check_choice
from lamella.data.dataset import Dataset, stratified
from lamella.embeddings import pca, tsne
from lamella.errors import MissingExtra
from lamella.experiments.images.predictions import Predictions, as_pixels
from lamella.narrative.embedding_grids import NAMES
from lamella.results import Embedding, Images
from lamella.store import Run
from lamella.story import Picture, Section, Sentence

ALL = slice(None)


def last_layer_section(
    net: str,
    data: Dataset,
    seen: Predictions,
    methods: Sequence[str],
    count: int = 900,
    seed: int = 0,
) -> Section:
    """The last hidden layer of a net, on `count` test images drawn by class."""
    rows = stratified(seen.labels, count, seed) if count < len(seen.labels) else ALL
    return embedding_section(
        f"{net}, last hidden layer", data, seen.features[rows], data.test.ids[rows], methods, seed
    )


def layer_section(net: str, data: Dataset, run: Run, layer: str, methods: Sequence[str]) -> Section:
    """Any recorded layer of a run at its last epoch, on the test probe."""
    points = run.activations(layer, run.epochs[-1], "test")
    flat = np.asarray(points).reshape(len(points), -1)
    return embedding_section(f"{net}, {layer}", data, flat, run.ids("test"), methods, 0)


def embedding_section(
    what: str, data: Dataset, points: np.ndarray, ids: np.ndarray, methods: Sequence[str], seed: int
) -> Section:
    """PCA, t-SNE (and UMAP) of test images with thumbnails, and the t-SNE image grid."""
    rows = np.searchsorted(data.test.ids, ids)
    pixels = as_pixels(data.test.inputs[rows], data.steps)
    pictures, sentences = [], []
    for method in (check_choice(method, NAMES, "embedding") for method in methods):
        picture = embed(method, points.astype(np.float64), seed)
        if isinstance(picture, Sentence):
            sentences.append(picture)
            continue
        picture = replace(
            picture,
            labels=data.test.labels[rows],
            ids=ids,
            class_names=data.class_names,
            title=f"{what}: {NAMES[method]}",
        )
        sentences.append(say_trust(what, picture))
        caption = f"{what}: {len(ids)} test images where {picture.method} puts them."
        pictures.append(Picture("thumbnails", picture, caption, {"images": Images(pixels)}))
        if method == "tsne":
            pictures.append(grid_picture(what, picture, pixels))
    return Section(f"Embedding of {what}", tuple(sentences), tuple(pictures))


def embed(method: str, features: np.ndarray, seed: int) -> Embedding | Sentence:
    """The embedding, or a sentence that says what to install."""
    if method == "pca":
        return pca(features)
    if method == "tsne":
        return tsne(features, seed=seed)
    from lamella.embeddings import umap

    try:
        return umap(features, seed=seed)
    except MissingExtra as error:
        return Sentence(f"UMAP is left out: {error}")


def say_trust(what: str, picture: Embedding) -> Sentence:
    """How far an embedding can be believed."""
    return Sentence(
        f"{what}: {picture.method} keeps {picture.neighbours_kept:.0%} of the 15 nearest "
        f"neighbours of each image; its trustworthiness is {picture.trustworthiness:.3f}.",
        {
            "neighbours kept": round(picture.neighbours_kept, 4),
            "trustworthiness": round(picture.trustworthiness, 4),
        },
    )


def grid_picture(what: str, embedding: Embedding, pixels: np.ndarray) -> Picture:
    """Each image once, on the lattice place that linear assignment gives it."""
    side = isqrt(len(pixels))
    kept = slice(0, side * side)
    order = assign_to_lattice(embedding.points[kept], side, side)
    labels = np.asarray(embedding.labels)[kept][order]
    captions = tuple(embedding.class_names[label] for label in labels)
    images = Images(pixels[kept][order], captions, side)
    return Picture(
        "mosaic",
        images,
        f"{what}: the t-SNE image grid: the same images, each once, assigned to a {side} x {side} "
        "lattice so that the sum of squared moves is least.",
    )


def assign_to_lattice(
    points: Float[np.ndarray, "points 2"], rows: int, columns: int
) -> Int[np.ndarray, " places"]:
    """For each place of the lattice, row by row from the top, the index of the point put there.

    Each point is used once; the sum of squared distances between points and places, both scaled to
    the unit square, is the least possible. InputError unless there are rows x columns points.

    Source: the linear assignment problem (Kuhn 1955), by SciPy's Jonker-Volgenant; the use for
    t-SNE after Karpathy (2014), t-SNE visualization of CNN codes.

    >>> assign_to_lattice(np.array([[9.0, 9], [0, 9], [0, 0], [9, 0]]), 2, 2)
    array([1, 0, 2, 3])
    """
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    from lamella.errors import bad_input

    if len(points) != rows * columns:
        raise bad_input(
            "assign_to_lattice()",
            wanted=f"{rows} x {columns} points",
            got=str(len(points)),
            do="Take as many points as places",
        )
    low, high = points.min(axis=0), points.max(axis=0)
    unit = (points - low) / np.maximum(high - low, 1e-12)
    across, down = np.linspace(0, 1, columns), np.linspace(1, 0, rows)
    places = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)
    return linear_sum_assignment(cdist(places, unit, "sqeuclidean"))[1]
