"""What a study of networks on images tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from typing import Any

import numpy as np

from lamella.data.dataset import Dataset
from lamella.experiments.images.embedding import last_layer_section, layer_section
from lamella.experiments.images.errors import (
    class_accuracies,
    confusion,
    say_accuracy,
    say_confusions,
    say_overfitting,
    worst_errors,
)
from lamella.experiments.images.geometry import (
    betti_section,
    collapse_section,
    geometry_section,
    similarity_section,
)
from lamella.experiments.images.neighbours import (
    instructive_queries,
    nearest,
    neighbour_rows,
    same_class_share,
)
from lamella.experiments.images.predictions import Predictions, last_linear, network_of, predict
from lamella.narrative.embedding_grids import embedding_grids
from lamella.narrative.slices import Runs, learning_table
from lamella.story import Picture, Section, Sentence, Story

QUERIES, ROWS, NEIGHBOURS = 2000, 10, 5


def images_story(
    nets: Mapping[str, Runs],
    data: Dataset,
    methods: Sequence[str],
    layers: Sequence[str],
    facts: dict[str, Any],
) -> Story:
    """The story of one or more networks on a data set of images.

    `methods` embed the last hidden layer, and those recorded layers that match `layers`.
    """
    networks = {net: network_of(runs[0], data) for net, runs in nets.items()}
    seen = {
        net: {"train": predict(network, data.train), "test": predict(network, data.test)}
        for net, network in networks.items()
    }
    weights = {net: _classifier(network) for net, network in networks.items()}
    on_test = {net: splits["test"] for net, splits in seen.items()}
    sections = [
        training_section(nets),
        error_section(data, on_test),
        *(neighbour_section(net, data, splits) for net, splits in seen.items()),
        *(last_layer_section(net, data, each, methods) for net, each in on_test.items()),
        *(
            layer_section(net, data, runs[0], layer, methods)
            for net, runs in nets.items()
            for layer in matching(runs[0].layers, layers)
        ),
        evolution_section(nets, methods),
        geometry_section(nets),
        similarity_section(nets),
        collapse_section(seen, weights),
        *(betti_section(net, each, data.class_names) for net, each in on_test.items()),
    ]
    return Story(f"{' and '.join(nets)} on {data.name}", verdict(on_test), tuple(sections), facts)


def evolution_section(nets: Mapping[str, Runs], methods: Sequence[str]) -> Section:
    """The same images in every layer and epoch."""
    said = Sentence(
        "The same test images in every cell, each picture turned by orthogonal Procrustes onto the "
        "next epoch and the layer before; the first net of each kind."
    )
    grids = embedding_grids(nets, [m for m in methods if m in ("pca", "tsne")])
    return Section("How the data moves", (said,), grids)


def verdict(seen: Mapping[str, Predictions]) -> Sentence:
    """The test accuracy of each net in one sentence."""
    right = {net: 100 * float((s.predicted == s.labels).mean()) for net, s in seen.items()}
    said = " and ".join(f"{net} is right on {share:.2f} %" for net, share in right.items())
    count = len(next(iter(seen.values())).labels)
    return Sentence(f"Of {count:,} test images, {said}.", right)


def training_section(nets: Mapping[str, Runs]) -> Section:
    """Learning curves, accuracies and overfitting."""
    sentences = [say_accuracy(net, runs) for net, runs in nets.items()]
    sentences += [say_overfitting(net, runs[0]) for net, runs in nets.items()]
    tables = {net: learning_table(runs) for net, runs in nets.items()}
    return Section(
        "Training", tuple(sentences), (Picture("training_curves", tables, "Error and loss."),)
    )


def error_section(data: Dataset, seen: Mapping[str, Predictions]) -> Section:
    """Confusion matrices, accuracy of each class, and the errors as pictures."""
    pictures = [Picture("table", class_accuracies(dict(seen), data.class_names), "By class, test.")]
    for net, each in seen.items():
        pictures.append(
            Picture("confusion_matrix", confusion(each, data.class_names), f"{net} on test.")
        )
        pictures.append(
            Picture(
                "mosaic",
                worst_errors(data, each),
                f"{net}: the wrong test images it was surest of (true as predicted, confidence).",
                {"captioned": True},
            )
        )
    sentences = [say_confusions(net, each, data.class_names) for net, each in seen.items()]
    return Section("Errors", tuple(sentences), tuple(pictures))


def neighbour_section(net: str, data: Dataset, seen: Mapping[str, Predictions]) -> Section:
    """Neighbours among the training images by features of the last layer and by pixels."""
    test, train = seen["test"], seen["train"]
    count = min(QUERIES, len(data.test))
    pixels = [split.inputs.reshape(len(split), -1) for split in (data.test, data.train)]
    by_features, _ = nearest(test.features[:count], train.features, NEIGHBOURS)
    by_pixels, _ = nearest(pixels[0][:count], pixels[1], NEIGHBOURS)
    first = Predictions(test.features[:count], test.logits[:count], test.labels[:count])
    rows = instructive_queries(first, by_features, by_pixels, train.labels, ROWS)
    images = neighbour_rows(data, rows, by_features[rows], by_pixels[rows])
    shares = [same_class_share(f, train.labels, first.labels) for f in (by_features, by_pixels)]
    sentence = Sentence(
        f"The nearest training image has the test image's class in {shares[0][0]:.1%} of cases "
        f"by the last hidden layer of {net}, in {shares[1][0]:.1%} by pixels ({count:,} queries "
        f"among {len(data.train):,}).",
        {"by features": shares[0], "by pixels": shares[1]},
    )
    picture = Picture(
        "mosaic",
        images,
        f"In each row a test image, its {NEIGHBOURS} nearest training images by features of {net}, "
        f"then its {NEIGHBOURS} nearest by pixels. The first rows are drawn at random, the others "
        "are those where pixels mislead most.",
        {"captioned": True, "split": 1 + NEIGHBOURS},
    )
    return Section(f"Nearest neighbours, {net}", (sentence,), (picture,))


def _classifier(network: Any) -> tuple[np.ndarray, np.ndarray]:
    head = last_linear(network)
    return tuple(p.detach().cpu().numpy() for p in (head.weight, head.bias))  # type: ignore[return-value]


def matching(names: Sequence[str], globs: Sequence[str]) -> list[str]:
    """The names that match any of the globs.

    >>> matching(("pool1", "act3", "head"), ["pool*", "head"])
    ['pool1', 'head']
    """
    return [name for name in names if any(fnmatch(name, glob) for glob in globs)]
