"""Measure card: what a measure shows, its range, when it misleads, and where it comes from."""

from __future__ import annotations

import textwrap

from lamella.plots.columns import check_columns
from lamella.plots.figure import Figure
from lamella.plots.marks import Rows
from lamella.plots.panels import Panel
from lamella.registry import Card, views
from lamella.results import Table

WIDE = 92  # characters of a line


@views.register(record=("table", "card"))
def measure_card(card: Table | Card, *, title: str = "") -> Figure:
    """A card as text: one part per row, its name at the left.

    Takes a `Card` of a registry, or a table with columns `part` and `text` (see `card_table`).
    """
    record = card_table(card) if isinstance(card, Card) else card
    check_columns(record, ("part", "text"), "measure_card()")
    parts, texts = ([str(value) for value in record.columns[name]] for name in ("part", "text"))
    wrapped = ("\n".join(textwrap.wrap(text, WIDE)) for text in texts)
    rows = Rows(("", ""), (tuple(part.lower() for part in parts), tuple(wrapped)))
    return Figure((Panel((rows,), height=rows.height),), title or record.title)


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
