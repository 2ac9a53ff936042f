"""Pairs of bars that save more together than the prices of a matching say: what it has missed."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from lamella.homology.arrays import Reals, Rungs, Vertices
from lamella.homology.kernels import kernel

Bars = Float[np.ndarray, "bars 2"]
ROUNDING = 1e-13  # of the greatest saving
KEPT = 16  # pairs of each bar, at most
NONE = -1


def pairs_that_save_more(
    first: Bars,
    second: Bars,
    order: float,
    gains: Float[np.ndarray, " bars"],
    prices: Float[np.ndarray, " others"],
) -> tuple[Int[np.ndarray, " pairs"], Int[np.ndarray, " pairs"]]:
    """Pairs whose saving over the diagonal exceeds the gain of one bar and the price of the other.

    Of each of the first bars those few that exceed most; none at all only if there are none.

    With middles m and half lengths h, the distance of two bars is |m - m'| + |h - h'|. At order 1
    a pair saves when that is below h + h', so when |m - m'| < 2 min(h, h'); at higher orders it
    must be nearer still. So only bars are looked at whose middles lie that near.
    """
    middles = first.sum(axis=1) / 2, second.sum(axis=1) / 2
    halves = tuple((bars[:, 1] - bars[:, 0]) / 2 for bars in (first, second))
    ladder = np.argsort(middles[1], kind="stable")
    rungs = middles[1][ladder]
    low = np.searchsorted(rungs, middles[0] - 2 * halves[0], side="left")
    high = np.searchsorted(rungs, middles[0] + 2 * halves[0], side="right")
    greatest = max(halves[0].max(initial=0.0), halves[1].max(initial=0.0)) ** order
    found = np.full((len(first), KEPT), NONE, np.int64)
    scan(
        (middles[0], halves[0], halves[0] ** order, gains + ROUNDING * greatest),
        (rungs, halves[1][ladder], halves[1][ladder] ** order, prices[ladder]),
        (low, high),
        float(order),
        np.empty(KEPT),
        found,
    )
    rows, places = np.nonzero(found != NONE)
    return rows, ladder[found[rows, places]]


@kernel
def scan(
    first: tuple[Reals, Reals, Reals, Reals],
    second: tuple[Reals, Reals, Reals, Reals],
    window: tuple[Vertices, Vertices],
    order: float,
    excess: Reals,
    found: Rungs,
):
    """Fill each row of `found` with the rungs whose saving exceeds most what gains and prices say.

    Both sides are middles, half lengths, their powers, and gains or prices.
    """
    middles, halves, alone, gains = first
    rungs, lengths, alone_there, prices = second
    for i in range(len(middles)):
        excess[:] = 0.0
        for rung in range(window[0][i], window[1][i]):
            apart = abs(middles[i] - rungs[rung]) + abs(halves[i] - lengths[rung])
            if apart < halves[i] + lengths[rung]:
                saving = alone[i] + alone_there[rung] - power(apart, order)
                keep(saving - gains[i] - prices[rung], rung, excess, found[i])


@kernel
def power(base: float, order: float):
    """base ** order, without a logarithm for the orders in use."""
    return base if order == 1.0 else base * base if order == 2.0 else base**order


@kernel
def keep(value: float, rung: int, excess: Reals, found: Vertices):
    """Put a rung at its place among the greatest so far, if it is one of them."""
    place = len(excess) - 1
    if value <= excess[place]:
        return
    while place > 0 and value > excess[place - 1]:
        excess[place], found[place] = excess[place - 1], found[place - 1]
        place -= 1
    excess[place], found[place] = value, rung
