"""The assignment of rows to columns that saves most, where a row may also stay alone.

Columns have prices, and a row wants what it saves there less the price. First rows bid in turns:
each raises the price of its best column until the second best is as good, and whom it drives out
bids again. Rows still without a place then get one along a shortest augmenting path (Jonker,
Volgenant 1987, A shortest augmenting path algorithm for dense and sparse linear assignment
problems). Prices only ever rise, and a column once taken stays taken, so free columns cost nothing
and the result is the best of all.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from lamella.homology.arrays import Reals, Vertices
from lamella.homology.kernels import kernel

ALONE, UNASSIGNED = -1, -2  # instead of a column or a row
BIDS = 4  # for each row, before paths are searched


class Savings(NamedTuple):
    """What rows would save at columns: those of row i are starts[i] to starts[i + 1]."""

    starts: Vertices
    columns: Vertices
    amounts: Reals


class Assignment(NamedTuple):
    """Who has which column, with the proof that nothing saves more.

    No saving exceeds the gain of its row and the price of its column together, and those of all
    rows and columns add up to what is saved.
    """

    columns: Int[np.ndarray, " rows"]
    gains: Float[np.ndarray, " rows"]
    prices: Float[np.ndarray, " columns"]


class Market(NamedTuple):
    """Prices of columns, who has which, and what a search for a path needs."""

    prices: Reals
    column_of: Vertices
    row_of: Vertices
    gains: Reals  # of rows: savings less price, at least 0
    distances: Reals  # of columns
    before: Vertices  # the row from which a column was reached
    reached: Vertices  # columns, first those that are settled
    waiting: Vertices  # rows


def assign(
    rows: Int[np.ndarray, " edges"],
    columns: Int[np.ndarray, " edges"],
    savings: Float[np.ndarray, " edges"],
    shape: tuple[int, int],
) -> Assignment:
    """The column of each row, or ALONE, so that the savings add up to most.

    Edges come with their rows in ascending order; what is not an edge saves nothing.

    >>> assign(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([3.0, 2.0, 2.0]), (2, 2)).columns
    array([1, 0])
    """
    starts = np.searchsorted(rows, np.arange(shape[0] + 1))
    return Assignment(*settle(Savings(starts, columns, savings), shape[0], shape[1]))


@kernel(allocates=True)
def settle(savings: Savings, rows: int, columns: int):
    """The column and the gain of each row, and the prices of the columns."""
    market = Market(
        np.zeros(columns),
        np.full(rows, UNASSIGNED, np.int64),
        np.full(columns, UNASSIGNED, np.int64),
        np.zeros(rows),
        np.full(columns, np.inf),
        np.empty(columns, np.int64),
        np.empty(columns, np.int64),
        np.arange(rows),
    )
    left = bid_in_turns(savings, market, BIDS * rows)
    for place in range(left):
        find_place(market.waiting[place], savings, market)
    return market.column_of, market.gains, market.prices


@kernel(allocates=True)
def bid_in_turns(savings: Savings, market: Market, bids: int):
    """Let waiting rows bid while there are bids; how many rows still wait, first in the list.

    A row that could not raise the price of a column that is taken stops bidding: two that want
    the same would drive each other out for ever.
    """
    waiting = market.waiting
    size = len(waiting)
    head, turns, left = 0, size, 0
    queue = waiting.copy()
    while turns > 0:
        row = queue[head]
        head = (head + 1) % size
        turns -= 1
        column, best, second = best_two(row, savings, market)
        market.gains[row] = second
        if column == ALONE:
            market.column_of[row] = ALONE
            continue
        loser = market.row_of[column]
        if bids == 0 or (loser != UNASSIGNED and best <= second):
            waiting[left] = row
            left += 1
            continue
        bids -= 1
        market.prices[column] += best - second
        market.row_of[column], market.column_of[row] = row, column
        if loser != UNASSIGNED:
            market.column_of[loser] = UNASSIGNED
            queue[(head + turns) % size] = loser
            turns += 1
    return left


@kernel
def best_two(row: int, savings: Savings, market: Market):
    """The column where a row gains most, that gain, and the next; staying alone gains 0."""
    column, best, second = ALONE, 0.0, 0.0
    for edge in range(savings.starts[row], savings.starts[row + 1]):
        gain = savings.amounts[edge] - market.prices[savings.columns[edge]]
        if gain > best:
            column, best, second = savings.columns[edge], gain, best
        elif gain > second:
            second = gain
    return column, best, second


@kernel
def find_place(row: int, savings: Savings, market: Market):
    """Give a row its place along the shortest path to a free column, or to a row left alone."""
    market.gains[row] = best_two(row, savings, market)[1]
    reached, distances = market.reached, market.distances
    count = settled = 0
    length, here, ends_at = 0.0, row, row
    shortest = market.gains[row]  # the path on which `ends_at` gives up its column for none
    end = ALONE
    while True:
        count = look_around(here, length, shortest, count, savings, market)
        place = nearest(settled, count, length, market)
        if place < 0 or distances[reached[place]] >= shortest:
            break
        column = reached[place]
        reached[place], reached[settled] = reached[settled], column
        length = distances[column]
        settled += 1
        if market.row_of[column] == UNASSIGNED:
            end, shortest = column, length
            break
        here = market.row_of[column]
        if length + market.gains[here] < shortest:
            shortest, ends_at = length + market.gains[here], here
    raise_prices(row, shortest, settled, market)
    move_along(row, ends_at, end, market)
    for place in range(count):
        distances[reached[place]] = np.inf


@kernel
def look_around(
    row: int, length: float, shortest: float, count: int, savings: Savings, market: Market
):
    """Reach the columns of a row that may lie on a path below `shortest`; how many are reached."""
    for edge in range(savings.starts[row], savings.starts[row + 1]):
        column = savings.columns[edge]
        gain = savings.amounts[edge] - market.prices[column]
        distance = length + max(market.gains[row] - gain, 0.0)
        if distance < market.distances[column] and distance < shortest:
            if market.distances[column] == np.inf:
                market.reached[count] = column
                count += 1
            market.distances[column] = distance
            market.before[column] = row
    return count


@kernel
def nearest(settled: int, count: int, length: float, market: Market):
    """The place of the nearest column that is reached but not settled; -1 if there is none.

    None is nearer than `length`, that of the last one settled.
    """
    found, least = -1, np.inf
    for place in range(settled, count):
        distance = market.distances[market.reached[place]]
        if distance < least:
            found, least = place, distance
            if distance <= length:
                break
    return found


@kernel
def raise_prices(row: int, shortest: float, settled: int, market: Market):
    """Make the path found cost nothing: dearer columns, and rows that gain less."""
    market.gains[row] -= shortest
    for place in range(settled):
        column = market.reached[place]
        rise = max(shortest - market.distances[column], 0.0)
        market.prices[column] += rise
        if market.row_of[column] != UNASSIGNED:
            market.gains[market.row_of[column]] -= rise


@kernel
def move_along(row: int, ends_at: int, end: int, market: Market):
    """Each row of the path takes the next column; the last takes `end`, which may be ALONE."""
    column, here = end, ends_at
    if end != ALONE:
        here = market.before[end]
    while True:
        given_up = market.column_of[here]
        market.column_of[here] = column
        if column != ALONE:
            market.row_of[column] = here
        if here == row:
            return
        column = given_up
        here = market.before[column]
