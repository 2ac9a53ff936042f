"""The longest bar: the strongest feature of a diagram."""

from __future__ import annotations

from lamella.geometry.bars import check_diagrams, number_by_dimension
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Diagrams, Table


@measures.register(value="h1_relative", unit="", better=None, default=True)
def longest_bar(diagrams: Diagrams) -> Table:
    """Length of the longest bar that dies, for each dimension.

    Definition: max of death - birth over the finite bars, 0 where there are none. Columns h0,
    h1, ... are edge lengths; h0_relative, h1_relative, ... are in units of the mean distance.

    >>> longest_bar(Diagrams([0, 0, 2], [1, 3, 4], [0, 0, 1])).columns["h1"].tolist()
    [2.0]

    Range: from 0; h0 is the last gap that the shortest spanning tree has to bridge.

    Cost: none beside the diagrams.

    Misleads: one far outlier gives a long h0 bar; a long h1 bar needs its neighbours to be short
    before it says loop.

    Source: Fasy, Lecci, Rinaldo, Wasserman, Balakrishnan, Singh 2014, Confidence sets for
    persistence diagrams.
    """
    check_diagrams(diagrams, "longest_bar()")
    return row("h1_relative", **number_by_dimension(diagrams, lambda bars: bars.max(initial=0.0)))
