"""The words of a story as HTML: headings, sentences with their numbers, tables and facts.

Nothing here knows how figures are drawn, and every text from outside is escaped.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import numpy as np

from lamella.results import Table
from lamella.story import Cell, Sentence, Story

OPEN = 8  # numbers shown beside a sentence; more are folded away


def contents_html(story: Story) -> str:
    """The table of contents: one link per section, and the facts."""
    links = [
        f'<li><a href="#section-{at}">{escape(section.title)}</a></li>'
        for at, section in enumerate(story.sections, 1)
    ]
    if story.facts:
        links.append('<li><a href="#facts">How it was made</a></li>')
    return f'<nav class="contents" aria-label="Contents"><ol>{"".join(links)}</ol></nav>'


def sentence_html(sentence: Sentence, kind: str = "finding") -> str:
    """One finding as a paragraph; its numbers and its cell follow in small grey text."""
    behind = [escape(f"{n} {number(v)}").replace(" ", "\u00a0") for n, v in _flat(sentence.numbers)]
    place = cell_text(sentence.cell)
    parts = [f'<p class="{kind}"{_cell_data(sentence.cell)}>{escape(sentence.text)}']
    if behind and len(behind) <= OPEN:
        parts.append(f' <span class="numbers">{" · ".join(behind)}</span>')
    if place:
        parts.append(f' <span class="cell">{escape(place)}</span>')
    parts.append("</p>")
    if len(behind) > OPEN:
        parts.append(
            f'<details class="numbers"><summary>{len(behind)} numbers behind it</summary>'
            f"{' · '.join(behind)}</details>"
        )
    return "".join(parts)


def cell_text(cell: Cell | None) -> str:
    """A place in the cube in words.

    >>> cell_text(Cell(run="wide", layer="fc2", epoch=40))
    'wide, fc2, epoch 40'
    """
    if cell is None:
        return ""
    epoch = None if cell.epoch is None else f"epoch {cell.epoch}"
    return ", ".join(str(p) for p in (cell.run, cell.layer, epoch, cell.split) if p is not None)


def table_html(table: Table) -> str:
    """A table with numbers set right."""
    head = "".join(_head_cell(name, column) for name, column in table.columns.items())
    rows = zip(*table.columns.values(), strict=True)
    body = "".join(f"<tr>{''.join(map(_table_cell, row))}</tr>" for row in rows)
    head, body = f"<thead><tr>{head}</tr></thead>", f"<tbody>{body}</tbody>"
    return f'<div class="wide"><table>{head}{body}</table></div>'


def card_html(card: Table) -> str:
    """A measure's card (columns `part` and `text`) as a list of terms."""
    rows = zip(*(map(str, card.columns[name]) for name in ("part", "text")), strict=True)
    terms = "".join(f"<dt>{escape(part)}</dt><dd>{escape(text)}</dd>" for part, text in rows)
    head = f"<p><b>{escape(card.title)}</b></p>" if card.title else ""
    return f'{head}<dl class="facts">{terms}</dl>'


def facts_html(facts: Mapping[str, Any]) -> str:
    """Arguments, versions and seeds as a list of names and values."""
    if not facts:
        return ""
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(number(value))}</dd>" for name, value in _flat(facts)
    )
    return f'<section id="facts"><h2>How it was made</h2><dl class="facts">{rows}</dl></section>'


def number(value: Any) -> str:
    """A value as a reader wants it: four significant digits, lists joined.

    >>> number(0.0123456), number([1, 2.5]), number(True), number(None), number(1234567)
    ('0.01235', '1, 2.5', 'yes', 'none', '1,234,567')
    """
    if value is None:
        return "none"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{int(value):,}" if abs(int(value)) >= 10_000 else str(int(value))
    if isinstance(value, float | np.floating):
        return _float(float(value))
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple | set | Mapping):  # only empty mappings come here
        return ", ".join(number(v) for v in value) or "none"
    return str(value)


def _float(value: float) -> str:
    if not math.isfinite(value):
        return "n/a" if math.isnan(value) else "∞" if value > 0 else "−∞"
    return f"{value:.4g}".replace("-", "−") if abs(value) >= 1e-4 or value == 0 else f"{value:.2g}"


def _flat(values: Mapping[str, Any], parent: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{parent}{name} · ")
        else:
            yield f"{parent}{name}", value


def _head_cell(name: str, column: np.ndarray) -> str:
    number = ' class="n"' if column.dtype.kind in "fiu" else ""
    return f'<th scope="col"{number}>{escape(str(name))}</th>'


def _table_cell(value: Any) -> str:
    text = escape(number(value))
    return f'<td class="n">{text}</td>' if _is_number(value) else f"<td>{text}</td>"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _cell_data(cell: Cell | None) -> str:
    """The cell as data attributes, for a page that can go there."""
    if cell is None:
        return ""
    names = ("run", "layer", "epoch", "split", "measure")
    known = ((n, getattr(cell, n)) for n in names)
    return "".join(f' data-{n}="{escape(str(v))}"' for n, v in known if v is not None)
