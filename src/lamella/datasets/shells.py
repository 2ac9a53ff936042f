"""Nested spheres: a ball's worth of class 1, a shell of class 0, a shell of class 1."""

from __future__ import annotations

import numpy as np

from lamella.checks import check_range
from lamella.data.dataset import Dataset, draw_dataset, shares, sphere_points, unit_centres
from lamella.registry import datasets

RADII, CLASSES = np.array([1.0, 1.05, 2.0, 2.05, 0.5]), np.array([0, 0, 1, 1, 1])


@datasets.register
def shells(
    *,
    units: int = 9,
    spacing: float = 3.0,
    noise: float = 0.0,
    train_size: int = 9000,
    test_size: int = 3000,
    embed_dimension: int | None = None,
    seed: int = 0,
) -> Dataset:
    """Nested spheres in 3-D: D-III with all 9 `units`.

    Around each centre lies class 0 on the radii 1 and 1.05, between class 1 on the radius .5 and
    on 2 and 2.05. Centres: the origin and the corners of a cube of half-side `spacing`. Each of
    the five spheres gets as many points; normal noise of standard deviation `noise` is added.

    Source: D-III of Naitzat, Zhitnikov and Lim (2020), Topology of deep neural networks, JMLR
    21(184).

    >>> shells(train_size=90, test_size=90).betti
    {0: (9, 0, 9), 1: (18, 0, 18), 'all': (27, 0, 27)}
    """
    arguments = dict(locals())
    check_range(units, "shells()", "units", low=1, high=9)
    check_range(noise, "shells()", "noise", low=0)
    centres = unit_centres(units, spacing)

    def draw(generator: np.random.Generator, size: int):
        counts = shares(size, (1.0,) * (5 * units))
        sphere = np.repeat(np.arange(5 * units), counts)
        points = sphere_points(generator, size, 3) * RADII[sphere % 5, None]
        points += centres[sphere // 5] + noise * generator.standard_normal((size, 3))
        return points, CLASSES[sphere % 5]

    betti = {0: (units, 0, units), 1: (2 * units, 0, 2 * units), "all": (3 * units, 0, 3 * units)}
    return draw_dataset("shells", draw, ("shell", "core and outer shell"), betti, arguments)
