"""What the measures of persistence diagrams share: bars, their lengths, and their unit."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from lamella.errors import bad_input
from lamella.results import Diagrams

UNITS = ("raw", "mean_distance", "diameter")


def check_diagrams(diagrams: Diagrams, where: str) -> Diagrams:
    """The diagrams, if they are some and hold neither NaN nor bars that die before birth."""
    if not isinstance(diagrams, Diagrams):
        raise bad_input(
            where,
            wanted="diagrams",
            got=type(diagrams).__name__,
            do="Pass what lamella.homology.homology(points) returns",
        )
    broken = ~(diagrams.death >= diagrams.birth)  # also true where either is NaN
    if broken.any():
        raise bad_input(
            where,
            wanted="bars with birth <= death",
            got=f"{int(broken.sum())} of {len(broken)} that are not",
            do="Compute the diagrams again",
        )
    return diagrams


def in_unit(diagrams: Diagrams, unit: str, where: str) -> Diagrams:
    """The diagrams in edge length ("raw") or in units of the mean distance or the diameter."""
    if unit not in UNITS:
        raise bad_input(
            where, wanted=f"unit to be one of {', '.join(UNITS)}", got=repr(unit), do="Choose one"
        )
    return diagrams if unit == "raw" else diagrams.normalised(unit)


def dimensions_of(*diagrams: Diagrams, least: int = 1) -> range:
    """Homology dimensions 0 ... `least`, or higher where there are bars."""
    highest = max((int(d.dimension.max(initial=0)) for d in diagrams), default=0)
    return range(max(least, highest) + 1)


def lengths(diagrams: Diagrams, dimension: int) -> Float[np.ndarray, " bars"]:
    """Lengths of the bars of a dimension that die.

    >>> lengths(Diagrams([0, 0], [1, np.inf], [0, 0]), 0).tolist()
    [1.0]
    """
    bars = diagrams.bars(dimension)
    long = bars[:, 1] - bars[:, 0]
    return long[np.isfinite(long)]


def relative(value: float, diagrams: Diagrams) -> float:
    """A length in units of the mean distance; NaN where the diagrams do not know theirs."""
    if diagrams.mean_distance == 0:  # all points identical: no bar has a length
        return 0.0
    return float(value / diagrams.mean_distance)


def number_by_dimension(diagrams: Diagrams, number) -> dict[str, float]:
    """Columns h0, h1, ... of `number(lengths)` and their relative values h0_relative, ..."""
    raw = {f"h{d}": float(number(lengths(diagrams, d))) for d in dimensions_of(diagrams)}
    return raw | {f"{name}_relative": relative(value, diagrams) for name, value in raw.items()}
