"""Pairs of linked rings, one ring of each pair in each class."""

from __future__ import annotations

import numpy as np

from lamella.checks import check_range
from lamella.data.dataset import Dataset, draw_dataset, shares, unit_centres
from lamella.registry import datasets


@datasets.register
def linked_rings(
    *,
    units: int = 9,
    radii: tuple[float, float] = (2.5, 2.2),
    noise: float = 0.7,
    spacing: float = 5.0,
    train_size: int = 9000,
    test_size: int = 3000,
    embed_dimension: int | None = None,
    seed: int = 0,
) -> Dataset:
    """Pairs of linked thick rings, one ring of each pair in each class: D-II with all 9 `units`.

    A ring is two circles of both `radii`, each coordinate moved by up to `noise`, uniformly. One
    ring of a unit lies in the xz plane, the other in the xy plane, shifted along x by the smaller
    radius, so that each runs through the other's hole. Centres: the origin and the corners of a
    cube of half-side `spacing`. Which ring of a unit belongs to which class alternates.

    Source: D-II of Naitzat, Zhitnikov and Lim (2020), Topology of deep neural networks, JMLR
    21(184). Theirs has spacing 3, where neighbouring units run into each other and 1 % of the
    points of one class lie among the other; at 5 the Betti numbers below are exact.

    >>> linked_rings(train_size=90, test_size=18).betti
    {0: (9, 9, 0), 1: (9, 9, 0), 'all': (18, 18, 0)}
    """
    arguments = dict(locals())
    check_range(units, "linked_rings()", "units", low=1, high=9)
    check_range(noise, "linked_rings()", "noise", low=0)
    centres = unit_centres(units, spacing)

    def draw(generator: np.random.Generator, size: int):
        counts = shares(size, (1.0,) * (2 * units))
        ring = np.repeat(np.arange(2 * units), counts)
        unit, flat = ring // 2, ring % 2
        angle = 2 * np.pi * generator.random(size)
        radius = generator.choice(np.asarray(radii), size)
        points = generator.uniform(-noise, noise, (size, 3)) + centres[unit]
        points[:, 0] += radius * np.sin(angle) + flat * min(radii)
        points[np.arange(size), 2 - flat] += radius * np.cos(angle)
        return points, (flat + unit) % 2

    one, both = (units, units, 0), (2 * units, 2 * units, 0)
    names = ("ring", "other ring")
    return draw_dataset("linked_rings", draw, names, {0: one, 1: one, "all": both}, arguments)
