"""Linear CKA: are two representations the same up to rotation and scale."""

from __future__ import annotations

from lamella.arrays import Points
from lamella.geometry.gram import alignment, check_pair, feature_hsic, kernel_hsic
from lamella.geometry.neighbours import centre
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="unbiased", unit="", better=None, default=False, pairwise=True)
def linear_cka(points: Points, other: Points) -> Table:
    """Centred kernel alignment of two representations of the same samples, linear kernel.

    Definition: ||X^T Y||^2 / (||X^T X|| ||Y^T Y||) of the centred points (column cka), and the
    same from the unbiased estimate of each term, which does not grow as points get few (column
    unbiased). A constant representation has 0.

    >>> x = [[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [3.0, 1.0]]
    >>> rotated = [[0.0, 0.0], [0.0, 5.0], [-10.0, 0.0], [-5.0, 15.0]]
    >>> linear_cka(x, rotated).columns["cka"].round(9).tolist()
    [1.0]

    Range: 0 to 1 (equal up to rotation, reflection and one scale); unbiased may fall a little
    below 0.

    Cost: three matrix products, points x features^2; with more features than points two,
    points^2 x features.

    Misleads: a few directions of great variance decide it; the plain value is high for few points
    in many features even when they have nothing in common.

    Source: Kornblith, Norouzi, Lee, Hinton 2019, Similarity of neural network representations
    revisited; unbiased: Song, Smola, Gretton, Bedo, Borgwardt 2012, Feature selection via
    dependence maximization.
    """
    one, two = (centre(cloud) for cloud in check_pair(points, other, "linear_cka()"))
    if max(one.shape[1], two.shape[1]) <= len(one):
        plain, unbiased = alignment(one, two, feature_hsic)
    else:
        plain, unbiased = alignment(one @ one.T, two @ two.T, kernel_hsic)
    return row("unbiased", cka=plain, unbiased=unbiased)
