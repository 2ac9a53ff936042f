"""Embeddings of layers with their images: clouds of thumbnails and the image grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isqrt

import numpy as np

from lamella.checks import check_choice
from lamella.datasets.dataset import Dataset, stratified
from lamella.embeddings import pca, tsne
from lamella.errors import MissingExtra
from lamella.results import Embedding, Images
from lamella.story import Picture, Section, Sentence
from lamella.studies.evolution import NAMES
from lamella.studies.images_lattice import assign_to_lattice
from lamella.studies.images_network import Seen
from lamella.studies.images_pixels import as_pixels


def embedding_section(
    net: str, data: Dataset, seen: Seen, methods: Sequence[str], count: int = 900, seed: int = 0
) -> Section:
    """PCA, t-SNE (and UMAP) of the last hidden layer with thumbnails, and the t-SNE image grid."""
    rows = stratified(seen.labels, count, seed)
    features = seen.features[rows].astype(np.float64)
    pixels = as_pixels(data.test.inputs[rows], data.steps)
    pictures, sentences = [], []
    for method in (check_choice(method, NAMES, "embedding") for method in methods):
        picture = embed(method, features, seed)
        if isinstance(picture, Sentence):
            sentences.append(picture)
            continue
        picture = replace(
            picture,
            labels=seen.labels[rows],
            ids=data.test.ids[rows],
            class_names=data.class_names,
            title=f"{net}: {NAMES[method]} of the last hidden layer",
        )
        sentences.append(say_trust(net, picture))
        caption = f"{net}: {count} test images where {picture.method} of the last layer puts them."
        pictures.append(Picture("thumbnails", picture, caption, {"images": Images(pixels)}))
        if method == "tsne":
            pictures.append(grid_picture(net, picture, pixels))
    return Section(f"The last layer of {net}", tuple(sentences), tuple(pictures))


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


def say_trust(net: str, picture: Embedding) -> Sentence:
    """How far an embedding can be believed."""
    return Sentence(
        f"{net}: {picture.method} keeps {picture.neighbours_kept:.0%} of the 15 nearest neighbours "
        f"of each image; its trustworthiness is {picture.trustworthiness:.3f}.",
        {
            "neighbours kept": round(picture.neighbours_kept, 4),
            "trustworthiness": round(picture.trustworthiness, 4),
        },
    )


def grid_picture(net: str, embedding: Embedding, pixels: np.ndarray) -> Picture:
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
        f"{net}: the t-SNE image grid: the same images, each once, assigned to a {side} x {side} "
        "lattice so that the sum of squared moves is least.",
    )
