"""Room for words: where each panel's plot stands in a figure of a width, all in pixels."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lamella.plots.labels import text_width
from lamella.plots.marks import Cells, Line, Rows
from lamella.plots.panels import Axis, Panel

if TYPE_CHECKING:
    from lamella.plots.drawable import Drawable

SIDE = 8  # pixels at the edges
MOST = 200  # pixels for names at one side


@dataclass(frozen=True)
class Room:
    """The pixels that the words around one plot need."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Place:
    """The plot of one panel, in pixels from the upper left of the figure, and the room around."""

    left: float
    top: float
    width: float
    height: float
    room: Room


@dataclass(frozen=True)
class Layout:
    """All plots of a figure, and the figure's own size."""

    places: tuple[Place, ...]
    width: float
    height: float
    header: tuple[str, ...]  # lines of the note


def laid_out(figure: Drawable, width: float) -> Layout:
    """Panels in rows; plots of a row begin at one height, those of a column at one left edge."""
    line = 1.5 * figure.font
    wrapped = textwrap.wrap(figure.note, max(20, int((width - 16) / (0.5 * figure.font))))
    lines = bool(figure.title) + len(wrapped) + len(key_lines(figure, width))
    above = (12 + line * lines) if lines else SIDE
    across = min(figure.across, max(1, len(figure.panels)))
    columns = [figure.panels[at::across] for at in range(across)]
    small = figure.font - 1
    plots = _widths(columns, small, width)
    rooms = [room_of(panel, plots[at % across], small) for at, panel in enumerate(figure.panels)]
    lefts = [max((room.left for room in rooms[at::across]), default=0) for at in range(across)]
    places, top = [], above
    for first in range(0, len(figure.panels), across):
        row = rooms[first : first + across]
        top += max(room.top for room in row) + (figure.font + 6) * bool(figure.letter)
        tall = [height_of(p, wide) for p, wide in zip(figure.panels[first:], plots, strict=False)]
        height = max(tall)
        x = 0.0
        for at, room in enumerate(row):
            x += lefts[at]
            places.append(Place(x, top, plots[at], tall[at], room))
            x += plots[at] + max(r.right for r in rooms[at::across])
        top += height + max(room.bottom for room in row)
    return Layout(tuple(places), width, top + SIDE * (not figure.frames), tuple(wrapped))


def height_of(panel: Panel, width: float) -> float:
    """The height of a plot; one of one scale is no higher than its width allows."""
    if not panel.square or panel.x.range is None or panel.y.range is None:
        return panel.height
    across, up = (high - low for low, high in (panel.x.range, panel.y.range))
    return min(panel.height, width * up / across)


def _widths(columns: list[tuple[Panel, ...]], font: float, width: float) -> list[float]:
    """The widths of the plots of each column: what the words leave, by the panels' shares."""
    guess = width / len(columns)
    rooms = [[room_of(panel, guess, font) for panel in column] for column in columns]
    words = sum(max(r.left for r in column) + max(r.right for r in column) for column in rooms)
    shares = [max(panel.share for panel in column) for column in columns]
    return [max(40.0, (width - words) * share / sum(shares)) for share in shares]


def room_of(panel: Panel, width: float, font: float) -> Room:
    """The room that ticks, labels, titles and the ends of lines need around a plot."""
    if any(isinstance(mark, Rows) for mark in panel.marks):
        return Room(SIDE, SIDE, 4, 6)
    x, y = panel.x, panel.y
    ends = [mark.end for mark in panel.marks if isinstance(mark, Line) and mark.end]
    right = 14 + max((min(MOST, text_width(end, font)) for end in ends), default=0)
    below, tall = 0.0, 0.0
    if not x.hidden:
        tall = lean_height(x, width, font) if x.names else 0.0 if x.bare else font + 8
        below = 0 if x.top else tall + (font + 5) * bool(x.label)
    scales = any(isinstance(mark, Cells) and mark.scale is not None for mark in panel.marks)
    above = (font + 9) * bool(panel.title) + (font + 6) * bool(y.label and not x.top)
    above += (tall + 2) * x.top
    return Room(_left(panel, font), right, above + 6, below + 6 + (font + 18) * scales)


def _left(panel: Panel, font: float) -> float:
    x, y = panel.x, panel.y
    if y.hidden:
        return SIDE + 4
    texts = () if y.bare else y.names or y.texts
    words = max((min(MOST, text_width(text, font)) for text in texts), default=0) + SIDE + 8
    words += (font + 6) * bool(y.label and x.top)
    return max(words, text_width(x.label, font) + SIDE + 9 if x.top else 0)


def lean_height(axis: Axis, width: float, font: float) -> float:
    """Pixels that names on a horizontal axis are high: they lean where they would touch."""
    widest = max((text_width(name, font) for name in axis.names), default=0)
    return 0.7 * min(widest, 90) + 10 if leans(axis, width, font) else font + 8


def leans(axis: Axis, width: float, font: float) -> bool:
    """Whether the names of an axis are written at a slant."""
    widest = max((text_width(name, font) for name in axis.names), default=0) + 6
    return widest > 44 and len(axis.names) * widest > width


def key_lines(figure: Drawable, width: float) -> list[tuple[tuple[str, str], ...]]:
    """The key broken into lines of the figure's width."""
    lines: list[list[tuple[str, str]]] = []
    room = 0.0
    for name, colour in figure.key:
        wide = text_width(name, figure.font - 1) + 34
        if wide > room:
            lines.append([])
            room = width - 16
        room -= wide
        lines[-1].append((name, colour))
    return [tuple(line) for line in lines]
