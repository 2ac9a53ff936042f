"""Persistent entropy: how evenly a diagram's length is spread over its bars."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.geometry.bars import check_diagrams, dimensions_of, lengths
from lamella.geometry.row import row
from lamella.registry import measures
from lamella.results import Diagrams, Table


@measures.register(value="h1", unit="nats", better=None, default=True)
def persistent_entropy(diagrams: Diagrams) -> Table:
    """Entropy of the lengths of the bars that die, for each dimension.

    Definition: -sum p log p with p = length / sum of lengths, natural logarithm. Columns
    h0_share, h1_share, ... divide it by the log of the number of bars, its greatest value.

    >>> bars = Diagrams([0, 0, 2], [1, 3, 4], [0, 0, 0])
    >>> persistent_entropy(bars).columns["h0"].round(4).tolist()
    [1.0114]

    Range: 0 (one bar, or none) to log(number of bars) (all equally long); shares 0 to 1.

    Cost: none beside the diagrams.

    Misleads: says nothing of size: halving all bars leaves it as it is, and a diagram of noise
    alone has high entropy.

    Source: Rucco, Castiglione, Merelli, Pettini 2016, Characterisation of the idiotypic immune
    network through persistent entropy.
    """
    check_diagrams(diagrams, "persistent_entropy()")
    columns = {}
    for dimension in dimensions_of(diagrams):
        bars = lengths(diagrams, dimension)
        columns[f"h{dimension}"] = entropy(bars)
        columns[f"h{dimension}_share"] = entropy(bars) / np.log(max(len(bars), 2))
    return row("h1", **columns)


def entropy(bars: Float[np.ndarray, " bars"]) -> float:
    """Entropy of the bars' shares of their sum, in nats; 0 for none."""
    bars = bars[bars > 0]
    shares = bars / bars.sum() if len(bars) else bars
    return float(-(shares * np.log(shares)).sum()) + 0.0
