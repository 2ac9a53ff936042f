"""Two spheres that intersect a little."""

from __future__ import annotations

import numpy as np

from lamella.checks import check_range
from lamella.data.dataset import Betti, Dataset, draw_dataset, shares, sphere_points
from lamella.errors import bad_input
from lamella.registry import datasets


@datasets.register
def spheres(
    *,
    dimension: int = 12,
    radii: tuple[float, float] = (1.0, 0.7),
    distance: float = 0.4,
    noise: float = 0.02,
    train_size: int = 8000,
    test_size: int = 2000,
    embed_dimension: int | None = None,
    seed: int = 0,
) -> Dataset:
    """Two spheres of different radius that intersect a little, one class each.

    Each is the surface of a ball in `dimension` coordinates; the centres lie `distance` apart on
    the first axis, and normal noise of standard deviation `noise` is added to each coordinate.
    Sizes count both classes together. `embed_dimension` turns all into a higher dimension.

    >>> made = spheres(dimension=3, train_size=10, test_size=4)
    >>> made.input_shape, made.betti[0], made.betti["all"]
    ((3,), (1, 0, 1), (1, 0, 3))
    """
    arguments = dict(locals())
    check_range(dimension, "spheres()", "dimension", low=2)
    check_range(noise, "spheres()", "noise", low=0)
    if len(radii) != 2 or min(radii) <= 0:
        raise bad_input("spheres()", wanted="two radii above 0", got=str(radii), do="Change them")

    def draw(generator: np.random.Generator, size: int):
        counts = shares(size, (1, 1))
        parts = [sphere_points(generator, counts[k], dimension, radii[k]) for k in (0, 1)]
        parts[1][:, 0] += distance
        points = np.concatenate(parts)
        points += noise * generator.standard_normal(points.shape)
        return points, np.repeat([0, 1], counts)

    betti = true_betti(dimension, radii, distance)
    return draw_dataset("spheres", draw, ("outer", "inner"), betti, arguments)


def true_betti(
    dimension: int, radii: tuple[float, float], distance: float
) -> dict[int | str, Betti]:
    """Betti numbers of both spheres and of their union, up to b2, by Mayer and Vietoris.

    Two n-spheres that meet in an (n-1)-sphere have b0 = 1 and bn = 3; apart, all is doubled.
    """
    surface = dimension - 1
    one = tuple(int(k in (0, surface)) for k in range(3))
    meet = abs(radii[0] - radii[1]) < abs(distance) < radii[0] + radii[1]
    top = 3 if meet else 2
    union = tuple(top if k == surface else (0 if k else (1 if meet else 2)) for k in range(3))
    return {0: one, 1: one, "all": union}  # type: ignore[dict-item]
