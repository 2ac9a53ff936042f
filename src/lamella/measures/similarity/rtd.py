"""Representation topology divergence: which clusters and loops two representations disagree on."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.arrays import Points
from lamella.checks import check_range
from lamella.geometry.bars import lengths
from lamella.geometry.gram import check_pair
from lamella.geometry.neighbours import distance_matrix
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table
from lamella.seeds import numpy_generator

Distances = Float[np.ndarray, "points points"]


@measures.register(value="rtd", unit="", better=None, default=False, pairwise=True)
def rtd(
    points: Points,
    other: Points,
    *,
    sample: int = 200,
    repeats: int = 3,
    seed: int = 0,
) -> Table:
    """Total length of the features that appear in one representation at another scale.

    Definition: distances of each are divided by their .9 quantile. The R-cross-barcode of (w, w')
    is the H1 barcode of the graph on twice the points whose Rips filtration is the mapping cone
    of Rips(w) inside Rips(min(w, w')); its bars sum to RTD(w, w'). Columns: forth for (points,
    other), back for the reverse, rtd their mean; each averaged over `repeats` random samples of
    `sample` points (all points when there are no more).

    >>> x = [[0.0], [1.0], [5.0], [7.0]]
    >>> rtd(x, x).columns["rtd"].tolist()
    [0.0]

    Range: from 0 (the same clusters and loops at the same scales), without an upper bound.

    Cost: homology of twice the sample, twice for each repeat; some hundredths of a second.

    Misleads: grows with the sample; compare values of equal samples only.

    Source: Barannikov, Trofimov, Balabin, Burnaev 2022, Representation topology divergence: a
    method for comparing neural network representations, definition 2.1 and section 2.3.
    """
    one, two = check_pair(points, other, "rtd()")
    check_range(sample, "rtd()", "a sample size", low=2)
    check_range(repeats, "rtd()", "a number of repeats", low=1)
    pairs = [
        (divergence(a, b), divergence(b, a)) for a, b in _samples(one, two, sample, repeats, seed)
    ]
    forth, back = np.mean(pairs, axis=0)
    return row(rtd=float(forth + back) / 2, forth=float(forth), back=float(back))


def divergence(one: Distances, two: Distances) -> float:
    """Sum of the H1 bars of the R-cross-barcode of two distance matrices on the same points."""
    from lamella.homology import homology

    # All is filled at the greatest distance; a little above it, for the engine rounds to float32.
    highest = 1.000001 * max(float(one.max()), float(two.max()))
    diagrams = homology(doubled(one, two), 1, metric="precomputed", max_scale=highest)
    return float(lengths(diagrams, 1).sum())


def doubled(one: Distances, two: Distances) -> Float[np.ndarray, "vertices vertices"]:
    """The matrix of section 2.3: the points twice, and one vertex that cones off the first copy.

    Between point i of the first copy and point j of the second stands w_ij for j <= i; other
    pairs never join, for which something larger than every distance does, since by then all of
    the cone is filled.
    """
    count = len(one)
    never = 2 * max(float(one.max()), float(two.max())) + 1
    between = np.where(np.tri(count, dtype=bool), one, never)
    matrix = np.full((2 * count + 1, 2 * count + 1), never)
    matrix[:count, :count] = one
    matrix[count:-1, :count] = between
    matrix[:count, count:-1] = between.T
    matrix[count:-1, count:-1] = np.minimum(one, two)
    matrix[-1, :count] = matrix[:count, -1] = matrix[-1, -1] = 0.0
    return matrix


def _samples(one, two, sample: int, repeats: int, seed: int):
    """Scaled distance matrices of the same random points in both."""
    generator = numpy_generator(seed, "rtd")
    if len(one) <= sample:
        yield _scaled(one), _scaled(two)
        return
    for _ in range(repeats):
        chosen = generator.choice(len(one), sample, replace=False)
        yield _scaled(one[chosen]), _scaled(two[chosen])


def _scaled(points) -> Distances:
    from scipy.spatial.distance import squareform

    far = distance_matrix(points)
    quantile = float(np.quantile(squareform(far, checks=False), 0.9)) or float(far.max())
    return far / quantile if quantile > 0 else far
