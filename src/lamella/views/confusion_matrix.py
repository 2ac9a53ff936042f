"""Confusion matrix: which class was taken for which."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lamella.plots.figure import WIDTH, Figure
from lamella.plots.matrices import matrix_panel
from lamella.plots.numbers import percent
from lamella.plots.palette import DIVERGING
from lamella.registry import views
from lamella.results import Matrix


@views.register(record="matrix")
def confusion_matrix(matrix: Matrix, *, title: str = "") -> Figure:
    """Counts of true class (rows) by predicted class (columns).

    The colour is the share of the true class, from 0 to 100 %: blue on the diagonal where it is
    right, vermillion elsewhere where it is wrong. Wrong shares stand out by a square root, since
    a confusion of 5 % is one to see.
    """
    rows, columns = matrix.values.shape
    side = max(14.0, min(46.0, (WIDTH - 160) / max(columns, 1), 620 / max(rows, 1)))
    named = replace(
        matrix,
        column_label=matrix.column_label or "predicted",
        row_label=matrix.row_label or "true",
        value_label=matrix.value_label or "samples",
    )
    panel = matrix_panel(
        named, (-1, 1), stops=DIVERGING, tones=shares(matrix.values), side=side,
        scale="of the class", said=("100 % wrong", "100 % right"),
    )  # fmt: skip
    return Figure((panel,), title or matrix.title, _note(matrix.values))


def shares(values: np.ndarray) -> np.ndarray:
    """The share of the class that is right on the diagonal, minus the root of the wrong elsewhere.

    >>> shares(np.array([[3.0, 1.0], [0.0, 2.0]])).tolist()
    [[0.75, -0.5], [0.0, 1.0]]
    """
    counts = np.nan_to_num(values)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    right = np.eye(*counts.shape, dtype=bool)
    return np.where(np.isfinite(values), np.where(right, share, 0 - np.sqrt(share)), np.nan)


def _note(values: np.ndarray) -> str:
    counts = np.nan_to_num(values)
    total, right = counts.sum(), np.trace(counts)
    if not total:
        return "no samples"
    worst = (
        (counts - np.diag(np.diag(counts))).max(initial=0) if len(counts) == len(counts.T) else 0
    )
    most = f" · most frequent confusion: {worst:,.0f} samples" * bool(worst)
    return (
        f"{right:,.0f} of {total:,.0f} right, {percent(right / total)}{most}"
        " · wrong shares by their square root"
    )
