"""The report: one HTML file with words, figures and everything that draws them.

It opens from `file://` without a request: script, style and data are inside, the large parts
deflated. The words come from `words`, the figures from `drawing`; either can change alone.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from lamella.errors import BudgetError, LamellaError, RunError
from lamella.page.drawing import Drawing, draw, pack_text, template_json
from lamella.page.words import card_html, contents_html, facts_html, sentence_html, table_html
from lamella.registry import view
from lamella.results import Table
from lamella.story import Picture, Section, Story

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
WORDS = {"table": table_html, "measure_card": card_html}  # views that the page sets as text
DIGITS = (5, 4, 3)  # significant digits tried until the report fits


def write_report(story: Story, path: str | os.PathLike[str], *, max_mb: float = 15) -> Path:
    """Write a story as one offline HTML file and return its path.

    Where the file would exceed `max_mb` megabytes, numbers in figures are rounded to fewer
    digits, then the largest figures are left out, and the report says which. The file appears
    whole or not at all. Raises UnknownName for a view that nobody registered, BudgetError if not
    even the words fit, RunError if the path cannot be written.
    """
    for picture in (p for section in story.sections for p in section.pictures):
        view[picture.view]
    page = fitting_page(story, int(max_mb * 1_000_000))
    return _write_whole(Path(path), page)


def fitting_page(story: Story, most: int) -> str:
    """The page of at most `most` bytes, as exact and complete as fits."""
    pictures = [p for section in story.sections for p in section.pictures]
    parts: list[Drawing | str] = []
    for digits in DIGITS:
        parts = [_part(picture, digits) for picture in pictures]
        page = page_html(story, parts)
        if len(page.encode()) <= most:
            return page
    while drawings := [at for at, part in enumerate(parts) if isinstance(part, Drawing)]:
        largest = max(drawings, key=lambda at: len(parts[at].packed))  # type: ignore[union-attr]
        parts[largest] = _notice(f"Left out to keep the report under {most / 1e6:g} MB.")
        page = page_html(story, parts)
        if len(page.encode()) <= most:
            return page
    raise BudgetError(
        f"write_report() wants max_mb of at least {len(page.encode()) / 1e6:.1f}, got "
        f"{most / 1e6:g}: words and drawing script alone need that. Allow more."
    )


def page_html(story: Story, parts: list[Drawing | str]) -> str:
    """The whole page of a story and its parts, one per picture in order."""
    drawings = [part for part in parts if isinstance(part, Drawing)]
    body, first = [], 0
    for at, section in enumerate(story.sections, 1):
        body.append(_section_html(section, at, parts, first))
        first += len(section.pictures)
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="generator" content="lamella">',
            f"<title>{escape(story.title)}</title>",
            f"<style>{_asset('report.css')}</style></head><body>",
            '<header class="bar"><span class="mark" aria-hidden="true"><i></i><i></i><i></i></span>'
            '<span class="brand">lamella</span></header>',
            f'<div class="page">{contents_html(story)}<main>',
            f"<h1>{escape(story.title)}</h1>{sentence_html(story.verdict, 'verdict')}",
            f"<noscript>{_notice('Figures need JavaScript; the words do not.')}</noscript>",
            *body,
            facts_html(story.facts),
            "</main></div>",
            *(_script_html(drawings) if drawings else []),
            "</body></html>",
        ]
    )


def _part(picture: Picture, digits: int) -> Drawing | str:
    if picture.view in WORDS and isinstance(picture.record, Table):
        return WORDS[picture.view](picture.record)
    try:
        return draw(picture, digits)
    except LamellaError as error:  # one figure must not cost a study its report
        return _notice(f"This figure could not be drawn: {error}")


def _notice(text: str) -> str:
    return f'<p class="missing">{escape(text)}</p>'


def _section_html(section: Section, at: int, parts: list[Drawing | str], first: int) -> str:
    figures = [
        _figure_html(picture, parts[first + k], first + k + 1)
        for k, picture in enumerate(section.pictures)
    ]
    return "".join(
        [
            f'<section id="section-{at}"><h2>{escape(section.title)}</h2>',
            *map(sentence_html, section.sentences),
            *figures,
            "</section>",
        ]
    )


def _figure_html(picture: Picture, part: Drawing | str, at: int) -> str:
    caption = f"<figcaption><b>Figure {at}.</b> {escape(picture.caption)}</figcaption>"
    if isinstance(part, str):
        return f'<figure id="figure-{at}">{part}{caption}</figure>'
    label = escape(picture.caption or f"Figure {at}")
    deep = " data-deep" if part.deep else ""
    return (
        f'<figure id="figure-{at}"><div class="plot" role="img" aria-label="{label}" '
        f'style="height:{part.height}px"{deep}></div>'
        f'<script type="text/plain" class="packed">{part.packed}</script>{caption}</figure>'
    )


def _script_html(drawings: list[Drawing]) -> list[str]:
    from lamella.views.style import DARK

    return [
        f'<script type="text/plain" id="plotly">{_packed_plotly()}</script>',
        f'<script type="application/json" id="dark">{_json(DARK)}</script>',
        f'<script type="application/json" id="template">{template_json()}</script>',
        f"<script>{_asset('report.js')}</script>",
    ]


def _json(value: Any) -> str:
    import json

    return json.dumps(value)


@cache
def _packed_plotly() -> str:
    from plotly.offline import get_plotlyjs

    return pack_text(get_plotlyjs())


@cache
def _asset(name: str) -> str:
    return (files("lamella.page") / "assets" / name).read_text(encoding="utf-8")


def _write_whole(path: Path, page: str) -> Path:
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(page, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise RunError(
            f"write_report() wants a file it can write, got {path}: {error.strerror}. "
            "Choose another path or make room."
        ) from error
    return path
