"""Intrinsic dimension by maximum likelihood."""

from __future__ import annotations

import numpy as np

from lamella.arrays import Points
from lamella.checks import check_points, check_range
from lamella.errors import bad_input
from lamella.geometry.neighbours import identical_rows, nearest
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="dimension", unit="", better=None, default=False)
def maximum_likelihood_dimension(points: Points, *, neighbours: int = 20) -> Table:
    """Intrinsic dimension from how the number of neighbours grows with distance.

    Definition: at each point, 1 / m(x) = mean over j < k of log(T_k / T_j), with T_j the
    distance to the j-th nearest other point and k = `neighbours` (fewer where there are fewer
    distinct points). Column dimension is the inverse of the mean of 1 / m(x) (MacKay,
    Ghahramani), mean_dimension the mean of m(x) (Levina, Bickel), which runs higher. Duplicates
    are dropped first; identical points have dimension 0.

    >>> x = np.random.default_rng(0).random((500, 2))
    >>> maximum_likelihood_dimension(x).columns["dimension"].round(1).tolist()
    [1.9]

    Range: from 0; at most about the number of features.

    Cost: one matrix product, points^2 x features.

    Misleads: edges and curvature within the reach of k neighbours bias it, below in high
    dimension; fewer than some hundred points are few.

    Source: Levina, Bickel 2004, Maximum likelihood estimation of intrinsic dimension; MacKay,
    Ghahramani 2005, Comments on it.
    """
    where = "maximum_likelihood_dimension()"
    array = check_points(points, where, least=4)
    check_range(neighbours, where, "a number of neighbours", low=2)
    distinct = array[np.unique(identical_rows(array))]
    if len(distinct) < 4:
        return row(dimension=0.0, mean_dimension=0.0)
    far = np.log(nearest(distinct, min(neighbours, len(distinct) - 1)))
    inverse = (far[:, -1:] - far[:, :-1]).mean(axis=1)
    if not inverse.all():
        raise bad_input(
            where,
            wanted="neighbours at different distances",
            got=f"{int((inverse == 0).sum())} points whose neighbours are all equally far",
            do="Raise neighbours, or use pca_dimension",
        )
    return row(dimension=1 / float(inverse.mean()), mean_dimension=float((1 / inverse).mean()))
