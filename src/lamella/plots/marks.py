"""The marks that figures are made of: lines, bands, dots, segments, cells, bars, words, pictures.

A mark is a value: arrays in the units of its panel's axes, and how it looks. Colours are names of
`lamella.plots.palette`, so that a page can turn dark, or `#rrggbb`. Sizes and widths are pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from lamella.plots.numbers import short
from lamella.plots.palette import SEQUENTIAL


def arrays(mark: Any, *names: str) -> None:
    """Turn fields of a frozen mark into arrays of floats; None stays."""
    for name in names:
        if getattr(mark, name) is not None:
            object.__setattr__(mark, name, np.asarray(getattr(mark, name), float))


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points; NaN breaks it, a point alone is a dot.

    `label` is its name under the pointer, `end` is written at its right end. With `steps` the
    value holds from each x to the next; `fill` shades down to 0.
    """

    x: Any
    y: Any
    colour: str = "ink"
    label: str = ""
    end: str = ""
    width: float = 2
    dash: str = ""  # "dash" or "dot"
    opacity: float = 1
    dots: float = 0
    steps: bool = False
    fill: float = 0

    def __post_init__(self) -> None:
        arrays(self, "x", "y")


@dataclass(frozen=True, eq=False)
class Band:
    """A pale area between `low` and `high`, left out where either is no number."""

    x: Any
    low: Any
    high: Any
    colour: str = "ink"
    opacity: float = 0.15
    steps: bool = False
    label: str = ""

    def __post_init__(self) -> None:
        arrays(self, "x", "low", "high")


@dataclass(frozen=True, eq=False)
class Dots:
    """Points in the plane, or in space with `z`; `groups` are indices into `colours`."""

    x: Any
    y: Any
    z: Any = None
    colour: str = "ink"
    groups: Any = None
    colours: tuple[str, ...] = ()
    size: float = 5
    symbol: str = "circle"  # "diamond", "square", "triangle", "cross"
    opacity: float = 1
    titles: tuple[str, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        arrays(self, "x", "y", "z")
        if self.groups is not None:
            object.__setattr__(self, "groups", np.asarray(self.groups, int))


@dataclass(frozen=True, eq=False)
class Segments:
    """Level bars from `x0` to `x1`; one that ends at infinity runs to the edge, as an arrow.

    Those that are `pale` (a mask) do not count as signal.
    """

    x0: Any
    x1: Any
    y: Any
    colour: str = "ink"
    width: float = 3
    pale: Any = None
    label: str = ""
    titles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        arrays(self, "x0", "x1", "y")


@dataclass(frozen=True, eq=False)
class Bars:
    """Upright bars of a width in units of x, from `base` to y."""

    x: Any
    y: Any
    width: float = 1
    base: float = 0
    colour: str = "seq3"
    titles: tuple[str, ...] = ()
    label: str = ""

    def __post_init__(self) -> None:
        arrays(self, "x", "y")


@dataclass(frozen=True, eq=False)
class Cells:
    """A grid of coloured cells with texts; the first has its centre at (`left`, `top`).

    `values` from `low` to `high` choose the colour along `stops`. Texts stand where there is room
    for them; cells that are NaN are striped, or left empty. `scale` is the name of the numbers,
    written at the bar of colours below the cells, whose `ends` are the texts of low and high
    where their numbers will not do; `titles` are shown under the pointer.
    """

    values: Any
    low: float
    high: float
    stops: tuple[str, ...] = SEQUENTIAL
    log: bool = False
    texts: Any = None
    titles: Any = None
    scale: str | None = None
    ends: tuple[str, ...] = ()
    striped: bool = True
    left: float = 0
    top: float = 0
    opacity: float = 1
    size: float = 11

    def __post_init__(self) -> None:
        arrays(self, "values")
        if self.scale is not None and not self.ends:
            texts = short(self.low), short(self.high) + " (log)" * self.log
            object.__setattr__(self, "ends", texts)


@dataclass(frozen=True, eq=False)
class Text:
    """Words at places; with `inside`, x and y are shares of the panel from its lower left."""

    x: Any
    y: Any
    texts: tuple[str, ...]
    colour: str = "soft"
    colours: tuple[str, ...] = ()
    size: float = 12
    anchor: str = "middle"  # "start", "end"
    inside: bool = False
    shift: tuple[float, float] = (0, 0)  # pixels to the right and down
    bold: bool = False
    room: float = 0  # in units of x, for a page that is narrower

    def __post_init__(self) -> None:
        arrays(self, "x", "y")
        object.__setattr__(self, "texts", tuple(map(str, self.texts)))


@dataclass(frozen=True)
class Rule:
    """A line across the panel at `x` or at `y`."""

    x: float | None = None
    y: float | None = None
    colour: str = "line"
    width: float = 1
    dash: str = ""
    label: str = ""


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures, pixels kept sharp, each of `width` x `height` with its upper left at (x, y).

    `pixels` has shape pictures x height x width x 1, 3 or 4, bytes; `frames` are their colours.
    """

    pixels: Any
    x: Any
    y: Any
    width: float
    height: float
    frames: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    opacity: float = 1

    def __post_init__(self) -> None:
        arrays(self, "x", "y")


@dataclass(frozen=True, eq=False)
class Rows:
    """A table: a name and the texts of each column; columns of numbers are set right."""

    names: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]
    numbers: tuple[Any, ...] = field(default=())  # to sort by; None for words

    @property
    def height(self) -> float:
        """Pixels that the rows need."""
        lines = [max(text.count("\n") for text in row) + 1 for row in zip(*self.texts, strict=True)]
        return 8 + sum(8 + 18 * count for count in lines) + 26 * any(self.names)


Mark = Line | Band | Dots | Segments | Bars | Cells | Text | Rule | Pictures | Rows


def changed(mark: Any) -> dict[str, Any]:
    """The fields of a dataclass that differ from their defaults."""
    found = {item.name: (getattr(mark, item.name), item.default) for item in fields(mark)}
    return {
        name: value
        for name, (value, usual) in found.items()
        if value is not None and (isinstance(value, np.ndarray) or value != usual)
    }
