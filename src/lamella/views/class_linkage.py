"""Class linkage: in which order the classes merge into one component."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lamella.plots.figure import Figure
from lamella.plots.marks import Line
from lamella.plots.matrices import matrix_panel
from lamella.plots.palette import SEQUENTIAL
from lamella.plots.panels import Axis, Panel
from lamella.plots.scales import limits
from lamella.registry import views
from lamella.results import Matrix


@views.register(record="matrix")
def class_linkage(matrix: Matrix, *, title: str = "") -> Figure:
    """The scale at which each pair of classes merges, beside the tree of merges.

    The matrix (of the measure `class_linkage`) is symmetric; rows are ordered by the tree, in
    which two groups join at the least scale of a pair between them. Strong colour is linked
    early.

    Source: Gower, Ross 1969, Minimum spanning trees and single linkage cluster analysis.
    """
    merges, order = merge_tree(matrix.values)
    names = tuple(matrix.rows[i] for i in order)
    values = matrix.values[np.ix_(order, order)]
    ordered = Matrix(values, names, names, value_label=matrix.value_label)
    finite = values[np.isfinite(values)]
    ends = limits(finite, log=True)
    stops = tuple(reversed(SEQUENTIAL))
    cells = replace(matrix_panel(ordered, ends, stops=stops, log=True), share=0.66)
    tree, span = _tree(merges, order, finite)
    rows = Axis(range=(-0.5, len(names) - 0.5), flip=True, hidden=True)
    scale = Axis(matrix.value_label or "scale", span)
    beside = Panel((tree,), scale, rows, height=cells.height, share=0.34)
    name = title or matrix.title or "Which classes stay linked"
    return Figure((cells, beside), name, "strong colour: linked at a small scale", across=2)


def merge_tree(values: np.ndarray) -> tuple[list[tuple[list[int], list[int], float]], list[int]]:
    """Single linkage of a symmetric matrix: merges (members, members, scale), and leaf order.

    >>> merge_tree(np.array([[1.0, 9.0, 2.0], [9.0, 1.0, 5.0], [2.0, 5.0, 1.0]]))
    ([([0], [2], 2.0), ([0, 2], [1], 5.0)], [0, 2, 1])
    """
    groups = [[i] for i in range(len(values))]
    merges = []
    while len(groups) > 1:
        pairs = [(a, b) for a in range(len(groups)) for b in range(a + 1, len(groups))]
        gaps = [_nearest(values, groups[a], groups[b]) for a, b in pairs]
        best = int(np.argmin(gaps))
        a, b = pairs[best]
        merges.append((groups[a], groups[b], gaps[best]))
        groups[a] = groups[a] + groups.pop(b)
    return merges, groups[0] if groups else []


def _nearest(values: np.ndarray, first: list[int], second: list[int]) -> float:
    between = values[np.ix_(first, second)]
    return float(np.where(np.isnan(between), np.inf, between).min())


def _tree(
    merges: list[tuple[list[int], list[int], float]], order: list[int], finite: np.ndarray
) -> tuple[Line, tuple[float, float]]:
    """The tree as one broken line, and the range of its scale."""
    top, base = 1.15 * float(finite.max(initial=1.0)), min(1.0, float(finite.min(initial=1.0)))
    place: dict[tuple[int, ...], tuple[float, float]] = {
        (leaf,): (float(row), 0.0) for row, leaf in enumerate(order)
    }
    x, y = [np.nan], [np.nan]
    for first, second, scale in merges:
        (row_a, at_a), (row_b, at_b) = place[tuple(first)], place[tuple(second)]
        at = scale if np.isfinite(scale) else top
        x += [max(at_a, base), at, at, max(at_b, base), np.nan]
        y += [row_a, row_a, row_b, row_b, np.nan]
        place[tuple(first + second)] = ((row_a + row_b) / 2, at)
    return Line(x, y, "soft", "merge at", width=1.5), (base - 0.02 * (top - base), top)
