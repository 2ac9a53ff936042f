"""Measure card: what a measure shows, its range, when it misleads, and where it comes from."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from lamella.plots.columns import check_columns
from lamella.plots.style import FAINT, LINE_HEIGHT, SMALL, new_figure, plain
from lamella.registry import Card, views
from lamella.results import Table

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

WIDE = 92  # characters of a line


@views.register(record="table")
def measure_card(card: Table | Card, *, title: str = "") -> Figure:
    """A card as text: one part per row, its name in grey at the left.

    Takes a `Card` of a registry, or a table with columns `part` and `text` (see `card_table`).
    """
    record = card_table(card) if isinstance(card, Card) else card
    check_columns(record, ("part", "text"), "measure_card()")
    parts = list(zip(*(map(str, record.columns[c]) for c in ("part", "text")), strict=True))
    wrapped = [(part, textwrap.wrap(text, WIDE) or [""]) for part, text in parts]
    height = sum(LINE_HEIGHT * len(lines) + 6 for _, lines in wrapped)
    heading = title or record.title
    figure = new_figure(heading, height=max(height, 20), left=96, top=8, bottom=8)
    at = 0.0
    for part, lines in wrapped:
        _write(figure, f"<span style='color:{FAINT}'>{plain(part.lower())}</span>", at, -88)
        _write(figure, "<br>".join(map(plain, lines)), at, 0)
        at += LINE_HEIGHT * len(lines) + 6
    figure.add_scatter(x=[0], y=[0], mode="markers", marker={"opacity": 0}, hoverinfo="skip")
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure


def card_table(card: Card) -> Table:
    """A card as a record: its summary, then its titled paragraphs.

    >>> card_table(Card("gdv", "Separability.", {"Range": "-1 to 0"})).frame()
        part           text
    0  Shows  Separability.
    1  Range        -1 to 0
    """
    parts = {"Shows": card.summary, **card.sections}
    return Table(
        {"part": list(parts), "text": list(parts.values())},  # type: ignore[dict-item]
        title=card.name.replace("_", " "),
    )


def _write(figure: Figure, text: str, at: float, shift: float) -> None:
    figure.add_annotation(
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        xshift=shift,
        yshift=-at,
        xanchor="left",
        yanchor="top",
        align="left",
        text=text,
        showarrow=False,
        font={"size": SMALL},
    )
