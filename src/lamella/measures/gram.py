"""What the kernel comparisons of two representations share: the HSIC of two kernel matrices."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.checks import check_points
from lamella.errors import bad_input

Kernel = Float[np.ndarray, "points points"]


def check_pair(points, other, where: str, *, least: int = 4):
    """Two clouds with the same number of points, row i of one being row i of the other."""
    one, two = (check_points(cloud, where, least=least) for cloud in (points, other))
    if len(one) != len(two):
        raise bad_input(
            where,
            wanted="the same samples on both sides",
            got=f"{len(one)} and {len(two)} points",
            do="Compare the same split of both",
        )
    return one, two


def alignment(one: Kernel, two: Kernel) -> tuple[float, float]:
    """CKA of two kernel matrices: the plain and the unbiased estimate, 0 for a constant one."""
    return _ratio(biased_hsic, one, two), _ratio(unbiased_hsic, one, two)


def _ratio(hsic, one: Kernel, two: Kernel) -> float:
    # Rounding leaves something of the order of 1e-16 of a constant kernel's squares.
    norms = hsic(one, one), hsic(two, two)
    floors = (1e-14 * float(np.vdot(k, k)) for k in (one, two))
    if any(norm <= floor for norm, floor in zip(norms, floors, strict=True)):
        return 0.0
    return hsic(one, two) / float(np.sqrt(norms[0] * norms[1]))


def biased_hsic(one: Kernel, two: Kernel) -> float:
    """tr(K H L H), up to the factor that cancels in CKA (Gretton et al. 2005)."""
    count = len(one)
    sums = one.sum(axis=0), two.sum(axis=0)
    return float(
        np.vdot(one, two)
        - 2 * (sums[0] @ sums[1]) / count
        + sums[0].sum() * sums[1].sum() / count**2
    )


def unbiased_hsic(one: Kernel, two: Kernel) -> float:
    """The estimate of Song et al. 2012, eq. 5, whose mean is 0 for independent samples.

    It leaves the diagonals out; the factor 1 / (n (n - 3)) cancels in CKA.
    """
    count = len(one)
    diagonals = np.diag(one), np.diag(two)
    sums = one.sum(axis=0) - diagonals[0], two.sum(axis=0) - diagonals[1]
    return float(
        np.vdot(one, two)
        - diagonals[0] @ diagonals[1]
        + sums[0].sum() * sums[1].sum() / ((count - 1) * (count - 2))
        - 2 * (sums[0] @ sums[1]) / (count - 2)
    )
