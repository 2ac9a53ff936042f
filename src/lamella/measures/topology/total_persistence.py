"""Total persistence: all that a diagram holds, in one number."""

from __future__ import annotations

from lamella.checks import check_range
from lamella.geometry.bars import check_diagrams, number_by_dimension
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Diagrams, Table


@measures.register(value="h1_relative", unit="", better=None, default=True)
def total_persistence(diagrams: Diagrams, *, power: float = 1.0) -> Table:
    """Sum of the lengths of all bars that die, for each dimension.

    Definition: (sum of (death - birth)^power)^(1/power) over the finite bars. Columns h0, h1, ...
    are edge lengths; h0_relative, h1_relative, ... are in units of the cloud's mean distance, so
    that layers of different scale compare.

    >>> total_persistence(Diagrams([0, 0, 2], [1, 3, 4], [0, 0, 1])).columns["h0"].tolist()
    [4.0]

    Range: from 0; h0 at power 1 is the length of the shortest spanning tree.

    Cost: none beside the diagrams.

    Misleads: grows with the number of points, for short bars of noise add up; compare equal
    samples, or raise `power`.

    Source: Cohen-Steiner, Edelsbrunner, Harer, Mileyko 2010, Lipschitz functions have
    Lp-stable persistence.
    """
    check_range(power, "total_persistence()", "a power", low=1e-6)
    check_diagrams(diagrams, "total_persistence()")
    return row(
        "h1_relative",
        **number_by_dimension(diagrams, lambda bars: (bars**power).sum() ** (1 / power)),
    )
