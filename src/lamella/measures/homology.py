"""Persistent homology of a cell: its components, loops and voids."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.registry import measure
from lamella.results import Diagrams


@measure(value="bars", unit="", better=None, default=True)
def homology(points: Float[np.ndarray, "points features"], *, max_dimension: int = 1) -> Diagrams:
    """Components, loops and voids of a cloud over all scales, as persistence diagrams.

    Definition: the homology of the Vietoris-Rips filtration over Z/2. A bar is born at the edge
    length where a component (H0), loop (H1) or void (H2) appears and dies where it is filled.

    Range: births and deaths are edge lengths from 0; one H0 bar never dies.

    Cost: grows with the square of the number of points in memory.

    Misleads: short bars are noise of the sample.

    Source: Edelsbrunner, Letscher, Zomorodian 2002, Topological persistence and simplification.
    """
    from lamella import homology as engine

    return engine.homology(points, max_dimension)
