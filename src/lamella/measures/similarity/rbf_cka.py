"""RBF CKA: do two representations have the same neighbourhoods."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.arrays import Points
from lamella.checks import check_range
from lamella.geometry.gram import Kernel, alignment, check_pair, kernel_hsic
from lamella.geometry.neighbours import distance_matrix
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="unbiased", unit="", better=None, default=False, pairwise=True)
def rbf_cka(
    points: Points,
    other: Points,
    *,
    width: float = 0.5,
) -> Table:
    """Centred kernel alignment of two representations of the same samples, Gaussian kernel.

    Definition: CKA of the kernels exp(-distance^2 / (2 s^2)), where s is `width` times the
    median distance of each representation; plain (column cka) and from unbiased estimates
    (column unbiased). A constant representation has 0.

    >>> x = [[0.0], [1.0], [3.0], [7.0]]
    >>> rbf_cka(x, [[0.0], [2.0], [6.0], [14.0]]).columns["cka"].round(9).tolist()
    [1.0]

    Range: 0 to 1 (the same distances up to one scale); unbiased may fall a little below 0.

    Cost: two matrix products and exponentials, points^2 x features.

    Misleads: a small width makes every two kernels alike, each point being near itself only; the
    unbiased value does not have this fault.

    Source: Kornblith, Norouzi, Lee, Hinton 2019, Similarity of neural network representations
    revisited; unbiased: Song, Smola, Gretton, Bedo, Borgwardt 2012, Feature selection via
    dependence maximization.
    """
    one, two = check_pair(points, other, "rbf_cka()")
    check_range(width, "rbf_cka()", "a width", low=1e-6)
    plain, unbiased = alignment(_kernel(one, width), _kernel(two, width), kernel_hsic)
    return row("unbiased", cka=plain, unbiased=unbiased)


def _kernel(points: Float[np.ndarray, "points features"], width: float) -> Kernel:
    from scipy.spatial.distance import squareform

    far = distance_matrix(points)
    median = float(np.median(squareform(far, checks=False)))
    if median == 0:  # more than half of the pairs are duplicates: let the mean set the scale
        median = float(far.mean())
    if median == 0:
        return np.ones_like(far)
    far *= np.sqrt(0.5) / (width * median)
    np.square(far, out=far)
    np.negative(far, out=far)
    return np.exp(far, out=far)
