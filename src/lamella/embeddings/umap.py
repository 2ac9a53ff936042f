"""UMAP, where the extra is installed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lamella.checks import check_points
from lamella.embeddings.quality import with_quality
from lamella.errors import missing_extra
from lamella.results import Embedding


def umap(
    points: ArrayLike,
    dimensions: int = 2,
    *,
    neighbours: int = 15,
    minimum_distance: float = 0.1,
    start: ArrayLike | None = None,
    seed: int = 0,
) -> Embedding:
    """A picture by uniform manifold approximation and projection.

    `points` has shape points x features. A seed fixes the picture on one machine only: umap-learn
    may still differ between machines. Raises MissingExtra without umap-learn.

    Source: McInnes, Healy, Melville 2018, UMAP (arXiv 1802.03426).
    """
    cloud = check_points(points, "umap()", least=4, dtype=np.float64)
    try:
        from umap import UMAP
    except ImportError as error:
        raise missing_extra("umap-learn", "umap", "UMAP") from error
    reducer = UMAP(
        n_components=dimensions,
        n_neighbors=min(neighbours, len(cloud) - 1),
        min_dist=minimum_distance,
        init="spectral" if start is None else np.asarray(start, np.float32),  # pyright: ignore
        random_state=seed,
        n_jobs=1,
    )
    picture = np.asarray(reducer.fit_transform(cloud), dtype=float)
    axes = tuple(f"UMAP {k + 1}" for k in range(dimensions))
    return with_quality(
        Embedding(picture, method=f"UMAP, {neighbours} neighbours", axes=axes), cloud
    )
