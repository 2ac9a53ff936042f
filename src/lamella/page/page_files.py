"""The page's own files: page.html and the scripts, styles and words that it lists."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from lamella.errors import unknown_name

TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}
LISTED = re.compile(
    r'<(?:script src|link rel="stylesheet" href)="/assets/([\w.-]+)"[^>]*>(?:</script>)?'
)
BLOCK = r'<script type="application/json" id="{}"[^>]*>[^<]*</script>'
LANGUAGES = ("en", "ru")


def asset(name: str) -> bytes:
    """A file of the page; UnknownName for one that is not there."""
    folder = files("lamella.page") / "assets"
    known = [item.name for item in folder.iterdir() if item.name.rpartition(".")[2] in TYPES]
    if name not in known:
        raise unknown_name("file of the page", name, known)
    return (folder / name).read_bytes()


def content_type(name: str) -> str:
    """The media type of a file of the page."""
    return TYPES[name.rpartition(".")[2]]


def page_html(start: Mapping[str, Any]) -> str:
    """page.html with what its script starts from: the mode and the words of all languages."""
    page = with_block(asset("page.html").decode(), "lamella-start", start)
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
    """The page's words in a language; none where its file is not there."""
    try:
        return json.loads(asset(f"words.{language}.json"))
    except KeyError:
        return {}


def listed(page: str) -> list[tuple[str, str]]:
    """The scripts and styles that a page lists, in order: the whole tag and the file's name."""
    return [(found.group(0), found.group(1)) for found in LISTED.finditer(page)]
