"""Persistent homology of a cell: its components, loops and voids."""

from __future__ import annotations

from lamella.arrays import Points
from lamella.registry import measures
from lamella.results import Diagrams


@measures.register(value="bars", unit="", better=None, default=True)
def homology(
    points: Points,
    *,
    max_dimension: int = 1,
    metric: str = "euclidean",
    max_scale: float | None = None,
    landmarks: int | None = None,
    representatives: bool = False,
) -> Diagrams:
    """Components, loops and voids of a cloud over all scales, as persistence diagrams.

    Definition: the homology of the Vietoris-Rips filtration over Z/2. A bar is born at the edge
    length where a component (H0), loop (H1) or void (H2, with max_dimension=2) appears, and dies
    where it is joined or filled. With `representatives` each loop keeps the points of a cycle that
    stands for it when it is born.

    Range: births and deaths are edge lengths from 0 to the diameter; one H0 bar never dies.

    Cost: 1,000 points in some 10 ms; time and memory grow with the square of their number, and
    faster on clouds of noise. A budget of work and memory ends it with an error.

    Misleads: short bars are noise of the sample (see lamella.homology.confidence), and more
    points make more of them. Scale differs between layers: compare `normalised` diagrams. In
    high dimensions distances concentrate, and loops are born and die nearly at once.

    Source: Edelsbrunner, Letscher, Zomorodian 2002, Topological persistence and simplification;
    computed as in Koyama, Memoli, Robins, Turner 2023, arXiv 2307.16333.

    >>> square = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    >>> homology(square).bars(1).round(3).tolist()
    [[1.0, 1.414]]
    """
    from lamella.homology import homology as compute

    return compute(
        points,
        max_dimension,
        metric=metric,
        max_scale=max_scale,
        landmarks=landmarks,
        representatives=representatives,
    )
