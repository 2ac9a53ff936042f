"""A torus with a circle inside its tube."""

from __future__ import annotations

import numpy as np

from lamella.checks import check_range
from lamella.data.dataset import Dataset, draw_dataset, shares
from lamella.registry import datasets


@datasets.register
def torus(
    *,
    radius: float = 2.0,
    tube: float = 0.8,
    noise: float = 0.02,
    train_size: int = 4000,
    test_size: int = 2000,
    embed_dimension: int | None = None,
    seed: int = 0,
) -> Dataset:
    """The surface of a torus (class 0) with the circle that is the core of its tube (class 1).

    The core has `radius`, the tube `tube`; points are uniform over the surface. Normal noise of
    standard deviation `noise` is added to each of the three coordinates.

    Source: uniform points by rejection, Diaconis, Holmes and Shahshahani (2013), Sampling from a
    manifold, section 2.2.

    >>> torus(train_size=4, test_size=2).betti
    {0: (1, 2, 1), 1: (1, 1, 0), 'all': (2, 3, 1)}
    """
    arguments = dict(locals())
    check_range(tube, "torus()", "tube", low=0, high=radius)

    def draw(generator: np.random.Generator, size: int):
        surface, core = shares(size, (3, 1))
        around = 2 * np.pi * generator.random(size)
        across = np.concatenate([tube_angles(generator, surface, tube / radius), np.zeros(core)])
        width = np.repeat([tube, 0.0], [surface, core])
        reach = radius + width * np.cos(across)
        points = np.column_stack(
            [reach * np.cos(around), reach * np.sin(around), width * np.sin(across)]
        )
        points += noise * generator.standard_normal(points.shape)
        return points, np.repeat([0, 1], [surface, core])

    betti = {0: (1, 2, 1), 1: (1, 1, 0), "all": (2, 3, 1)}
    return draw_dataset("torus", draw, ("torus", "core"), betti, arguments)


def tube_angles(generator: np.random.Generator, count: int, ratio: float) -> np.ndarray:
    """Angles across the tube with density proportional to 1 + ratio cos(angle)."""
    kept = np.empty(0)
    while len(kept) < count:
        angles = 2 * np.pi * generator.random(2 * count + 16)
        accept = generator.random(len(angles)) * (1 + ratio) < 1 + ratio * np.cos(angles)
        kept = np.concatenate([kept, angles[accept]])
    return kept[:count]
