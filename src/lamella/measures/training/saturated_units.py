"""Saturated units: those that sit at the end of their range."""

from __future__ import annotations

from lamella.arrays import Maps
from lamella.checks import check_range
from lamella.errors import bad_input
from lamella.geometry.row import row
from lamella.measures.training.dead_units import units
from lamella.registry import measures
from lamella.results import Table


@measures.register(value="saturated", unit="", better="low", default=False)
def saturated_units(
    maps: Maps,
    *,
    low: float = -1.0,
    high: float = 1.0,
    close: float = 0.025,
    share: float = 0.95,
) -> Table:
    """Share of units that are close to an end of the activation's range on nearly all samples.

    Definition: a value is at an end when it is within `close` x (`high` - `low`) of `low` or
    `high`; a unit is saturated when at least `share` of its values are. The defaults fit tanh;
    pass low=0 for a sigmoid. Columns: saturated (share of units), values (share of values at an
    end), units. A layer with values outside [low, high] has no such ends and gets 0.

    >>> saturated_units([[0.99, 0.1], [-0.99, 0.2]]).columns["saturated"].tolist()
    [0.5]

    Range: 0 to 1.

    Cost: one pass over the values.

    Misleads: a layer that happens to lie inside [low, high] without being bounded by it is
    judged as if it were; a unit that always sits at one end is dead as well.

    Source: Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural
    networks, section 3.
    """
    values = units(maps, "saturated_units()")
    if not low < high:
        raise bad_input(
            "saturated_units()",
            wanted="low below high",
            got=f"{low:g} and {high:g}",
            do="Swap them",
        )
    check_range(share, "saturated_units()", "a share", low=0, high=1)
    if values.min() < low or values.max() > high:
        return row(saturated=0.0, values=0.0, units=values.shape[1])
    slack = close * (high - low)
    at_end = (values <= low + slack) | (values >= high - slack)
    return row(
        saturated=float((at_end.mean(axis=(0, 2)) >= share).mean()),
        values=float(at_end.mean()),
        units=values.shape[1],
    )
