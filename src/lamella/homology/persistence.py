"""The one call for persistent homology: from points or a distance matrix to diagrams."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from lamella.checks import as_array
from lamella.errors import bad_input
from lamella.homology.arguments import (
    check_cloud,
    check_field,
    check_numbers,
    check_scale,
)
from lamella.homology.budget import GROWING, check_size
from lamella.homology.distances.blas import blas_threads
from lamella.homology.empty_diagrams import why_empty
from lamella.homology.reduction import (
    bound_of,
    check_plausible,
    dense,
    original,
    original_edges,
    reduced,
)
from lamella.results import Diagrams

DEFAULT_WORK = 100e9  # elementary steps: some minutes


def homology(
    points: Any,
    max_dimension: int = 1,
    *,
    metric: str = "euclidean",
    max_scale: float | None = None,
    threads: int | None = None,
    neighbours: int = 15,
    landmarks: int | None = None,
    sample: int | None = None,
    labels: Any = None,
    seed: int = 0,
    representatives: bool = False,
    edges: bool = False,
    field: int = 2,
    memory_mb: float = 4000,
    work: float = DEFAULT_WORK,
) -> Diagrams:
    """Persistence diagrams of the Vietoris-Rips filtration of a cloud, exact, over Z/2.

    `points` are points x features (more axes are flattened), NumPy, Torch or a sparse SciPy
    array, or with metric="precomputed" a symmetric matrix of distances, whose diagonal may hold
    births; the triangle inequality is not used. In a sparse one (either triangle, or both) what
    is not stored is no edge. Other metrics: "cosine" (1 - cos), "manhattan", "geodesic"
    and "hops" (paths in the graph of the nearest `neighbours`, which count the point itself).
    Births and deaths are edge lengths, exact for distances rounded to float32; a bar that never
    dies has death infinity; bars of zero length are dropped. Beyond `max_scale` nothing is
    looked at, so bars alive there are infinite. H3 and above, and fields other than Z/2, go to
    gudhi, if a bound on the number of simplices fits the budget. `threads` is for the metric's
    products; BLAS gets one thread by default.

    With `landmarks=n` only n farthest points are used, and the `bound` of the result limits the
    bottleneck distance to the diagram of all points (of a matrix, if the triangle inequality
    holds). With `sample=n` it is a random sample, in
    which each class of `labels` keeps its share. With `representatives` every H1 bar gets the
    indices of a cycle of points at its birth, in `vertices`; with `edges` every bar gets the
    points of the edges of its birth and death.

    Warns where there are fewer points than landmarks, and where points look like a matrix of
    distances. Raises InputError for NaN or infinity in points, no points, a matrix that is
    asymmetric or negative, or a dimension that is no whole number, and BudgetError when
    `memory_mb` or `work` (elementary steps) would not suffice.

    >>> homology([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]).bars(1).round(3).tolist()
    [[1.0, 1.414]]

    Source: Koyama, Memoli, Robins, Turner 2023, arXiv 2307.16333; docs/homology.md.
    """
    check_numbers(max_dimension, work=work, memory_mb=memory_mb)
    check_field(field)
    check_scale(max_scale)
    array = as_array(dense(points, metric, max_dimension, memory_mb), "homology()")
    check_cloud(array, metric)
    if array.ndim and len(array) == 0:
        raise bad_input(
            "homology()", wanted="at least 1 point", got="0", do="Record a larger probe"
        )
    check_plausible(array, metric)
    kept = reduced(array, metric, neighbours, landmarks, sample, labels, seed)
    array, metric = kept.array, kept.metric
    features = 0 if array.ndim < 2 or metric == "precomputed" else int(np.prod(array.shape[1:]))
    check_size(len(array) if array.ndim else 0, max_dimension, features, memory_mb)
    from lamella.homology.distances.metrics import cloud_of
    from lamella.homology.engine import findings_of

    with blas_threads(threads or 1):
        cloud = cloud_of(array, metric, neighbours=neighbours)
    found = findings_of(
        cloud,
        max_dimension,
        max_scale=max_scale,
        field=field,
        memory_limit=int(memory_mb * 1e6 * GROWING),
        work_limit=int(work),
        representatives=representatives,
        edges=edges,
    )
    bars = np.concatenate(found.bars)
    return Diagrams(
        birth=bars[:, 0],
        death=bars[:, 1],
        dimension=np.repeat(np.arange(len(found.bars)), [len(rows) for rows in found.bars]),
        points=len(array),
        diameter=cloud.diameter,
        mean_distance=cloud.mean_distance,
        bound=bound_of(kept, cloud.diameter),
        why_empty=why_empty(
            sum(map(len, found.bars[1:])),
            max_dimension,
            len(array),
            len(cloud.matrix),
            found.born,
            max_scale,
        ),
        vertices=original(found.cycles, kept.chosen),
        edges=original_edges(found.edges, kept.chosen),
    )


def homology_many(
    clouds: Iterable[Any], max_dimension: int = 1, *, threads: int | None = None, **options: Any
) -> list[Diagrams]:
    """Diagrams of each cloud of a batch over threads (all cores by default), as by `homology`.

    Each cloud is worked on by one thread, and BLAS has one thread too.

    >>> [len(d.bars(0)) for d in homology_many([[[0.0], [1.0]], [[0.0], [0.0]]])]
    [2, 1]
    """
    with blas_threads(1), ThreadPoolExecutor(threads or usable_cores()) as pool:
        return list(pool.map(lambda cloud: homology(cloud, max_dimension, **options), clouds))


def usable_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
