"""How far diagrams are apart: between splits of one net, and between two nets."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lamella.registry import measures
from lamella.results import Diagrams, Table

Layers = Mapping[str, Diagrams]


def distance_table(pairs: Mapping[str, tuple[Layers, Layers]]) -> Table:
    """Bottleneck and Wasserstein distance, layer by layer, for each named pair.

    Columns: compared, layer, and for each distance and homology dimension one number in units of
    the mean distance of each cloud. Layers that only one side has are left out.
    """
    rows = [
        {"compared": name, "layer": layer, **_distances(first[layer], second[layer])}
        for name, (first, second) in pairs.items()
        for layer in first
        if layer in second
    ]
    names = list(dict.fromkeys(key for row in rows for key in row))
    return Table({key: np.array([row.get(key, np.nan) for row in rows]) for key in names})


def _distances(first: Diagrams, second: Diagrams) -> dict[str, float]:
    found = {}
    for name in ("bottleneck", "wasserstein"):
        columns = measures[name](first, second).columns
        found |= {f"{name} {key.upper()}": float(value[0]) for key, value in columns.items()}
    return found
