"""Nearest neighbours of a sample in any layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from torch import nn

from lamella.checks import check_points, check_range
from lamella.errors import bad_input
from lamella.lens.passes import activations
from lamella.lens.pictures import Pixels, photographs
from lamella.results import Images

Found = tuple[Int[np.ndarray, "queries count"], Float[np.ndarray, "queries count"]]


def neighbours(
    model: nn.Module | None,
    images: Any,
    queries: Sequence[int],
    layer: str | None = None,
    *,
    count: int = 5,
    pixels: Pixels | None = None,
    labels: Sequence[Any] | None = None,
) -> Images:
    """A row for each query (a number of an image): the query, then the images nearest to it.

    Euclidean distance between what `layer` gives (None: the output). Without a model the pixels
    themselves are compared, the baseline to look at beside. Captions tell
    the number of the sample, or its label where there are `labels`, and the distance.
    """
    points = np.asarray(images) if model is None else activations(model, images, layer).numpy()
    near, distances = nearest(points, queries, count)
    shown = [at for query, row in zip(queries, near, strict=True) for at in (query, *row)]
    words = [_words(at, labels) for at in shown]
    spans = [d for row in distances for d in (0.0, *row)]
    captions = [f"{w} {d:.3g}" if d else w for w, d in zip(words, spans, strict=True)]
    title = f"Nearest neighbours in {layer or ('the output' if model else 'pixel space')}"
    pictures = photographs(np.asarray(images)[shown], pixels, captions).pixels
    return Images(pictures, tuple(captions), columns=count + 1, title=title)


def nearest(points: Any, queries: Sequence[int], count: int) -> Found:
    """Numbers and distances of the `count` points nearest to each query, itself left out.

    Ties go to the smaller number. Source: the last-layer neighbours of Krizhevsky, Sutskever,
    Hinton (2012), ImageNet classification with deep convolutional neural networks, section 6.1.

    >>> nearest([[0.0], [3.0], [1.0]], [0], 2)[0]
    array([[2, 1]])
    """
    rows = check_points(points, "neighbours()", least=2, dtype=np.float64)
    check_range(count, "neighbours()", "count", low=1, high=len(rows) - 1)
    if min(queries) < 0 or max(queries) >= len(rows):
        raise bad_input(
            "neighbours()", wanted=f"queries below {len(rows)}", got=str(list(queries)), do="Choose"
        )
    numbers, distances = [], []
    for query in queries:
        gaps = np.sqrt(((rows - rows[query]) ** 2).sum(axis=1))
        gaps[query] = np.inf
        numbers.append(np.argsort(gaps, kind="stable")[:count])
        distances.append(gaps[numbers[-1]])
    return np.array(numbers), np.array(distances)


def _words(at: int, labels: Sequence[Any] | None) -> str:
    return f"#{at}" if labels is None else str(labels[at])
