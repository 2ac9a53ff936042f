"""A circle around a disc."""

from __future__ import annotations

import numpy as np

from lamella.data.dataset import Dataset, draw_dataset, shares, sphere_points
from lamella.registry import datasets


@datasets.register
def circle(
    *,
    radius: float = 0.4,
    noise: float = 0.03,
    train_size: int = 2000,
    test_size: int = 1000,
    embed_dimension: int | None = None,
    seed: int = 0,
) -> Dataset:
    """The unit circle (class 0) around a filled disc of smaller `radius` (class 1), in the plane.

    Normal noise of standard deviation `noise` moves the points of the circle.

    >>> circle(train_size=4, test_size=2).betti
    {0: (1, 1, 0), 1: (1, 0, 0), 'all': (2, 1, 0)}
    """
    arguments = dict(locals())

    def draw(generator: np.random.Generator, size: int):
        around, inside = shares(size, (1, 1))
        ring = sphere_points(generator, around, 2)
        ring += noise * generator.standard_normal(ring.shape)
        disc = sphere_points(generator, inside, 2, radius)
        disc *= np.sqrt(generator.random((inside, 1)))  # uniform over the area
        return np.concatenate([ring, disc]), np.repeat([0, 1], [around, inside])

    betti = {0: (1, 1, 0), 1: (1, 0, 0), "all": (2, 1, 0)}
    return draw_dataset("circle", draw, ("circle", "disc"), betti, arguments)
