"""What the kernel comparisons of two representations share: the HSIC of two kernel matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from lamella.checks import check_points
from lamella.errors import bad_input

Kernel = Float[np.ndarray, "points points"]
Pair = tuple[Float[np.ndarray, " points"], Float[np.ndarray, " points"]]


class Hsic(NamedTuple):
    """The plain and the unbiased estimate, and the sum of the products of all entries."""

    plain: float
    unbiased: float
    product: float


Estimates = Callable[[np.ndarray, np.ndarray], Hsic]


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


def alignment(one: np.ndarray, two: np.ndarray, estimates: Estimates) -> tuple[float, float]:
    """CKA of two representations: the plain and the unbiased estimate, 0 for a constant one.

    `estimates` gives the HSIC of two of them: `kernel_hsic` of kernels, `feature_hsic` of points.
    """
    own, others, both = estimates(one, one), estimates(two, two), estimates(one, two)
    # Rounding leaves something of the order of 1e-16 of a constant kernel's squares.
    floors = 1e-14 * own.product, 1e-14 * others.product
    plain, unbiased = (
        0.0 if a <= floors[0] or b <= floors[1] else c / float(np.sqrt(a * b))
        for a, b, c in zip(own[:2], others[:2], both[:2], strict=True)
    )
    return plain, unbiased


def kernel_hsic(one: Kernel, two: Kernel) -> Hsic:
    """The HSIC of two kernel matrices."""
    sums, diagonals = (one.sum(axis=0), two.sum(axis=0)), (np.diag(one), np.diag(two))
    return hsic(float(np.vdot(one, two)), sums, diagonals)


def feature_hsic(
    one: Float[np.ndarray, "points features"], two: Float[np.ndarray, "points others"]
) -> Hsic:
    """The HSIC of the linear kernels of two clouds, without writing the kernels out."""
    cross = one.T @ two
    sums = one @ one.sum(axis=0), two @ two.sum(axis=0)
    norms = np.einsum("ij,ij->i", one, one), np.einsum("ij,ij->i", two, two)
    return hsic(float(np.vdot(cross, cross)), sums, norms)


def hsic(product: float, sums: Pair, diagonals: Pair) -> Hsic:
    """HSIC from the product of two kernels, the sums of their rows, and their diagonals.

    Both estimates are without factors that cancel in CKA. Plain: tr(K H L H), Gretton et al.
    2005. Unbiased: Song et al. 2012, eq. 5, which leaves the diagonals out, so that its mean is 0
    for independent samples.
    """
    count = len(sums[0])
    off = sums[0] - diagonals[0], sums[1] - diagonals[1]
    plain = product - 2 * (sums[0] @ sums[1]) / count + sums[0].sum() * sums[1].sum() / count**2
    unbiased = (
        product
        - diagonals[0] @ diagonals[1]
        + off[0].sum() * off[1].sum() / ((count - 1) * (count - 2))
        - 2 * (off[0] @ off[1]) / (count - 2)
    )
    return Hsic(float(plain), float(unbiased), product)
