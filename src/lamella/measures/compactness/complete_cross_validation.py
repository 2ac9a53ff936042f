"""Complete cross-validation of the nearest neighbour rule, over all splits at once."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.arrays import Labels, Points
from lamella.checks import check_labels, check_points, check_range
from lamella.geometry.row import row
from lamella.measures.compactness.compactness_profile import class_profiles
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="error", unit="", better="low", default=True)
def complete_cross_validation(
    points: Points,
    labels: Labels,
    *,
    test_share: float = 0.5,
) -> Table:
    """Mean test error of the 1-NN rule over all ways to split the points in two.

    Definition: with L points, k of them for testing, and the compactness profile K,
    CCV(k) = sum over m = 1 ... k of K(m) C(L-1-m, L-k-1) / C(L-1, L-k). `test_share` is k / L,
    rounded to at least one point on either side.

    >>> x = [[0], [1], [2.5], [4.7], [5.1], [7.9], [8.2], [10.6]]
    >>> table = complete_cross_validation(x, [0, 0, 0, 1, 0, 1, 1, 1])
    >>> table.columns["error"].round(6).tolist(), table.columns["test_points"].tolist()
    ([0.303571], [4])

    Range: 0 to 1; at k = 1 the leave-one-out error, at k = L - 1 the mean of K, which does not
    depend on the points.

    Cost: that of the compactness profile.

    Misleads: with a large test share the 1-NN rule has few points left and errs for that alone.

    Source: Mullin, Sukthankar 2000, Complete cross-validation for nearest neighbor classifiers.
    """
    array = check_points(points, "complete_cross_validation()", least=2)
    classes = check_labels(labels, len(array), "complete_cross_validation()", classes=2)
    check_range(test_share, "complete_cross_validation()", "a test share", low=0, high=1)
    count = int(np.clip(round(test_share * len(array)), 1, len(array) - 1))
    profile = np.bincount(classes) @ class_profiles(array, classes) / len(array)
    return row(error=cross_validation_error(profile, count), test_points=count)


def cross_validation_error(profile: Float[np.ndarray, " ranks"], test_points: int) -> float:
    """CCV(k) of a compactness profile of L - 1 ranks."""
    return float(rank_weights(len(profile) + 1, test_points) @ profile[:test_points])


def rank_weights(points: int, test_points: int) -> Float[np.ndarray, " ranks"]:
    """Probability that the m-th neighbour is the nearest one left for training, m = 1 ... k.

    By log-gamma, because the binomials themselves overflow beyond some 1,000 points.

    >>> rank_weights(8, 2).round(6).tolist()
    [0.857143, 0.142857]
    """
    from scipy.special import gammaln

    def log_choose(n, k):
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    ranks = np.arange(1, test_points + 1)
    train = points - test_points
    return np.exp(log_choose(points - 1 - ranks, train - 1) - log_choose(points - 1, train))
