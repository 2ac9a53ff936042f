"""What a record that was read may hold, so that whoever draws it can rely on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from numbers import Real
from typing import Any

import numpy as np

TEXTS = ("title", "why_empty", "unit", "method", "row_label", "column_label", "value_label")
LABELS = ("x_label", "y_label")
SEQUENCES = ("series", "axes", "class_names", "rows", "columns", "captions")
NUMBERS = ("diameter", "mean_distance", "bound", "trustworthiness", "neighbours_kept")


def fault_of(kind: str, record: Any) -> str:
    """The first thing that does not fit in a record of a kind; nothing where all does."""
    return next(_faults(kind, record), "")


def _faults(kind: str, record: Any) -> Iterator[str]:
    values = {each.name: getattr(record, each.name) for each in dataclasses.fields(record)}
    for name, value in values.items():
        if name in (*TEXTS, *LABELS) and not isinstance(value, str):
            yield f"{name} is no text"
        if name in NUMBERS and (isinstance(value, bool) or not isinstance(value, Real)):
            yield f"{name} is no number"
        if name in SEQUENCES and kind not in ("table", "images") and not _are_texts(value):
            yield f"{name} are no texts"
    yield from CHECKS[kind](record)


def _are_texts(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(each, str) for each in value)


def _table(record: Any) -> Iterator[str]:
    for name, column in record.columns.items():
        if not isinstance(name, str) or column.ndim != 1 or column.dtype.kind not in "biufUS":
            yield f"the column {name!r:.40} is no list of numbers or texts"


def _curve(record: Any) -> Iterator[str]:
    if record.x.ndim != 1 or record.x.dtype.kind not in "biufU" or record.y.ndim != 2:
        yield "x and y are no curves"
    for name in ("low", "high"):
        side = getattr(record, name)
        if side is not None and (side.shape != record.y.shape or side.dtype.kind not in "biuf"):
            yield f"{name} is no band of y"


def _diagrams(record: Any) -> Iterator[str]:
    birth, death, dimension = record.birth, record.death, record.dimension
    if not len(birth) == len(death) == len(dimension):
        yield "births, deaths and dimensions are not as many"
        return
    if not np.isfinite(birth).all() or not (death >= birth).all() or (dimension < 0).any():
        yield "a bar ends before it begins"
    if record.threshold is not None and not isinstance(record.threshold, Real):
        yield "threshold is no number"
    if type(record.points) is not int or not _are_cycles(record.vertices):
        yield "points or vertices are no whole numbers"


def _are_cycles(value: Any) -> bool:
    if not isinstance(value, tuple) or not all(isinstance(cycle, tuple) for cycle in value):
        return False
    return all(type(vertex) is int and vertex >= 0 for cycle in value for vertex in cycle)


def _embedding(record: Any) -> Iterator[str]:
    points = np.asarray(record.points)
    if points.ndim != 2 or points.shape[1] not in (2, 3) or points.dtype.kind not in "iuf":
        yield f"points of shape {points.shape} lie in no plane or space"
        return
    for name in ("labels", "ids"):
        values = getattr(record, name)
        if values is not None and np.shape(values) != (len(points),):
            yield f"{name} are not one for each point"


def _matrix(record: Any) -> Iterator[str]:
    if record.values.ndim != 2:
        yield "values are no matrix"


def _images(record: Any) -> Iterator[str]:
    if record.pixels.dtype.kind not in "uf" or not _are_texts(record.captions):
        yield "pixels or captions are none"
    if type(record.columns) is not int or record.columns < 0:
        yield "columns is no number of pictures"
    if record.scale is not None and not _is_pair(record.scale):
        yield "scale is no pair of numbers"


def _is_pair(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(v, Real) for v in value)


CHECKS = {
    "table": _table,
    "curve": _curve,
    "diagrams": _diagrams,
    "embedding": _embedding,
    "matrix": _matrix,
    "images": _images,
}
