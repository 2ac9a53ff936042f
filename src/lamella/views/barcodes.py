"""Barcodes: small barcodes of several cells on one scale, so that layers compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lamella.plots.labels import clipped
from lamella.plots.style import FAINT, WIDTH, new_figure, plain
from lamella.registry import views
from lamella.results import Diagrams
from lamella.views.barcode import BAR, GAP, axis_end, draw_bars, heading, longest

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

NAME, FOOT, BETWEEN, SIDE = 24, 24, 18, 16  # pixels: above, below, between panels, at the edges


@views.register(record="diagrams", many=True)
def barcodes(
    diagrams: Mapping[str, Diagrams],
    *,
    most: int = 12,
    across: int | None = None,
    to: float | None = None,
    title: str = "",
) -> Figure:
    """One small barcode per cell by name, the `most` longest bars of each dimension, one scale.

    Panels go from left to right, `across` of them in a line (default: up to four), then down.
    """
    across = across or min(4, max(1, len(diagrams)))
    lines = -(-len(diagrams) // across)
    shown = tuple(sorted({d for one in diagrams.values() for d in one.dimensions}))
    inner = max(60, len(shown) * GAP + BAR * _most_rows(diagrams, most))
    height = lines * (NAME + inner + FOOT)
    figure = new_figure(title, _note(diagrams, most), height=height, left=SIDE, bottom=24, top=4)
    end = to or max((axis_end(one) for one in diagrams.values()), default=1.0)
    for at, (name, one) in enumerate(diagrams.items()):
        axis = "" if at == 0 else str(at + 1)
        _place(figure, axis, divmod(at, across), across, inner, height)
        _draw_one(figure, axis, one, shown, most, end)
        _name(figure, axis, name, one)
        figure.update_layout({f"xaxis{axis}": {"range": [0, end], "nticks": 6}})
    unit = next((one.unit for one in diagrams.values()), "edge length")
    _name_scale(figure, f"scale ({unit})")
    return figure


def _most_rows(diagrams: Mapping[str, Diagrams], most: int) -> int:
    return max(
        (sum(min(most, len(one.bars(d))) for d in one.dimensions) for one in diagrams.values()),
        default=1,
    )


def _note(diagrams: Mapping[str, Diagrams], most: int) -> str:
    parts = [f"up to {most} longest bars of each dimension; numbers count all bars"]
    if any(one.threshold is not None for one in diagrams.values()):
        parts.append("full colour: longer than the threshold, taken as signal")
    return " · ".join(parts)


def _draw_one(
    figure: Figure, axis: str, one: Diagrams, shown: tuple[int, ...], most: int, end: float
) -> None:
    at = 0.0
    if not len(one.birth):  # plotly forgets a panel that has no trace
        figure.add_scatter(x=[None], y=[None], xaxis=f"x{axis}", yaxis=f"y{axis}")
    for dimension in shown:
        bars, count = longest(one.bars(dimension), most), len(one.bars(dimension))
        if len(one.birth):
            heading(figure, dimension, count, count, at, axis)
        at += GAP / BAR
        draw_bars(figure, bars, dimension, at, end, one.threshold, axis)
        at += len(bars)


def _place(
    figure: Figure, axis: str, place: tuple[int, int], across: int, inner: float, height: float
) -> None:
    line, column = place
    wide = WIDTH - 2 * SIDE
    panel = (wide - (across - 1) * BETWEEN) / across
    start = column * (panel + BETWEEN)
    top = height - line * (NAME + inner + FOOT) - NAME
    figure.update_layout(
        {
            f"xaxis{axis}": {
                "domain": [start / wide, min(1, (start + panel) / wide)],
                "anchor": f"y{axis}",
            },
            f"yaxis{axis}": {
                "domain": [max(0, (top - inner) / height), top / height],
                "anchor": f"x{axis}",
                "range": [inner / BAR, 0],
                "visible": False,
            },
        }
    )


def _name(figure: Figure, axis: str, name: str, one: Diagrams) -> None:
    empty = "" if len(one.birth) else plain(one.why_empty or "no bars")
    for text, y, shift, weight in ((plain(clipped(name)), 1, 12, 600), (empty, 0.5, 0, 400)):
        if text:
            figure.add_annotation(
                x=0,
                xref=f"x{axis} domain",
                y=y,
                yref=f"y{axis} domain",
                yshift=shift,
                xanchor="left",
                yanchor="middle",
                text=text,
                showarrow=False,
                font={"size": 12, "weight": weight},
            )


def _name_scale(figure: Figure, text: str) -> None:
    figure.add_annotation(
        x=1,
        y=0,
        xref="paper",
        yref="paper",
        xanchor="right",
        yanchor="top",
        yshift=-2,
        text=plain(text),
        showarrow=False,
        font={"size": 12, "color": FAINT},
    )
