"""The page's own files: page.html with its one script, its one style sheet and its words."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from lamella.errors import unknown_name
from lamella.page.modules import joined_script, joined_sheet

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
SCRIPT, SHEET = "main.js", "styles/main.css"
LISTED = {
    "js": f'<script type="module" src="/assets/{SCRIPT}"></script>',
    "css": f'<link rel="stylesheet" href="/assets/{SHEET}">',
}
PLOTLY = "plotly.js"  # of the plotly package, for figures of other packages' views
BLOCK = r'<script type="application/json" id="{}"[^>]*>[^<]*</script>'
LANGUAGES = ("en", "ru")


def source(path: str) -> str:
    """The text of a file in `assets` by its path there; KeyError for one that is not there."""
    try:
        return (files("lamella.page") / "assets" / path).read_text(encoding="utf-8")
    except OSError as error:
        raise KeyError(path) from error


@cache
def script() -> str:
    """All scripts of the page as one."""
    return joined_script(SCRIPT, source, "lamella")


@cache
def sheet() -> str:
    """All styles of the page as one."""
    return joined_sheet(SHEET, source)


def plotly_script() -> str:
    """plotly's script, as its package ships it."""
    from plotly.offline import get_plotlyjs

    return get_plotlyjs()


@cache
def served() -> Mapping[str, bytes]:
    """What the server gives beside the page, by names that change with what is in it."""
    texts = {"js": script().encode(), "css": sheet().encode()}
    return {f"page-{_digest(text)}.{kind}": text for kind, text in texts.items()}


def asset(name: str) -> bytes:
    """A file that the server gives; UnknownName for one that is not there."""
    if name not in served():
        raise unknown_name("file of the page", name, served())
    return served()[name]


@cache
def deflated(name: str) -> bytes:
    """A file that the server gives, for clients of other machines."""
    return gzip.compress(asset(name), mtime=0)


def content_type(name: str) -> str:
    """The media type of a file of the page."""
    return TYPES[name.rpartition(".")[2]]


def live_page(start: Mapping[str, Any]) -> str:
    """page.html for the server, which gives script and styles apart."""
    page = page_html(start)
    tags = {"js": '<script src="/assets/{}"></script>', "css": LISTED["css"].replace(SHEET, "{}")}
    for name in served():
        kind = name.rpartition(".")[2]
        page = page.replace(LISTED[kind], tags[kind].format(name), 1)
    return page


def page_html(start: Mapping[str, Any]) -> str:
    """page.html with what its script starts from: the mode and the words of all languages."""
    page = with_block(source("page.html"), "lamella-start", start)
    for language in LANGUAGES:
        page = with_block(page, f"lamella-words-{language}", words(language))
    return page


def with_block(page: str, name: str, value: Any) -> str:
    """The page with a value in its block of that name; or before the first script."""
    block = json_html(name, value)
    page, count = re.subn(BLOCK.format(name), lambda _: block, page, count=1)
    return page if count else page.replace("<script", f"{block}\n<script", 1)


def json_html(name: str, value: Any) -> str:
    """A block of JSON that cannot end its own element, whatever texts are in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f'<script type="application/json" id="{name}">{safe}</script>'


def words(language: str) -> dict[str, str]:
    """The page's words in a language."""
    return json.loads(source(f"words.{language}.json"))


def _digest(text: bytes) -> str:
    return blake2b(text, digest_size=8).hexdigest()
