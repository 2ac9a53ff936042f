"""How many principal axes hold most of the variance."""

from __future__ import annotations

import numpy as np

from lamella.arrays import Points
from lamella.checks import check_points, check_range
from lamella.geometry.principal import variances
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="dimension", unit="", better=None, default=True)
def pca_dimension(points: Points, *, share: float = 0.95) -> Table:
    """Least number of principal axes that hold a share of the variance.

    Definition: the first d with (sum of the d largest variances) >= `share` x their sum. Column
    share is what these d hold. Identical points have 0.

    >>> pca_dimension([[0.0, 0.0], [0.0, 1.0], [5.0, 0.0], [5.0, 1.0]]).columns["dimension"]
    array([1])

    Range: 0 to min(features, points - 1).

    Cost: eigenvalues of a matrix of the smaller of points and features.

    Misleads: linear: a curved sheet needs more axes than it has dimensions.

    Source: Jolliffe 2002, Principal component analysis, section 6.1.1.
    """
    array = check_points(points, "pca_dimension()", least=2)
    check_range(share, "pca_dimension()", "a share", low=0, high=1)
    held = np.cumsum(variances(array))
    if held[-1] == 0:
        return row(dimension=0, share=1.0)
    held /= held[-1]
    count = int(np.searchsorted(held, share * (1 - 1e-12)))  # rounding must not cost an axis
    return row(dimension=count + 1, share=float(held[count]))
