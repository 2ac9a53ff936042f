"""The one call for persistent homology: from points or a distance matrix to diagrams."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from lamella.checks import check_points
from lamella.homology.gudhi_bridge import gudhi_bars
from lamella.results import Diagrams


def homology(
    points: Any,
    max_dimension: int = 1,
    *,
    metric: str = "euclidean",
    max_scale: float | None = None,
    threads: int | None = None,
) -> Diagrams:
    """Persistence diagrams of the Vietoris-Rips filtration of a cloud, over Z/2.

    Birth and death are edge lengths; a bar that never dies has death infinity; bars of zero
    length are dropped.

    >>> homology([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]).bars(1).round(3).tolist()
    [[1.0, 1.414]]
    """
    array = check_points(points, "homology()", dtype=np.float64)
    matrix = _distances(array)
    bars = gudhi_bars(matrix, max_dimension, max_scale=np.inf if max_scale is None else max_scale)
    upper = matrix[np.triu_indices(len(matrix), 1)]
    return Diagrams(
        birth=np.concatenate([rows[:, 0] for rows in bars]),
        death=np.concatenate([rows[:, 1] for rows in bars]),
        dimension=np.repeat(np.arange(len(bars)), [len(rows) for rows in bars]),
        points=len(matrix),
        diameter=float(upper.max(initial=0.0)),
        mean_distance=float(upper.mean(dtype=np.float64)) if len(upper) else 0.0,
    )


def homology_many(clouds: Iterable[Any], max_dimension: int = 1, **options: Any) -> list[Diagrams]:
    """Diagrams of each cloud of a batch, computed over threads."""
    threads = options.pop("threads", None)
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda cloud: homology(cloud, max_dimension, **options), clouds))


def _distances(array: np.ndarray) -> np.ndarray:
    from scipy.spatial.distance import pdist, squareform

    return squareform(pdist(array)).astype(np.float32)
