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
    own, others, both = hsic(one, one), hsic(two, two), hsic(one, two)
    # Rounding leaves something of the order of 1e-16 of a constant kernel's squares.
    floors = 1e-14 * float(np.vdot(one, one)), 1e-14 * float(np.vdot(two, two))
    plain, unbiased = (
        0.0 if a <= floors[0] or b <= floors[1] else c / float(np.sqrt(a * b))
        for a, b, c in zip(own, others, both, strict=True)
    )
    return plain, unbiased


def hsic(one: Kernel, two: Kernel) -> tuple[float, float]:
    """The plain and the unbiased HSIC of two kernels, up to factors that cancel in CKA.

    Plain: tr(K H L H), Gretton et al. 2005. Unbiased: Song et al. 2012, eq. 5, which leaves the
    diagonals out, so that its mean is 0 for independent samples.
    """
    count, product = len(one), float(np.vdot(one, two))
    sums, diagonals = (one.sum(axis=0), two.sum(axis=0)), (np.diag(one), np.diag(two))
    off = sums[0] - diagonals[0], sums[1] - diagonals[1]
    plain = product - 2 * (sums[0] @ sums[1]) / count + sums[0].sum() * sums[1].sum() / count**2
    unbiased = (
        product
        - diagonals[0] @ diagonals[1]
        + off[0].sum() * off[1].sum() / ((count - 1) * (count - 2))
        - 2 * (off[0] @ off[1]) / (count - 2)
    )
    return float(plain), float(unbiased)
