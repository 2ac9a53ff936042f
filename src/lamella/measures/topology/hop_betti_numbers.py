"""Betti numbers of each class, in hops between neighbours instead of distances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float, Float32

from lamella.arrays import Labels, Points
from lamella.checks import as_array, check_labels, check_points, check_range
from lamella.measures.topology.betti_numbers import alive
from lamella.registry import measures
from lamella.results import Table

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BLOCK = 512  # rows of distances at a time


@measures.register(value="total", unit="", better="low", default=False, rows="classes")
def hop_betti_numbers(
    points: Points,
    labels: Labels,
    *,
    neighbours: int = 35,
    hops: int = 2,
    max_dimension: int = 1,
) -> Table:
    """Components and holes of each class, on the graph of its nearest neighbours.

    Definition: within a class, two points are joined when one is among the `neighbours` nearest
    of the other, itself counted, ties included. The distance of two points is the least number
    of joins between them, and the Betti numbers are those of the flag complex of all pairs at
    most `hops` apart. Scale and local density play no part. Points that coincide count once.
    Column total is their sum; the last row, class "all", has the sums over classes.

    >>> angles = np.arange(12) * np.pi / 6
    >>> ring = np.column_stack([np.cos(angles), np.sin(angles)])
    >>> table = hop_betti_numbers(ring, np.zeros(12), neighbours=3)
    >>> [int(table.columns[name][0]) for name in ("betti0", "betti1")]
    [1, 1]

    Range: whole numbers from 0; betti0 at least 1.

    Cost: points^2 x features of the largest class, and its homology at few scales.

    Misleads: `neighbours` decides: more than the points of a component join it to the next, fewer
    tear holes. Choose it where the answer is known, and keep it for all layers.

    Source: Naitzat, Zhitnikov, Lim 2020, Topology of deep neural networks, JMLR 21(184),
    sections 5 and 6.
    """
    array = check_points(points, "hop_betti_numbers()", dtype=np.float64)
    classes = check_labels(labels, len(array), "hop_betti_numbers()")
    check_range(neighbours, "hop_betti_numbers()", "neighbours", low=2)
    check_range(hops, "hop_betti_numbers()", "hops", low=1)
    clouds = [array[classes == c] for c in range(classes.max() + 1)]
    found = np.array([hop_betti(cloud, neighbours, hops, max_dimension) for cloud in clouds])
    names = np.array([*map(str, np.unique(as_array(labels))), "all"])
    found = np.vstack([found, found.sum(axis=0)])
    columns = {f"betti{d}": found[:, d] for d in range(found.shape[1])}
    return Table({"class": names, **columns, "total": found.sum(axis=1)})


def hop_betti(
    points: Float[np.ndarray, "points features"], neighbours: int, hops: int, max_dimension: int = 1
) -> list[int]:
    """The Betti numbers 0 ... `max_dimension` of one cloud at `hops` hops."""
    from lamella.homology import homology

    matrix = hop_distances(np.unique(points, axis=0), neighbours, hops)
    diagrams = homology(matrix, max_dimension, metric="precomputed", max_scale=hops)
    return [alive(diagrams.bars(d), hops) for d in range(max_dimension + 1)]


def hop_distances(
    points: Float[np.ndarray, "points features"], neighbours: int, hops: int
) -> Float32[np.ndarray, "points points"]:
    """Number of joins between any two points; `hops` + 1 where there are more than `hops`."""
    near = neighbour_graph(points, neighbours)
    reached = near.copy()
    found = np.full((len(points), len(points)), hops + 1, dtype=np.float32)
    for hop in range(1, hops + 1):
        rows, columns = reached.nonzero()
        found[rows, columns] = np.minimum(found[rows, columns], hop)
        reached = reached @ near
    np.fill_diagonal(found, 0)
    return found


def neighbour_graph(points: Float[np.ndarray, "points features"], neighbours: int) -> csr_array:
    """Which points are joined, as a sparse symmetric 0-1 matrix with ones on the diagonal."""
    from scipy.sparse import csr_array
    from scipy.spatial.distance import cdist

    place = min(neighbours, len(points)) - 1
    joined = []
    for start in range(0, len(points), BLOCK):
        # By differences, not by products: equal distances must come out equal.
        distances = cdist(points[start : start + BLOCK], points, "sqeuclidean")
        reach = np.partition(distances, place, axis=1)[:, place, None]
        rows, columns = np.nonzero(distances <= reach)
        joined.append(np.array([rows + start, columns]))
    rows, columns = np.concatenate(joined, axis=1)
    graph = csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(points),) * 2)
    both = graph + graph.T
    both.data[:] = 1
    return both
