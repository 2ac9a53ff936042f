"""Panels and their axes: marks on one pair of scales, with ranges and ticks worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from lamella.plots.labels import distinct
from lamella.plots.marks import Bars, Cells, Line, Mark, Pictures, Rows
from lamella.plots.scales import padded, tick_texts, ticks

PARTS = {"x": ("x", "x0", "x1"), "y": ("y", "low", "high")}


@dataclass(frozen=True)
class Axis:
    """A scale: its name with the unit, and its range, which follows the marks where it is left out.

    `names` are categories at 0, 1, 2, ...; `ticks` and `texts` stand where the usual ones will not
    do; `zero` takes 0 in; `flip` runs down; an axis of names may stand on `top` of its panel.
    """

    label: str = ""
    range: tuple[float, float] | None = None
    log: bool = False
    zero: bool = False
    names: tuple[str, ...] = ()
    ticks: tuple[float, ...] = ()
    texts: tuple[str, ...] = ()
    flip: bool = False
    top: bool = False
    grid: bool = False
    hidden: bool = False
    bare: bool = False  # only its label


@dataclass(frozen=True)
class Panel:
    """Marks on one pair of axes; `height` is that of the plot in pixels, without words.

    `square` gives both axes one scale; `share` is its part of the width beside others.
    """

    marks: tuple[Mark, ...]
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    title: str = ""
    height: float = 280
    square: bool = False
    share: float = 1


def settled(panel: Panel) -> Panel:
    """The panel with the range, the ticks and their texts of both axes."""
    if any(isinstance(mark, Rows) for mark in panel.marks):
        return panel
    return replace(panel, x=_settled(panel, "x"), y=_settled(panel, "y"))


def _settled(panel: Panel, name: str) -> Axis:
    axis: Axis = getattr(panel, name)
    if axis.names:
        shown = tuple(distinct(axis.names))
        return replace(axis, names=shown, range=axis.range or (-0.5, len(shown) - 0.5))
    room = 0.0 if name == "x" and not panel.square else 0.04
    found = axis.range or padded(_values(panel, name), log=axis.log, zero=axis.zero, room=room)
    axis = replace(axis, range=(float(found[0]), float(found[1])))
    if axis.hidden or axis.bare:
        return axis
    chosen = axis.ticks or tuple(ticks(*found, log=axis.log))
    return replace(axis, ticks=chosen, texts=axis.texts or tuple(tick_texts(chosen)))


def _values(panel: Panel, name: str) -> Iterator[np.ndarray]:
    for mark in panel.marks:
        yield from (v for part in PARTS[name] if (v := _part(mark, part)) is not None)
        if isinstance(mark, Bars | Line) and name == "y" and (isinstance(mark, Bars) or mark.fill):
            yield np.zeros(1)
        if isinstance(mark, Bars) and name == "x":
            yield np.concatenate([mark.x - mark.width / 2, mark.x + mark.width / 2])
        if isinstance(mark, Cells):
            rows, columns = mark.values.shape
            first, count = (mark.left, columns) if name == "x" else (mark.top, rows)
            yield np.array([first - 0.5, first + count - 0.5])
        if isinstance(mark, Pictures):
            yield getattr(mark, name) + (mark.width if name == "x" else mark.height)


def _part(mark: Any, part: str) -> np.ndarray | None:
    value = getattr(mark, part, None)
    return value if isinstance(value, np.ndarray) and not getattr(mark, "inside", False) else None
