"""The participation ratio: over how many directions variance is spread."""

from __future__ import annotations

import numpy as np

from lamella.arrays import Points
from lamella.checks import check_points
from lamella.geometry.neighbours import centre
from lamella.geometry.principal import small_gram
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="dimension", unit="", better=None, default=True)
def participation_ratio(points: Points) -> Table:
    """Effective number of principal axes that share the variance.

    Definition: (sum of variances)^2 / sum of variances^2, over the principal axes. Column share
    divides it by the number of features. Identical points have 0.

    >>> square = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    >>> participation_ratio(square).columns["dimension"].tolist()
    [2.0]

    Range: 1 (all on a line) to min(features, points - 1) (all axes alike).

    Cost: one matrix product, points x features x the smaller of both.

    Misleads: a curved line fills many axes; one strong axis hides many weak ones.

    Source: Gao, Trautmann, Yu, Santhanam, Ryu, Shenoy, Ganguli 2017, A theory of multineuronal
    dimensionality, dynamics and measurement.
    """
    array = check_points(points, "participation_ratio()", least=2)
    gram = small_gram(centre(array))
    squares = float((gram**2).sum())  # the sum of squared eigenvalues, without finding them
    ratio = float(np.trace(gram)) ** 2 / squares if squares > 0 else 0.0
    return row(dimension=ratio, share=ratio / array.shape[1])
