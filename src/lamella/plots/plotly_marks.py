"""Each mark as plotly's traces, and words as its annotations."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from lamella.plots.labels import text_width
from lamella.plots.layout import Place
from lamella.plots.marks import (
    Band,
    Bars,
    Cells,
    Dots,
    Line,
    Mark,
    Pictures,
    Rows,
    Rule,
    Segments,
    Text,
)  # fmt: skip
from lamella.plots.palette import along, faded, hex_of, ink_on
from lamella.plots.panels import Axis, Panel
from lamella.plots.pixels import uri

SYMBOLS = {"triangle": "triangle-up"}
Trace = dict[str, Any]


@dataclass(frozen=True)
class Canvas:
    """Where the marks of one panel go: its place, its axes' number, and the layout to add to."""

    panel: Panel
    place: Place
    at: int
    font: float
    layout: dict[str, Any]
    domain: tuple[list[float], list[float]]

    @property
    def number(self) -> str:
        """Plotly's number of the panel's axes: none for the first, then 2, 3, ..."""
        return "" if self.at == 0 else str(self.at + 1)

    @property
    def small(self) -> float:
        return self.font - 1

    @property
    def scene(self) -> str:
        return f"scene{self.number}"

    @property
    def axes(self) -> dict[str, str]:
        return {"xaxis": f"x{self.number}", "yaxis": f"y{self.number}"}

    def part(self, name: str, value: float) -> float:
        """How far along an axis a value lies, from 0 to 1."""
        axis: Axis = getattr(self.panel, name)
        low, high = (share_of(axis, end) for end in axis.range or (0.0, 1.0))
        if axis.log and not value > 0:
            return math.nan
        part = (share_of(axis, value) - low) / ((high - low) or 1)
        return 1 - part if axis.flip else part

    def last(self, line: Line) -> float | None:
        """Where along y a line ends; None for one that has no number."""
        parts = [self.part("y", value) for value in line.y.tolist()]
        return next((part for part in reversed(parts) if math.isfinite(part)), None)

    def write(
        self, text: str, x: float, y: float, shift: tuple[float, float] = (0, 0), *,
        anchor: str = "left", colour: str = "soft", size: float = 0, angle: float = 0,
        bottom: bool = False, under: bool = False, middle: bool = False,
    ) -> str:  # fmt: skip
        """Words at a share of the panel, shifted right and down by pixels; the text is returned."""
        placed = "bottom" if bottom else "top" if under else "middle"
        self.layout["annotations"].append(
            {"text": text, "x": x, "y": y, "xshift": shift[0], "yshift": -shift[1]}
            | {"xref": f"x{self.number} domain", "yref": f"y{self.number} domain"}
            | {"xanchor": anchor, "yanchor": placed, "showarrow": False, "textangle": angle}
            | {"align": anchor, "borderpad": 0}
            | {"font": {"size": size or self.small, "color": hex_of(colour)}}
        )
        return text


def share_of(axis: Axis, value: float) -> float:
    """A value in the units in which plotly counts along an axis."""
    return math.log10(value) if axis.log and value > 0 else float(value)


def stops_of(stops: tuple[str, ...], share: float) -> str:
    """The colour at a share of the way along a scale."""
    return "#" + "".join(f"{round(part):02x}" for part in along(stops, share))


def draw(canvas: Canvas, marks: tuple[Mark, ...]) -> list[Trace]:
    """All marks as traces on the axes of their panel."""
    return [trace for mark in marks for trace in DRAWN[type(mark)](canvas, mark)]


def numbers(values: np.ndarray) -> list[float | None]:
    """An array as a list, None where it is no number."""
    return [float(v) if math.isfinite(v) else None for v in np.ravel(values).tolist()]


def plain_texts(texts: Any) -> list[str]:
    """Texts that plotly shows as they are."""
    return [escape(str(text), quote=False).replace("\n", "<br>") for text in texts]


def _scatter(canvas: Canvas, x: Any, y: Any, mode: str, **more: Any) -> Trace:
    if "hovertemplate" not in more:
        more["hoverinfo"] = "skip"
    return {"type": "scatter", "x": x, "y": y, "mode": mode, **canvas.axes, **more}


def _line(canvas: Canvas, mark: Line) -> list[Trace]:
    x, y = numbers(mark.x), numbers(mark.y)
    if canvas.panel.y.log:
        y = [value if value is not None and value > 0 else None for value in y]
    alone = sum(value is not None for value in y) == 1
    shape = "hv" if mark.steps else "linear"
    colour = hex_of(mark.colour)
    style = {"color": colour, "width": mark.width, "dash": mark.dash or "solid", "shape": shape}
    marker = {"size": mark.dots or 3 * mark.width, "color": colour}
    more: Trace = {"name": plain_texts([mark.label])[0], "opacity": mark.opacity, "marker": marker}
    if mark.label:
        more["hovertemplate"] = "%{x:.4~g}: %{y:.4~g}<extra>%{fullData.name}</extra>"
    if mark.fill:
        more |= {"fill": "tozeroy", "fillcolor": faded(mark.colour, mark.fill)}
    mode = "lines+markers" if mark.dots or alone else "lines"
    return [_scatter(canvas, x, y, mode, line=style, **more)]


def _band(canvas: Canvas, mark: Band) -> list[Trace]:
    fine = np.isfinite(mark.low) & np.isfinite(mark.high)
    if not fine.any():
        return []
    x, low, high = mark.x[fine], mark.low[fine], mark.high[fine]
    if mark.steps:
        x, low, high = np.repeat(x, 2)[1:], np.repeat(low, 2)[:-1], np.repeat(high, 2)[:-1]
    across, along_ = np.concatenate([x, x[::-1]]), np.concatenate([low, high[::-1]])
    fill = {"fill": "toself", "fillcolor": faded(mark.colour, mark.opacity), "line": {"width": 0}}
    return [_scatter(canvas, across.tolist(), along_.tolist(), "lines", name="band", **fill)]


def _dots(canvas: Canvas, mark: Dots) -> list[Trace]:
    colours = hex_of(mark.colour)
    if mark.groups is not None:
        names = np.array([hex_of(colour) for colour in mark.colours])
        colours = names[mark.groups].tolist()
    marker = {"size": mark.size, "color": colours, "opacity": mark.opacity, "line": {"width": 0}}
    marker["symbol"] = SYMBOLS.get(mark.symbol, mark.symbol)
    said: Trace = {"name": plain_texts([mark.label])[0]}
    if mark.titles:
        said |= {"text": plain_texts(mark.titles), "hovertemplate": "%{text}<extra></extra>"}
    elif mark.label:
        said["hovertemplate"] = "%{x:.4~g}, %{y:.4~g}<extra>%{fullData.name}</extra>"
    if mark.z is None:
        more = {"marker": marker, "cliponaxis": False, **said}
        return [_scatter(canvas, numbers(mark.x), numbers(mark.y), "markers", **more)]
    marker["size"] = 0.6 * mark.size
    deep = {"x": mark.x.tolist(), "y": mark.y.tolist(), "z": mark.z.tolist(), "mode": "markers"}
    return [{"type": "scatter3d", **deep, "marker": marker, "scene": canvas.scene, **said}]


def _segments(canvas: Canvas, mark: Segments) -> list[Trace]:
    traces = []
    edge = (canvas.panel.x.range or (0, 1))[1]
    pale = np.zeros(len(mark.y), bool) if mark.pale is None else np.asarray(mark.pale, bool)
    for faint in (False, True):
        rows = np.flatnonzero(pale == faint)
        if not len(rows):
            continue
        ends = np.where(np.isinf(mark.x1[rows]), edge, mark.x1[rows])
        x = np.column_stack([mark.x0[rows], ends, np.full(len(rows), np.nan)])
        y = np.column_stack([mark.y[rows]] * 3)
        colour = faded(mark.colour, 0.4) if faint else hex_of(mark.colour)
        said: Trace = {"name": plain_texts([mark.label])[0]}
        if mark.label:
            said["hovertemplate"] = "%{x:.4~g}<extra>%{fullData.name}</extra>"
        style = {"color": colour, "width": mark.width}
        traces.append(_scatter(canvas, numbers(x), numbers(y), "lines", line=style, **said))
    for row in np.flatnonzero(np.isinf(mark.x1)):
        up = canvas.part("y", mark.y[row])
        canvas.write("▸", 1, up, (-3, 0), colour=mark.colour, size=11)
    return traces


def _bars(canvas: Canvas, mark: Bars) -> list[Trace]:
    said: Trace = {"hoverinfo": "skip"}
    if mark.titles:
        said = {
            "hovertext": plain_texts(mark.titles),
            "hovertemplate": "%{hovertext}<extra></extra>",
        }
    shape = {"marker": {"color": hex_of(mark.colour), "line": {"width": 0}}, "width": mark.width}
    heights = numbers(mark.y - mark.base)
    return [
        {"type": "bar", "x": mark.x.tolist(), "y": heights, "base": mark.base, **shape}
        | {**canvas.axes, **said}
    ]


def _cells(canvas: Canvas, mark: Cells) -> list[Trace]:
    rows, columns = mark.values.shape
    shown = tones(mark)
    x, y = mark.left + np.arange(columns), mark.top + np.arange(rows)
    scale = [(i / (len(mark.stops) - 1), hex_of(stop)) for i, stop in enumerate(mark.stops)]
    grid: Trace = {
        "type": "heatmap",
        "z": [numbers(row) for row in shown],
        "x": x.tolist(),
        "y": y.tolist(),
        "colorscale": scale,
        "zmin": 0,
        "zmax": 1,
        "xgap": 1 if columns <= 120 else 0,
        "ygap": 1 if rows <= 90 else 0,
        "showscale": False,
        "opacity": mark.opacity,
        "hoverongaps": False,
        **canvas.axes,
    }
    if mark.titles is not None:
        grid["text"] = [plain_texts(row) for row in mark.titles]
        grid["hovertemplate"] = "%{text}<extra></extra>"
    else:
        grid["hoverinfo"] = "skip"
    traces = [grid, *(_stripes(canvas, mark) if mark.striped else ())]
    return traces + (_cell_texts(canvas, mark, shown) if mark.texts is not None else [])


def tones(mark: Cells) -> np.ndarray:
    """Where along the colours each cell lies, from 0 to 1; NaN where it has no value."""
    values, low, high = mark.values, mark.low, mark.high
    if mark.log:
        values = np.log10(np.where(values > 0, values, np.nan))
        low, high = (math.log10(end) if end > 0 else 0.0 for end in (low, high))
    shares = np.clip((values - low) / ((high - low) or 1), 0, 1)
    return np.where(np.isfinite(mark.values) | np.isinf(mark.values), shares, np.nan)


def _stripes(canvas: Canvas, mark: Cells) -> list[Trace]:
    rows, columns = np.nonzero(np.isnan(mark.values))
    if not len(rows):
        return []
    pattern = {"shape": "/", "fgcolor": hex_of("line"), "bgcolor": hex_of("sunk"), "size": 6}
    marker = {"color": hex_of("sunk"), "line": {"width": 0}, "pattern": pattern | {"solidity": 0.2}}
    boxes = {"x": (mark.left + columns).tolist(), "y": [0.94] * len(rows), "width": 0.94}
    boxes |= {
        "base": (mark.top + rows - 0.47).tolist(),
        "hovertemplate": "not available<extra></extra>",
    }
    return [{"type": "bar", **boxes, "marker": marker, "name": "n/a", **canvas.axes}]


def _cell_texts(canvas: Canvas, mark: Cells, shown: np.ndarray) -> list[Trace]:
    """The numbers of the cells, where they fit, dark or light by what lies under them."""
    texts = np.asarray(mark.texts, object)
    rows, columns = texts.shape
    per = [abs(canvas.part(name, 1) - canvas.part(name, 0)) for name in ("x", "y")]
    wide, tall = per[0] * canvas.place.width, per[1] * canvas.place.height
    if canvas.panel.square:
        wide = tall = min(wide, tall)
    widest = max((len(str(text)) for text in texts.ravel()), default=1)
    size = mark.size * canvas.font / 13
    if wide < 2 + 0.57 * size * widest or tall < size + 3:
        return []
    y, x = np.divmod(np.arange(rows * columns), columns)
    inks = [
        hex_of("faint") if math.isnan(v) else ink_on(along(mark.stops, v)) for v in shown.ravel()
    ]
    fonts = {"size": size, "color": inks}
    places = ((mark.left + x).tolist(), (mark.top + y).tolist())
    return [
        _scatter(canvas, *places, "text", text=plain_texts(texts.ravel()), textfont=fonts)
        | {"name": "numbers"}
    ]


def _text(canvas: Canvas, mark: Text) -> list[Trace]:
    colours = mark.colours or (mark.colour,) * len(mark.texts)
    size = mark.size * canvas.font / 13
    anchor = {"start": "left", "middle": "center", "end": "right"}[mark.anchor]
    texts = [f"<b>{text}</b>" if mark.bold else text for text in plain_texts(mark.texts)]
    if mark.inside or any(mark.shift):
        for x, y, text, colour in zip(mark.x, mark.y, texts, colours, strict=True):
            place = (x, y) if mark.inside else (canvas.part("x", x), canvas.part("y", y))
            canvas.write(text, *place, mark.shift, anchor=anchor, colour=colour, size=size)
        return []
    side = {"start": "middle right", "middle": "middle center", "end": "middle left"}[mark.anchor]
    font = {"size": size, "color": [hex_of(colour) for colour in colours]}
    words = {"text": texts, "textposition": side, "textfont": font, "cliponaxis": False}
    return [_scatter(canvas, mark.x.tolist(), mark.y.tolist(), "text", **words)]


def _rule(canvas: Canvas, mark: Rule) -> list[Trace]:
    upright = mark.x is not None
    x0, x1 = (mark.x, mark.x) if upright else canvas.panel.x.range or (0, 1)
    y0, y1 = canvas.panel.y.range or (0, 1) if upright else (mark.y, mark.y)
    style = {"color": hex_of(mark.colour), "width": mark.width, "dash": mark.dash or "solid"}
    if mark.label:
        place = (canvas.part("x", x0 or 0), 1.0) if upright else (1.0, canvas.part("y", y0 or 0))
        side = (4, 7) if upright else (-3, -8)
        canvas.write(
            plain_texts([mark.label])[0], *place, side, anchor="left" if upright else "right"
        )
    return [_scatter(canvas, [x0, x1], [y0, y1], "lines", line=style)]


def _pictures(canvas: Canvas, mark: Pictures) -> list[Trace]:
    """Pictures as one raster behind the axes, with a point for the pointer in each."""
    if not len(mark.x):
        return []
    flip = -1 if canvas.panel.y.flip else 1
    per = [abs(canvas.part(name, 1) - canvas.part(name, 0)) for name in ("x", "y")]
    size = (2 * per[0] * canvas.place.width, 2 * per[1] * canvas.place.height)
    left, top = mark.x.min(), (flip * -mark.y).min() * flip * -1
    source, wide, tall = uri(mark, size, flip)
    corner = {"x": left, "y": top, "xanchor": "left", "yanchor": "top", "sizing": "stretch"}
    extent = {"sizex": wide, "sizey": tall, "layer": "below", "opacity": mark.opacity}
    axes = {"xref": canvas.axes["xaxis"], "yref": canvas.axes["yaxis"]}
    canvas.layout["images"].append({"source": source, **corner, **extent, **axes})
    titles = mark.titles or ("",) * len(mark.x)
    x, y = mark.x + mark.width / 2, mark.y - flip * mark.height / 2
    seen = {"marker": {"size": 12, "opacity": 0}, "text": plain_texts(titles)}
    hover = "%{text}<extra></extra>"
    return [_scatter(canvas, x.tolist(), y.tolist(), "markers", hovertemplate=hover, **seen)]


def _rows(canvas: Canvas, mark: Rows) -> list[Trace]:
    right = [bool(mark.numbers) and mark.numbers[at] is not None for at in range(len(mark.names))]
    sides = ["right" if number else "left" for number in right]
    line = {"color": hex_of("hair"), "width": 1}
    shape: Trace = {"align": sides, "line": line, "fill": {"color": hex_of("card")}}
    heads = [f"<b>{name}</b>" for name in plain_texts(mark.names)]
    font = {"size": canvas.small, "color": hex_of("soft")}
    header: Trace = {"values": heads, "font": font, "height": 26}
    header = shape | header if any(mark.names) else {"values": [], "height": 0}
    cells = {"values": [plain_texts(column) for column in mark.texts], "height": 26}
    cells |= {"font": {"size": canvas.small, "color": hex_of("ink")}}
    widths = [
        max(40, *(min(560, max(map(text_width, text.split("\n")))) for text in (name, *column)))
        for name, column in zip(mark.names, mark.texts, strict=True)
    ]
    x, y = canvas.domain
    table = {"header": header, "cells": shape | cells, "columnwidth": widths}
    return [{"type": "table", "domain": {"x": x, "y": y}, **table, "name": "table"}]


DRAWN: dict[type, Callable[[Canvas, Any], list[Trace]]] = {
    Line: _line, Band: _band, Dots: _dots, Segments: _segments, Bars: _bars, Cells: _cells,
    Text: _text, Rule: _rule, Pictures: _pictures, Rows: _rows,
}  # fmt: skip
