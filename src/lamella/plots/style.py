"""How every figure looks: one template, one palette, one set of sizes.

Meaning owns colour. Runs are green and purple, classes are Okabe and Ito's (2008) with four
more, homology is grey (H0), vermillion (H1) and blue (H2); vermillion also says "worse".
A number goes from paper to ink through blue, so that low is always the background. `DARK` holds
the counterpart of each colour on a dark page, so that a page can change theme without a redraw
in Python. The text on cells keeps a contrast of at least 3.9 in both.
"""

from __future__ import annotations

import textwrap
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotly.graph_objects import Figure
    from plotly.graph_objs.layout import Template

CARD, SUNK, INK, SOFT, FAINT = "#ffffff", "#f3f1ed", "#1d1f21", "#5b5f64", "#696d72"
HAIR, LINE = "#e3e0da", "#cfcbc3"
RUNS = ("#00745a", "#a3468a", "#2f5d9b", "#8f5d00")
HOMOLOGY = ("#5f666d", "#c14e00", "#2f5d9b", "#7a6a00")
WORSE = HOMOLOGY[1]
CLASSES = (
    *("#0072b2", "#e08e00", "#009e73", "#cc79a7", "#d55e00"),
    *("#56b4e9", "#b8a500", "#3d3d3d", "#7b5bb0", "#8a5a2b"),
)
SEQUENTIAL = ("#f4f1ea", "#c3d4de", "#7fabc8", "#3b7cab", "#164a78", "#0a2845")
DIVERGING = ("#b3470b", "#e59a6a", "#f4f1ea", "#8db3cf", "#1f5f93")
ON_LIGHT, ON_DARK = "#101112", "#fefefe"  # text on a cell

DARK = {
    CARD: "#181b1e",
    SUNK: "#202428",
    INK: "#eceae6",
    SOFT: "#a9adb2",
    FAINT: "#8b9096",
    HAIR: "#2a2e33",
    LINE: "#3c4147",
    ON_LIGHT: ON_DARK,
    ON_DARK: ON_LIGHT,
    **dict(zip(RUNS, ("#35c39b", "#e08fc6", "#86b6f0", "#e0b050"), strict=True)),
    **dict(zip(HOMOLOGY, ("#a5abb1", "#ff8a3d", "#86b6f0", "#d8c94a"), strict=True)),
    **dict(
        zip(
            CLASSES,
            (
                *("#4aa8e8", "#f0a830", "#2fc49a", "#e39ac4", "#ff7f3f"),
                *("#8fd3f7", "#e8dc5a", "#d0d0d0", "#a98be0", "#c08a55"),
            ),
            strict=True,
        )
    ),
    **dict(
        zip(
            SEQUENTIAL,
            ("#1d2327", "#213d52", "#2b5f82", "#467fa6", "#a5cbe0", "#f3efe4"),
            strict=True,
        )
    ),
    **dict(zip(DIVERGING, ("#d4702f", "#7a4a2b", "#1d2327", "#35688e", "#4b88b6"), strict=True)),
}

FONT = 'Inter, "Inter var", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'
WIDTH = 700  # pixels a figure must stay readable in
TEXT, SMALL = 13, 12
LINE_HEIGHT = 19  # of the header


def template() -> Template:
    """The one plotly template: hairline axes, small grey ticks, no legend."""
    from plotly.graph_objs.layout import Template

    small = {"size": SMALL, "color": SOFT}
    axis = {
        "gridcolor": HAIR,
        "linecolor": LINE,
        "tickcolor": LINE,
        "ticks": "outside",
        "ticklen": 4,
        "zeroline": False,
        "showline": True,
        "tickfont": small,
        "title": {"font": small, "standoff": 8},
    }
    scene_axis = {"gridcolor": HAIR, "showbackground": False, "zeroline": False, "title": {}}
    scene_axis |= {"showticklabels": False, "linecolor": LINE, "showspikes": False}
    return Template(
        layout={
            "font": {"family": FONT, "size": TEXT, "color": INK},
            "paper_bgcolor": CARD,
            "plot_bgcolor": CARD,
            "colorway": list(CLASSES),
            "showlegend": False,
            "title": {
                "x": 0,
                "y": 1,
                "xanchor": "left",
                "yanchor": "top",
                "font": {"size": TEXT + 1, "color": INK},
            },
            "xaxis": axis,
            "yaxis": axis,
            "scene": {"xaxis": scene_axis, "yaxis": scene_axis, "zaxis": scene_axis},
            "hoverlabel": {
                "bgcolor": INK,
                "bordercolor": INK,
                "font": {"color": CARD, "size": SMALL},
            },
            "dragmode": "zoom",
        }
    )


def new_figure(
    title: str = "",
    note: str = "",
    *,
    height: float = 320,
    left: int = 60,
    right: int = 16,
    top: int = 12,
    bottom: int = 46,
    key: str = "",
) -> Figure:
    """An empty figure with a title, a grey note below it and a coloured key, all above the plot.

    `height` is the height of the plot alone; the header and the margins come on top of it.
    `title` and `note` are plain text, `key` is plotly's own markup (see `colour_key`).
    """
    from plotly.graph_objects import Figure

    lines = textwrap.wrap(note, 104)
    parts = [f"<span style='font-weight:600'>{plain(title)}</span>"] if title else []
    parts += [
        f"<span style='font-size:{SMALL}px;color:{SOFT}'>{plain(text)}</span>" for text in lines
    ]
    parts += [
        f"<span style='font-size:{SMALL}px'>{text}</span>" for text in key.split("<br>") if text
    ]
    header = (12 + LINE_HEIGHT * len(parts)) if parts else 0
    return Figure(
        layout={
            "template": template(),
            "height": round(height) + header + top + bottom,
            "margin": {"l": left, "r": right, "t": header + top, "b": bottom, "pad": 0},
            "title": {"text": "<br>".join(parts), "pad": {"l": 8, "t": 18}},
        }
    )


def plain(text: object) -> str:
    """Text that plotly shows as it is: its own markup is escaped.

    >>> plain("<b>fc1</b>")
    '&lt;b&gt;fc1&lt;/b&gt;'
    """
    return escape(str(text), quote=False)


def colour_key(names: list[str] | tuple[str, ...], colours: list[str] | tuple[str, ...]) -> str:
    """Coloured dots with their names in plotly's markup, broken into lines of a figure's width."""
    lines: list[str] = [""]
    room = 104
    for name, colour in zip(names, colours, strict=True):
        if len(name) + 5 > room:
            lines.append("")
            room = 104
        room -= len(name) + 5
        lines[-1] += f"<span style='color:{colour}'>●</span> {plain(name)}   "
    return "<br>".join(lines)


def faded(colour: str, alpha: float) -> str:
    """A palette colour with transparency.

    >>> faded("#ff8000", 0.2)
    'rgba(255, 128, 0, 0.2)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {alpha:g})"


def scale_of(stops: tuple[str, ...]) -> list[tuple[float, str]]:
    """A plotly colour scale with the stops at equal distances."""
    return [(i / (len(stops) - 1), stop) for i, stop in enumerate(stops)]


def class_colour(index: int) -> str:
    """The colour of a class; after ten they repeat."""
    return CLASSES[index % len(CLASSES)]
