"""Representatives: for each loop a cycle of few vertices through the edge that gave it birth."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from jaxtyping import Float32, Int

from lamella.homology.filtration.edges import length_bits


def cycles_at_birth(
    matrix: Float32[np.ndarray, "kept kept"],
    kept: Int[np.ndarray, " kept"],
    births: Iterable[int],
) -> list[tuple[int, ...]]:
    """The points of a cycle with the fewest edges that each birth edge closes, in order.

    At the moment of birth every such cycle represents the new class, up to older ones.
    """
    return [
        tuple(int(kept[v]) for v in fewest_edges(matrix, int(pair) >> 16, int(pair) & 0xFFFF))
        for pair in births
    ]


def fewest_edges(matrix: Float32[np.ndarray, "kept kept"], start: int, stop: int) -> list[int]:
    """A shortest path of edges that come before the edge from start to stop."""
    before = {start: -1}
    front = [start]
    while stop not in before and front:
        reached = []
        for vertex in front:
            for near in np.flatnonzero(earlier(matrix, vertex, start, stop)):
                if int(near) not in before:
                    before[int(near)] = vertex
                    reached.append(int(near))
        front = reached
    path = [stop]
    while before.get(path[-1], -1) >= 0:
        path.append(before[path[-1]])
    return path


def earlier(matrix: Float32[np.ndarray, "kept kept"], vertex: int, start: int, stop: int):
    """Which edges from a vertex come before the edge from start to stop (see `edges`)."""
    others = np.arange(len(matrix))
    pairs = np.minimum(vertex, others) << 16 | np.maximum(vertex, others)
    keys = matrix[vertex].view(np.int32).astype(np.int64) << 32 | pairs
    edge = min(start, stop) << 16 | max(start, stop)
    limit = (length_bits(matrix[start, stop]) << 32) | edge
    return (keys < limit) & (others != vertex)
