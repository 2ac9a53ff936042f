"""Intrinsic dimension from the two nearest neighbours."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.arrays import Points
from lamella.checks import check_points, check_range
from lamella.errors import bad_input
from lamella.geometry.neighbours import nearest
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="dimension", unit="", better=None, default=True)
def twonn(points: Points, *, keep: float = 0.9) -> Table:
    """Intrinsic dimension from the ratio of the distances to the two nearest neighbours.

    Definition: with mu = r2 / r1 sorted and F(mu_i) = i / N, the slope through the origin of
    -log(1 - F) against log mu, over the smallest `keep` of the ratios. Points with a duplicate
    (r1 = 0) are left out; column used is the share of points that is left. Identical points
    have dimension 0.

    >>> twonn(np.random.default_rng(0).random((500, 2))).columns["dimension"].round(1).tolist()
    [2.1]

    Range: from 0; at most about the number of features.

    Cost: one matrix product, points^2 x features.

    Misleads: reads the finest scale, so noise counts as dimension; underestimates above ten or
    so, where it would need exponentially many points.

    Source: Facco, d'Errico, Rodriguez, Laio 2017, Estimating the intrinsic dimension of datasets
    by a minimal neighborhood information; Ansuini, Laio, Macke, Zoccolan 2019, Intrinsic
    dimension of data representations in deep neural networks.
    """
    array = check_points(points, "twonn()", least=3)
    check_range(keep, "twonn()", "a share to keep", low=0.01, high=1.0)
    first, second = nearest(array, 2).T
    apart = first > 0
    ratios = np.sort(np.log(second[apart] / first[apart]))
    if not len(ratios):
        return row(dimension=0.0, used=0.0)
    return row(dimension=_slope(ratios, keep), used=float(apart.mean()))


def _slope(ratios: Float[np.ndarray, " ratios"], keep: float) -> float:
    count = len(ratios)
    kept = ratios[: max(int(count * keep), 1)]
    kept = kept[: count - 1] if count > 1 else kept  # F = 1 has no logarithm
    if kept[-1] == 0:
        raise bad_input(
            "twonn()",
            wanted="points whose two nearest neighbours differ in distance",
            got="equal distances throughout, as on a grid",
            do="Use participation_ratio or pca_dimension",
        )
    y = -np.log1p(-np.arange(1, len(kept) + 1) / max(count, 2))
    return float(kept @ y / (kept @ kept))
