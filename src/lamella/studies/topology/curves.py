"""Betti numbers against depth as curves with bands over the nets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from lamella.results import Curve
from lamella.studies.topology.claims import Net

UNTRAINED = "untrained"
Nets = Mapping[str, Sequence[Net]]


def depth_curve(
    nets: Nets,
    titles: Mapping[str, str],
    pick: Callable[[np.ndarray], np.ndarray],
    label: str,
    *,
    untrained: bool = False,
) -> Curve:
    """A number of each layer, one series for each kind of net, with the band over its seeds."""
    lines = {titles[k]: np.array([pick(n.betti) for n in found]) for k, found in nets.items()}
    if untrained:
        every = np.array([pick(n.untrained) for found in nets.values() for n in found])
        lines[UNTRAINED] = every.mean(axis=0, keepdims=True)
    hidden = len(next(iter(lines.values()))[0]) - 2
    places = np.array(["input", *map(str, range(1, hidden + 1)), "output"])
    return banded(places, lines, "layer", label)


def banded(
    x: np.ndarray, lines: Mapping[str, Float[np.ndarray, "nets x"]], x_label: str, y_label: str
) -> Curve:
    """Means of the rows with a band from the least to the greatest."""
    rows = list(lines.values())
    several = any(len(r) > 1 for r in rows)
    return Curve(
        x,
        np.array([r.mean(axis=0) for r in rows]),
        tuple(lines),
        x_label=x_label,
        y_label=y_label,
        low=np.array([r.min(axis=0) for r in rows]) if several else None,
        high=np.array([r.max(axis=0) for r in rows]) if several else None,
    )


def total(betti: np.ndarray) -> np.ndarray:
    """The sum of all Betti numbers of each layer."""
    return betti.sum(axis=(1, 2))
