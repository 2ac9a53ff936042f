"""A figure as plotly draws it: header, axes, scales of colour, and a slider where it plays."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from lamella.plots.labels import apart, every, spread, text_width
from lamella.plots.layout import Layout, Place, key_lines, laid_out, leans
from lamella.plots.marks import Cells, Dots, Line, Rows
from lamella.plots.palette import hex_of
from lamella.plots.panels import Axis
from lamella.plots.plotly_marks import Canvas, draw, share_of, stops_of

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as PlotlyFigure

    from lamella.plots.drawable import Drawable

FONT = 'Inter, "Inter var", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'
WIDTH = 700
PLAYER = 76  # pixels of the buttons and the slider
INK, SOFT, FAINT, LINE, HAIR, CARD = map(hex_of, ("ink", "soft", "faint", "line", "hair", "card"))


def plotly_figure(figure: Drawable) -> PlotlyFigure:
    """The figure for plotly; its width is left open unless the figure has one."""
    from plotly.graph_objects import Figure as PlotlyFigure

    layout = laid_out(figure, figure.width or WIDTH)
    found = _frame(figure, layout)
    data: list[dict[str, Any]] = []
    for at, (panel, place) in enumerate(zip(figure.panels, layout.places, strict=True)):
        canvas = Canvas(panel, place, at, figure.font, found, _domain(layout, place))
        data += _panel(canvas, figure)
        if at == 0 and figure.frames:
            frames = [draw(canvas, frame.marks) for frame in figure.frames]
            first = len(data)
            data += frames[figure.shown]
    drawn = PlotlyFigure(data=data, layout=found)
    if figure.frames:
        _play(drawn, figure, frames, first)  # pyright: ignore[reportPossiblyUnbound]
    return drawn


def plain(text: object) -> str:
    """Text that plotly shows as it is: its own markup is escaped.

    >>> plain("<b>fc1</b>")
    '&lt;b&gt;fc1&lt;/b&gt;'
    """
    return escape(str(text), quote=False).replace("\n", "<br>")


def _frame(figure: Drawable, layout: Layout) -> dict[str, Any]:
    """The layout without panels: type, margins, and the header as one text."""
    small = figure.font - 1
    parts = [f"<span style='font-weight:600'>{plain(figure.title)}</span>"] * bool(figure.title)
    grey = f"<span style='font-size:{small}px;color:{SOFT}'>"
    parts += [f"{grey}{plain(line)}</span>" for line in layout.header]
    for line in key_lines(figure, layout.width):
        dots = (f"<span style='color:{hex_of(c)}'>●</span> {plain(name)}   " for name, c in line)
        parts.append(f"<span style='font-size:{small}px'>{''.join(dots)}</span>")
    edge = max(place.left + place.width for place in layout.places)
    foot = max(place.top + place.height for place in layout.places)
    margin = {"l": min(place.left for place in layout.places), "r": layout.width - edge, "pad": 0}
    below = layout.height - foot + PLAYER * bool(figure.frames)
    margin |= {"t": layout.places[0].top, "b": below}
    found: dict[str, Any] = {
        "font": {"family": FONT, "size": figure.font, "color": INK},
        "paper_bgcolor": CARD,
        "plot_bgcolor": CARD,
        "showlegend": False,
        "title": {"text": "<br>".join(parts), "x": 0, "y": 1, "xanchor": "left", "yanchor": "top"}
        | {"font": {"size": figure.font + 1}, "pad": {"l": 8, "t": 14}},
        "hoverlabel": {"bgcolor": INK, "bordercolor": INK, "font": {"color": CARD, "size": small}},
        "height": round(layout.height) + PLAYER * bool(figure.frames),
        "margin": margin,
        "barmode": "overlay",
        **{name: [] for name in ("annotations", "shapes", "images")},
    }
    return found | ({"width": figure.width} if figure.width else {})


def _domain(layout: Layout, place: Place) -> tuple[list[float], list[float]]:
    """The part of the space between the margins that a plot takes."""
    left = min(p.left for p in layout.places)
    wide = max(p.left + p.width for p in layout.places) - left
    top = layout.places[0].top
    tall = max(p.top + p.height for p in layout.places) - top
    x = [(place.left - left) / wide, min(1.0, (place.left + place.width - left) / wide)]
    y = [
        max(0.0, 1 - (place.top + place.height - top) / tall),
        min(1.0, 1 - (place.top - top) / tall),
    ]
    return x, y


def _panel(canvas: Canvas, figure: Drawable) -> list[dict[str, Any]]:
    """The traces of one panel; its axes and words go into the layout."""
    panel = canvas.panel
    if any(isinstance(mark, Rows) for mark in panel.marks):
        return draw(canvas, panel.marks)
    if any(isinstance(mark, Dots) and mark.z is not None for mark in panel.marks):
        canvas.layout[canvas.scene] = _scene(canvas)
        return draw(canvas, panel.marks)
    for name in ("x", "y"):
        canvas.layout[f"{name}axis{canvas.number}"] = _axis(canvas, name)
    _words(canvas, figure)
    _end_labels(canvas)
    scaled = next((m for m in panel.marks if isinstance(m, Cells) and m.scale is not None), None)
    if scaled is not None:
        _colour_scale(canvas, scaled)
    return draw(canvas, panel.marks) or [{"type": "scatter", "x": [], "y": [], **canvas.axes}]


def _axis(canvas: Canvas, name: str) -> dict[str, Any]:
    axis: Axis = getattr(canvas.panel, name)
    low, high = (share_of(axis, value) for value in axis.range or (0.0, 1.0))
    other = {"x": "y", "y": "x"}[name]
    found: dict[str, Any] = {
        "domain": canvas.domain["xy".index(name)],
        "anchor": f"{other}{canvas.number}",
        "type": "log" if axis.log else "linear",
        "range": [high, low] if axis.flip else [low, high],
        "showgrid": axis.grid or (name == "y" and not axis.names),
        "gridcolor": HAIR,
        "zeroline": False,
        "showline": not axis.names,
        "mirror": axis.bare,
        "linecolor": LINE,
        "ticks": "" if axis.bare else "outside",
        "ticklen": 4,
        "tickcolor": "rgba(0, 0, 0, 0)" if axis.names else LINE,
        "tickfont": {"size": canvas.small, "color": SOFT},
        "visible": not axis.hidden,
        "side": "top" if axis.top else "left" if name == "y" else "bottom",
        "showticklabels": not axis.bare,
    }
    if canvas.panel.square:
        found["constrain"] = "domain"
        found["constraintoward"] = "left" if name == "x" else "top"
        found |= {"scaleanchor": f"x{canvas.number}"} if name == "y" else {}
    return found | _ticks(canvas, axis, name)


def _ticks(canvas: Canvas, axis: Axis, name: str) -> dict[str, Any]:
    """Tick values and texts, as many as do not touch."""
    room = canvas.place.width if name == "x" else canvas.place.height
    if axis.names:
        lean = name == "x" and leans(axis, room, canvas.small)
        widest = max((text_width(text, canvas.small) for text in axis.names), default=0) + 6
        tall = canvas.small + 3
        step = every(len(axis.names), room, widest if name == "x" and not lean else tall)
        texts = [plain(text) for text in axis.names[::step]]
        shown = {"tickvals": list(range(0, len(axis.names), step)), "ticktext": texts}
        return {**shown, "tickangle": 0 if not lean else -50 if axis.top else 50}
    places = [room * canvas.part(name, value) for value in axis.ticks]
    widths = [text_width(text, canvas.small) + 3 if name == "x" else 14 for text in axis.texts]
    kept = apart(places, widths)
    values, texts = ([part[at] for at in kept] for part in (axis.ticks, axis.texts))
    return {"tickvals": values, "ticktext": [plain(text) for text in texts], "tickangle": 0}


def _words(canvas: Canvas, figure: Drawable) -> None:
    """The title of a panel, its letter, and the names of its axes."""
    panel, room, small = canvas.panel, canvas.place.room, canvas.small
    x, y = panel.x, panel.y
    if figure.letter:
        letter = chr(ord(figure.letter) + canvas.at)
        canvas.write(
            f"<b>{letter}</b>", 0, 1, (2 - room.left, -room.top),
            size=figure.font + 2, colour="ink", bottom=True,
        )  # fmt: skip
    if panel.title:
        up = room.top - small - 9
        title = f"<span style='font-weight:600'>{plain(panel.title)}</span>"
        canvas.write(title, 0, 1, (0, -up), colour="ink", bottom=True)
    if y.label and not y.hidden and not x.top:
        canvas.write(plain(y.label), 0, 1, (6 - room.left, -2), bottom=True)
    if y.label and x.top:
        canvas.write(plain(y.label), 0, 0.5, (2 - room.left, 0), angle=-90)
    if x.label and x.top:
        canvas.write(plain(x.label), 0, 1, (-9, -1), anchor="right", colour="faint", bottom=True)
    elif x.label and not x.hidden:
        down = 2 + (room.bottom - small - 11 if not x.bare else 0)
        scales = any(isinstance(m, Cells) and m.scale is not None for m in panel.marks)
        down -= (small + 18) * scales
        canvas.write(plain(x.label), 1, 0, (0, down), anchor="right", under=True)


def _end_labels(canvas: Canvas) -> None:
    """Names of lines beside their right ends, without overlap."""
    lines = [
        m
        for m in canvas.panel.marks
        if isinstance(m, Line) and m.end and canvas.last(m) is not None
    ]
    tall = canvas.place.height
    wanted = [tall * min(1.0, max(0.0, canvas.last(line) or 0.0)) for line in lines]
    for line, at, place in zip(
        lines, wanted, spread(wanted, 1.25 * canvas.small, 0, tall), strict=True
    ):
        text = plain(line.end)
        canvas.write(text, 1, at / tall, (6, at - place), colour=line.colour)


def _colour_scale(canvas: Canvas, cells: Cells) -> None:
    """A bar of the colours below the cells, with its ends and the name of the numbers."""
    (left, right), (bottom, _) = canvas.domain
    place, parts = canvas.place, 24
    wide = min(90, place.width / 4)
    down = place.room.bottom - 18
    low = canvas.write(plain(cells.ends[0]), 0, 0, (0, down), middle=True)
    start = text_width(low, canvas.small) + 6
    share = (right - left) / place.width
    for at in range(parts):
        x0 = left + share * (start + wide * at / parts)
        colour = stops_of(cells.stops, (at + 0.5) / parts)
        canvas.layout["shapes"].append(
            {"type": "rect", "xref": "paper", "yref": "paper", "x0": x0, "line": {"width": 0}}
            | {"x1": x0 + share * (wide / parts + 0.6), "fillcolor": colour, "ysizemode": "pixel"}
            | {"yanchor": bottom, "y0": -down - 4, "y1": -down + 4}
        )
    end = f"{cells.ends[1]}   {cells.scale}"
    canvas.write(plain(end), 0, 0, (start + wide + 7, down), middle=True)


def _scene(canvas: Canvas) -> dict[str, Any]:
    """Three axes without numbers, of one scale."""
    x, y = canvas.domain
    labels = [*(canvas.panel.x.label, canvas.panel.y.label), ""]
    bare = {"gridcolor": HAIR, "showbackground": False, "zeroline": False, "showticklabels": False}
    bare |= {"linecolor": LINE, "showspikes": False}
    named = {
        f"{name}axis": bare | {"title": {"text": plain(label), "font": {"size": 11, "color": SOFT}}}
        for name, label in zip("xyz", labels, strict=True)
    }
    return {"domain": {"x": x, "y": y}, "aspectmode": "data", **named}


def _play(drawn: PlotlyFigure, figure: Drawable, frames: list[list[dict]], first: int) -> None:
    """Buttons that play the frames, and a slider over them."""
    names = [frame.name for frame in figure.frames]
    traces = list(range(first, first + len(frames[0])))
    drawn.frames = [
        {"data": data, "traces": traces, "name": name}
        for name, data in zip(names, frames, strict=True)
    ]
    step = {"frame": {"duration": 700, "redraw": True}, "transition": {"duration": 0}}
    jump = {"frame": {"duration": 0, "redraw": True}, "mode": "immediate"}
    buttons = [
        {"label": label, "method": "animate", "args": args}
        for label, args in (("play", [None, step]), ("stop", [[None], jump]))
    ]
    menu = {
        "type": "buttons",
        "showactive": False,
        "x": 0,
        "y": 0,
        "xanchor": "left",
        "yanchor": "top",
    }
    menu |= {"pad": {"t": 12}, "direction": "left", "bordercolor": LINE, "buttons": buttons}
    slides = [{"label": name, "method": "animate", "args": [[name], jump]} for name in names]
    slider = {
        "x": 0.2,
        "len": 0.8,
        "y": 0,
        "pad": {"t": 8},
        "steps": slides,
        "active": figure.shown,
    }
    slider |= {"currentvalue": {"prefix": f"{figure.step} ", "xanchor": "left"}}
    drawn.update_layout(updatemenus=[menu], sliders=[slider], hovermode=False)
