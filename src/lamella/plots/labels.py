"""Words on figures: names that fit, labels that do not touch."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

SMALL = 12  # pixels of the type of labels


def clipped(name: str, most: int = 24) -> str:
    """A long name with its middle left out.

    >>> clipped("encoder.layer.11.output.dense", 15)
    'encoder…t.dense'
    """
    if len(name) <= most:
        return name
    head = (most - 1) // 2
    return name[:head] + "…" + name[len(name) - (most - 1 - head) :]


def distinct(names: Sequence[str], most: int = 24) -> list[str]:
    """Long names clipped so that they stay apart: what all share at both ends goes first.

    >>> distinct(["encoder.layers.0.attention.output", "encoder.layers.1.attention.output"], 15)
    ['…0…', '…1…']
    """
    short = [clipped(name, most) for name in names]
    if len(set(short)) == len(set(names)):
        return short
    head = _shared(list(names))
    tail = _shared([name[head:][::-1] for name in names])
    middles = [name[head : len(name) - tail] for name in names]
    return [clipped("…" * (head > 0) + part + "…" * (tail > 0), most) for part in middles]


def _shared(names: list[str]) -> int:
    """How many characters all names begin with."""
    first, last = min(names), max(names)  # in order, so that these two differ first
    ends = min(len(first), len(last))
    return next((at for at in range(ends) if first[at] != last[at]), ends)


def text_width(text: str, size: float = SMALL) -> int:
    """About how many pixels a text is wide."""
    return math.ceil(0.58 * size * len(text))


def every(count: int, room: float, widest: float) -> int:
    """Show each n-th of `count` labels so that they fit into `room` pixels.

    >>> every(8, 400, 20), every(100, 400, 20)
    (1, 5)
    """
    if count * widest <= room:
        return 1
    least = math.ceil(count * widest / room)
    return next(n for n in (2, 5, 10, 20, 25, 50, 100, 200, 500, 10**9) if n >= least)


def apart(places: Sequence[float], widths: Sequence[float]) -> list[int]:
    """Which labels can stand so that none touches the one before, the last always.

    >>> apart([0, 10, 50], [20, 20, 20])
    [1, 2]
    """
    kept, edge = [], math.inf
    for at in sorted(range(len(places)), key=lambda k: -places[k]):
        if places[at] + widths[at] / 2 + 3 <= edge:
            kept.append(at)
            edge = places[at] - widths[at] / 2
    return sorted(kept)


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions moved as little as possible so that neighbours are `gap` apart.

    Pools neighbours that are too near at their mean (isotonic regression), then keeps to
    [low, high].

    >>> spread([10, 12, 40], 14, 0, 100)
    [4.0, 18.0, 40.0]
    """
    order = np.argsort(positions, kind="stable")
    blocks: list[list[float]] = []  # mean of what was wanted, members
    for rank, index in enumerate(order):
        blocks.append([float(positions[index]) - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            whole = blocks[-1][1] + size
            blocks[-1] = [(blocks[-1][0] * blocks[-1][1] + mean * size) / whole, whole]
    starts = [mean for mean, size in blocks for _ in range(int(size))]
    top = high - gap * (len(starts) - 1)
    placed = [0.0] * len(starts)
    for rank, index in enumerate(order):
        placed[index] = max(low, min(starts[rank], top)) + rank * gap
    return placed
