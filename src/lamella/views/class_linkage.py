"""Class linkage: in which order the classes merge into one component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lamella.plots.cells import draw_cells, header_room, label_room, limits, row_height
from lamella.plots.labels import short
from lamella.plots.style import SEQUENTIAL, SOFT, WIDTH, new_figure, plain
from lamella.registry import views
from lamella.results import Matrix

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TREE = 0.34  # share of the width that the tree takes


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
    left, rows = label_room(names), len(names) * row_height(len(names))
    inner = WIDTH - left - 16
    width = (1 - TREE) * inner - 24
    figure = new_figure(
        title or matrix.title or "Which classes stay linked",
        "strong colour: linked at a small scale",
        height=rows,
        left=left,
        top=header_room(ordered, width),
        bottom=46,
    )
    low, high = limits(_finite(values), log=True)
    draw_cells(
        figure,
        ordered,
        stops=tuple(reversed(SEQUENTIAL)),
        low=low,
        high=high,
        width=width,
        height=rows,
        log=True,
        colours=np.where(np.isinf(values), high, values),
    )
    _draw_tree(figure, merges, order, _finite(values))
    share = width / inner
    figure.update_layout(
        xaxis={"domain": [0, share]},
        xaxis2={
            "domain": [1 - TREE, 1],
            "anchor": "y",
            "title": {"text": plain(matrix.value_label or "scale")},
        },
    )
    return figure


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


def _finite(values: np.ndarray) -> np.ndarray:
    return values[np.isfinite(values)]


def _draw_tree(
    figure: Figure,
    merges: list[tuple[list[int], list[int], float]],
    order: list[int],
    finite: np.ndarray,
) -> None:
    top = 1.15 * float(finite.max(initial=1.0))
    place: dict[tuple[int, ...], tuple[float, float]] = {
        (leaf,): (float(row), 0.0) for row, leaf in enumerate(order)
    }
    base = min(1.0, float(finite.min(initial=1.0)))
    x: list[float | None] = []
    y: list[float | None] = []
    texts = []
    for first, second, scale in merges:
        (row_a, at_a), (row_b, at_b) = place[tuple(first)], place[tuple(second)]
        at = scale if np.isfinite(scale) else top
        x += [max(at_a, base), at, at, max(at_b, base), None]
        y += [row_a, row_a, row_b, row_b, None]
        texts += [f"merge at {short(scale)}"] * 4 + [""]
        place[tuple(first + second)] = ((row_a + row_b) / 2, at)
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": SOFT, "width": 1.5},
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        xaxis="x2",
        yaxis="y",
        name="tree",
    )
    figure.update_layout(xaxis2={"range": [base - 0.02 * (top - base), top]})
