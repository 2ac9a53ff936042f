"""t-SNE: the picture that keeps neighbourhoods."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from lamella.checks import check_points
from lamella.embeddings.pca import principal_scores
from lamella.embeddings.quality import with_quality
from lamella.results import Embedding


def tsne(
    points: ArrayLike,
    dimensions: int = 2,
    *,
    perplexity: float = 30,
    start: ArrayLike | None = None,
    iterations: int = 500,
    jobs: int = 1,
    seed: int = 0,
) -> Embedding:
    """A picture in which near points of the cloud stay near.

    `points` has shape points x features. `start` is a first picture (points x dimensions), for
    instance that of the previous epoch: the optimisation then begins there, without early
    exaggeration and with half the iterations. The perplexity is lowered when there are fewer than
    three times as many points. Distances between far groups mean little.

    Source: van der Maaten and Hinton 2008, Visualizing data using t-SNE; computed by openTSNE
    (Policar, Strazar, Zupan 2024).
    """
    cloud = check_points(points, "tsne()", least=4, dtype=np.float64)
    perplexity = min(perplexity, (len(cloud) - 1) / 3)
    first = principal_scores(cloud, dimensions)[0] if start is None else np.asarray(start, float)
    picture = _optimise(cloud, _small(first), perplexity, start is None, iterations, jobs, seed)
    axes = tuple(f"t-SNE {k + 1}" for k in range(dimensions))
    return with_quality(
        Embedding(picture, method=f"t-SNE, perplexity {perplexity:g}", axes=axes), cloud
    )


def _small(picture: np.ndarray) -> np.ndarray:
    """A start of standard deviation 1e-4 on its first axis, as t-SNE wants it."""
    spread = picture[:, 0].std()
    return picture / spread * 1e-4 if spread > 0 else np.zeros_like(picture)


def _optimise(
    cloud: np.ndarray,
    start: np.ndarray,
    perplexity: float,
    fresh: bool,
    iterations: int,
    jobs: int,
    seed: int,
) -> np.ndarray:
    from openTSNE import TSNEEmbedding, affinity

    jitter = np.random.default_rng(seed).normal(scale=1e-6, size=start.shape)
    affinities = affinity.PerplexityBasedNN(
        cloud,
        perplexity=perplexity,  # pyright: ignore[reportArgumentType]  (annotated int, takes float)
        method="exact",
        n_jobs=jobs,
        random_state=seed,
    )
    state = TSNEEmbedding(
        start + jitter,
        affinities,
        negative_gradient_method="bh" if len(cloud) < 5000 or start.shape[1] > 2 else "fft",
        n_jobs=jobs,
        random_state=seed,
    )
    if fresh:
        state = state.optimize(n_iter=min(250, iterations), exaggeration=12, momentum=0.5)
    state = state.optimize(n_iter=iterations if fresh else iterations // 2, momentum=0.8)
    return np.asarray(state)
