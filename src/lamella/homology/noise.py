"""How long a bar must be to stand above the noise of the sample."""

from __future__ import annotations

from math import ceil, log
from typing import Any

import numpy as np
from jaxtyping import Float

from lamella.checks import check_choice, check_points, check_range

METHODS = ("bootstrap", "subsampling")


def confidence(
    points: Any,
    level: float = 0.95,
    *,
    repeats: int = 200,
    method: str = "bootstrap",
    size: int | None = None,
    seed: int = 0,
) -> float:
    """The length above which a bar of `homology(points)` is signal with probability `level`.

    The Hausdorff distance H between the points and the unknown set they were drawn from bounds
    how far the diagram is off: at most 2 H in edge lengths. Its quantile q is estimated by the
    Hausdorff distance between the points and a sample of them, over `repeats` samples: with
    replacement ("bootstrap", somewhat bold for homology), or `size` points without ("subsampling",
    by default points / log(points), cautious). A bar within 2 q of the diagonal may be noise, so
    the threshold is 4 q. Raises InputError as `homology`.

    >>> confidence([[0.0], [1.0]], repeats=50)
    4.0

    Source: Fasy, Lecci, Rinaldo, Wasserman, Balakrishnan, Singh 2014, Confidence sets for
    persistence diagrams, sections 4.1 and 6 (there with balls of half the edge length).
    """
    array = check_points(points, "confidence()", least=2, dtype=np.float64)
    check_range(level, "confidence()", "level", low=0.0, high=1.0)
    check_choice(method, METHODS, "method")
    from lamella.homology.distances.metrics import pairwise_distances

    matrix = pairwise_distances(array)
    size = size or max(1, ceil(len(array) / max(1.0, log(len(array)))))
    distances = hausdorff_distances(matrix, method, size, repeats, np.random.default_rng(seed))
    return 4 * float(np.quantile(distances, level, method="inverted_cdf"))


def hausdorff_distances(
    matrix: Float[np.ndarray, "points points"],
    method: str,
    size: int,
    repeats: int,
    generator: np.random.Generator,
) -> Float[np.ndarray, " repeats"]:
    """How far the farthest point is from a random sample of the points, again and again."""
    from lamella.homology.distances.farthest import greatest_gap

    count = len(matrix)
    found = np.empty(repeats)
    for repeat in range(repeats):
        if method == "bootstrap":
            sample = np.unique(generator.integers(0, count, count))
        else:
            sample = generator.choice(count, min(size, count), replace=False)
        found[repeat] = greatest_gap(matrix, sample)
    return found
