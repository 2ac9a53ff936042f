"""The three pictures of docs/homology.md, as plotly figures that chromium turns into PNG files.

    python docs/make_homology_pictures.py

Wants the extra `dev` and chromium. Pictures go to docs/images/homology-*.png.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lamella.plots.palette import HOMOLOGY, faded, hex_of
from lamella.plots.plotly_figure import FONT

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

IMAGES = Path(__file__).parent / "images"
EDGE, LOOP = map(hex_of, HOMOLOGY[1:3])
INK, LINE, SOFT, CARD = map(hex_of, ("ink", "line", "soft", "card"))
WIDTH = 700
Point = tuple[float, float]


def main() -> None:
    for name, figure in (("lune", lune()), ("relation", relation()), ("suspension", suspension())):
        print(save(figure, IMAGES / f"homology-{name}.png"))


def lune() -> Figure:
    """Both discs around the ends of an edge whole, and what is in their intersection."""
    i, j, u, v, w = (0.0, 0.0), (2.0, 0.0), (0.75, 0.95), (1.35, 0.75), (1.0, -1.35)
    y, x = (0.1, 1.8), (3.2, 0.9)
    figure = drawing("The lune of ij: the vertices joined to both i and j before ij comes")
    for centre in (i, j):
        line(figure, arc(centre, 2, 0, 360), LINE, width=1.5, dash="dot")
    region(figure, [*arc(j, 2, 120, 240), *arc(i, 2, -60, 60)], faded(LOOP, 0.14))
    for a, b in ((i, u), (j, u), (i, v), (j, v), (i, w), (j, w), (u, v)):
        line(figure, [a, b], SOFT, width=2)
    line(figure, [i, j], EDGE, width=4)
    dots(figure, {"i": i}, INK, "middle left")
    dots(figure, {"j": j}, INK, "middle right")
    dots(figure, {"u": u, "w": w}, LOOP, "top center")
    dots(figure, {"v": v}, LOOP, "top right")
    dots(figure, {"x": x, "y": y}, SOFT, "top right")
    below(figure, "In a dotted circle: nearer to one end than the ends are to each other.", -2.3)
    below(figure, "u and v are joined, w is not: two components, so ij brings one relation.", -2.6)
    return framed(figure, (-2.2, 4.2), (-2.8, 2.1))


def relation() -> Figure:
    """The 4-cycle that an edge fills, and one of its sides walked down."""
    i, j, u, w, k = (0.0, 0.0), (2.75, 0.0), (1.375, 1.25), (1.375, -1.25), (0.4, 1.15)
    figure = drawing("A relation: when ij comes, the 4-cycle i-u-j-w is filled")
    region(figure, [i, u, j, w], faded(LOOP, 0.14))
    line(figure, [i, k, u], SOFT, width=2, dash="dash")
    line(figure, [i, u, j, w, i], LOOP, width=4)
    line(figure, [i, j], EDGE, width=4)
    dots(figure, {"i": i}, INK, "middle left")
    dots(figure, {"j": j}, INK, "middle right")
    dots(figure, {"k": k}, SOFT, "top left")
    dots(figure, {"u": u}, LOOP, "top center")
    dots(figure, {"w": w}, LOOP, "bottom center")
    below(figure, "Each side is walked down to generators:", -1.75, 1.375)
    below(figure, "iu is homologous to i-k-u, for k is in the lune of iu.", -1.95, 1.375)
    return framed(figure, (-1.1, 3.85), (-2.15, 1.6))


def suspension() -> Figure:
    """A cycle joined to both ends of an edge, drawn as a double cone."""
    i, j = (0.0, 1.6), (0.0, -1.7)
    turns = [math.radians(degrees) for degrees in (200, 255, 315, 10, 65, 130)]
    z = [(1.55 * math.cos(t), 0.05 + 0.42 * math.sin(t)) for t in turns]
    figure = drawing("A suspended cycle: z in the lune of ij, joined to i and to j")
    region(figure, [i, *z[:4], i], faded(LOOP, 0.16))
    region(figure, [j, *z[:4], j], faded(EDGE, 0.14))
    for at, vertex in enumerate(z):
        behind = at > 3
        line(figure, [i, vertex, j], LINE if behind else SOFT, width=1.5)
    line(figure, [z[3], z[4], z[5], z[0]], LOOP, width=2, dash="dot")
    line(figure, [i, j], EDGE, width=4, dash="dash")
    line(figure, z[:4], LOOP, width=4)
    dots(figure, {"i": i}, INK, "middle right")
    dots(figure, {"j": j}, INK, "middle right")
    dots(figure, {str(at): vertex for at, vertex in enumerate(z)}, LOOP, None)
    dots(figure, {"z": z[3]}, LOOP, "middle right")
    below(figure, "z*i (blue) and z*j (orange) are together a 2-cycle, which ij fills.", -2.05, 0)
    return framed(figure, (-2.2, 2.2), (-2.2, 1.8))


def drawing(title: str) -> Figure:
    from plotly.graph_objects import Figure

    words = {"text": title, "x": 0.5, "xanchor": "center", "pad": {"t": 14}, "font": {"size": 18}}
    font = {"family": FONT, "size": 13, "color": INK}
    paper = {"paper_bgcolor": CARD, "plot_bgcolor": CARD, "showlegend": False}
    return Figure(layout={"title": words, "font": font, **paper})


def framed(figure: Figure, across: Point, up: Point) -> Figure:
    """The two axes on one scale, without lines, and the figure as high as they need."""
    hidden = {"visible": False, "fixedrange": True}
    figure.update_xaxes(range=across, **hidden)
    figure.update_yaxes(range=up, **hidden)
    height = (up[1] - up[0]) / (across[1] - across[0]) * WIDTH
    margin = {"l": 0, "r": 0, "t": 44, "b": 4}
    return figure.update_layout(width=WIDTH, height=round(height) + 48, margin=margin)


def arc(centre: Point, radius: float, start: float, end: float) -> list[Point]:
    turns = (math.radians(start + (end - start) * step / 90) for step in range(91))
    return [(centre[0] + radius * math.cos(t), centre[1] + radius * math.sin(t)) for t in turns]


def line(
    figure: Figure, points: Sequence[Point], colour: str, *, width: float, dash: str = "solid"
) -> None:
    x, y = map(list, zip(*points, strict=True))
    style = {"color": colour, "width": width, "dash": dash}
    figure.add_scatter(x=x, y=y, mode="lines", line=style)


def region(figure: Figure, points: Sequence[Point], colour: str) -> None:
    x, y = map(list, zip(*points, strict=True))
    figure.add_scatter(x=x, y=y, mode="lines", line_width=0, fill="toself", fillcolor=colour)


def dots(figure: Figure, points: dict[str, Point], colour: str, side: str | None) -> None:
    """Vertices with their names, or without where there is no side for them."""
    x, y = map(list, zip(*points.values(), strict=True))
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers+text" if side else "markers",
        text=[f" {name} " for name in points],
        textposition=side or "top center",
        textfont={"size": 19, "color": colour},
        marker={"size": 12, "color": colour},
    )


def below(figure: Figure, text: str, y: float, x: float = 1.0) -> None:
    figure.add_annotation(text=text, x=x, y=y, showarrow=False, font={"size": 15, "color": INK})


def save(figure: Figure, path: Path) -> Path:
    """What chromium shows of a figure."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tools:
        page_file = Path(folder) / "figure.html"
        figure.write_html(page_file, config={"staticPlot": True})
        browser = tools.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": WIDTH + 16, "height": 900})
        page.goto(page_file.as_uri())
        page.locator(".main-svg").first.wait_for()
        page.locator(".plotly-graph-div").screenshot(path=path)
        browser.close()
    return path


if __name__ == "__main__":
    main()
