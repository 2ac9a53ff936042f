"""What the measures of persistence diagrams share: bars, their lengths, and their unit."""

from __future__ import annotations

from collections.abc import Sequence

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
    """The diagrams in edge length ("raw") or in units of the mean distance or the diameter.

    Raises InputError where the cloud's mean distance or diameter is not known.
    """
    return diagrams if _length_of(unit, where) is None else diagrams.normalised(unit)


def in_one_unit(diagrams: Sequence[Diagrams], unit: str, where: str) -> list[Diagrams]:
    """Several diagrams in a unit that all of them have, so that their bars may be compared.

    Where none knows the length that `unit` is about they stay as they are. Raises InputError
    where only some know it, and where the units that are left differ.
    """
    if _length_of(unit, where) is not None:
        known = [bool(np.isfinite(getattr(each, unit))) for each in diagrams]
        if all(known):
            return [each.normalised(unit) for each in diagrams]
        if any(known):
            raise bad_input(
                where,
                wanted=f"all diagrams or none with the {unit} of their cloud",
                got=f"{sum(known)} of {len(known)} that know it",
                do="Pass unit='raw' to compare edge lengths, or build all with it",
            )
    units = {each.unit: None for each in diagrams}
    if len(units) > 1:
        raise bad_input(
            where,
            wanted="diagrams in one unit",
            got=" and ".join(map(repr, units)),
            do="Pass those of homology(), not `normalised` ones, or normalise all alike",
        )
    return list(diagrams)


def _length_of(unit: str, where: str) -> str | None:
    """The length of the cloud that a unit is about; None for "raw"."""
    if unit not in UNITS:
        raise bad_input(
            where, wanted=f"unit to be one of {', '.join(UNITS)}", got=repr(unit), do="Choose one"
        )
    return None if unit == "raw" else unit


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
