"""Discs in a square, and the rest of the square."""

from __future__ import annotations

import numpy as np

from lamella.checks import check_range
from lamella.data.dataset import Dataset, draw_dataset
from lamella.errors import bad_input
from lamella.registry import datasets


@datasets.register
def discs(
    *,
    count: int = 9,
    radius: float = 1.3,
    ring: float = 7.0,
    margin: float = 0.5,
    step: float | None = 0.19,
    train_size: int = 6000,
    test_size: int = 2000,
    embed_dimension: int | None = None,
    seed: int = 0,
) -> Dataset:
    """Discs in the square [-10, 10]^2 (class 0) and the rest of it (class 1): D-I.

    One disc lies at the centre, the others at equal angles at distance `ring`; the rest keeps
    `margin` away from them. Points are drawn without repetition from a grid of `step`, shifted at
    random for each split; uniformly where `step` is None.

    Source: D-I of Naitzat, Zhitnikov and Lim (2020), Topology of deep neural networks, JMLR
    21(184).

    >>> discs(train_size=90, test_size=90).betti
    {0: (9, 0, 0), 1: (1, 9, 0), 'all': (10, 9, 0)}
    """
    arguments = dict(locals())
    check_range(count, "discs()", "count", low=1)
    check_range(radius, "discs()", "radius", low=1e-6, high=ring)
    angles = 2 * np.pi * np.arange(count - 1) / max(count - 1, 1)
    around = ring * np.column_stack([np.cos(angles), np.sin(angles)])
    centres = np.concatenate([np.zeros((1, 2)), around])

    def draw(generator: np.random.Generator, size: int):
        points = square(generator, step, enough=4 * size)
        nearest = np.linalg.norm(points[:, None] - centres, axis=2).min(axis=1)
        inside, outside = nearest < radius, nearest > radius + margin
        points, labels = points[inside | outside], outside[inside | outside]
        if size > len(points):
            raise bad_input(
                "discs()",
                wanted=f"at most {len(points)} points of this grid",
                got=str(size),
                do="Make step smaller, or None for uniform points",
            )
        chosen = generator.permutation(len(points))[:size]
        return points[chosen], labels[chosen]

    betti = {0: (count, 0, 0), 1: (1, count, 0), "all": (count + 1, count, 0)}
    return draw_dataset("discs", draw, ("discs", "rest"), betti, arguments)


def square(generator: np.random.Generator, step: float | None, enough: int) -> np.ndarray:
    """The grid of `step`, shifted at random by less than a step; uniform points without a step."""
    if step is None:
        return generator.uniform(-10, 10, (enough, 2))
    ticks = np.arange(-10, 10, step)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    return grid + step * generator.random(2)
