"""The report: the page with its answers inside, one file that opens offline."""

from __future__ import annotations

import base64
import os
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from lamella.errors import BudgetError, RunError
from lamella.page.bundle import Bundle, bundle
from lamella.page.figures import needs_plotly
from lamella.page.page_files import LISTED, page_html, plotly_script, script, sheet
from lamella.page.words import story_html
from lamella.registry import views
from lamella.store import Run, open_run
from lamella.story import Story
from lamella.subject.subject import POINTS, Subject

Runs = Sequence[Run | Path | str]
BASE = "<head>"


def write_report(
    story: Story | None,
    path: str | os.PathLike[str],
    *,
    nets: Mapping[str, Runs] | None = None,
    max_mb: float = 20,
    language: str | None = None,
    points: int = POINTS,
    tsne: bool = False,
) -> Path:
    """Write a story and the runs that it is about as one offline HTML file and return its path.

    `nets` are runs (or their folders) by net; without them the page has the words and figures of
    the story only. Where the file would exceed `max_mb` megabytes, it carries less, in the order
    of `lamella.page.report_levels`, and says what it left out. The page opens in `language`
    ("en", "ru"), by default the reader's. The file appears whole or not at all. Raises
    UnknownName for a view that nobody registered, BudgetError if not even the least fits, RunError
    if the path cannot be written.
    """
    for picture in (p for section in story.sections for p in section.pictures) if story else ():
        views[picture.view]
    runs = {net: tuple(map(_opened, each)) for net, each in (nets or {}).items()}
    subject = Subject(runs, story.title if story else "", points, story)
    return _write_whole(Path(path), fitting_page(subject, max_mb, language, tsne))


def fitting_page(subject: Subject, max_mb: float, language: str | None, tsne: bool = False) -> str:
    """The fullest page about a subject of at most `max_mb` megabytes."""
    from threadpoolctl import threadpool_limits

    most = int(max_mb * 1_000_000)
    words = story_html(subject.story) if subject.story else ""
    plotly = plotly_script() if needs_plotly(subject.story) else ""
    frame = len(report_html(Bundle(b"", {}), language, words, plotly).encode())
    with threadpool_limits(limits=1):
        room = max(most - frame, 0) * 3 // 4  # base64 makes four of three
        found = bundle(subject, room, tsne=tsne, budget_mb=max_mb)
    page = report_html(found, language, words, plotly)
    if len(page.encode()) > most:
        raise BudgetError(
            f"write_report() wants max_mb of at least {len(page.encode()) / 1e6:.1f}, got "
            f"{max_mb:g}: the page itself and the numbers of the cube need that. Allow more."
        )
    return page


def report_html(
    found: Bundle, language: str | None = None, words: str = "", plotly: str = ""
) -> str:
    """The page with a bundle, every script and style inside, and a policy that allows only them.

    `words` are shown where there is no script; `plotly` is plotly's script where a figure needs it.
    """
    start = {"mode": "file", "places": found.places, "language": language}
    texts = {"js": safe_text(script()), "css": safe_text(sheet())}
    packed = base64.b64encode(found.data).decode()
    block = f'<script type="text/plain" id="lamella-bundle">{packed}</script>\n'
    block += f"<noscript>{words}</noscript>\n" if words else ""
    scripts = [texts["js"]]
    if plotly:
        deflated = base64.b64encode(zlib.compress(plotly.encode(), 9)).decode()
        block += f'<script type="text/plain" id="lamella-plotly">{deflated}</script>\n'
        scripts.append(plotly)
    inline = {
        "js": f"{block}<script>{texts['js']}</script>",
        "css": f"<style>{texts['css']}</style>",
    }
    page = page_html(start)
    for kind, tag in LISTED.items():
        page = page.replace(tag, inline[kind], 1)
    return with_policy(page, scripts, [texts["css"]])


def safe_text(text: str) -> str:
    r"""A script or style that cannot end its own element.

    >>> safe_text("'</script>'")
    "'<\\/script>'"
    """
    return text.replace("</script", "<\\/script").replace("</style", "<\\/style")


def with_policy(page: str, scripts: Sequence[str], styles: Sequence[str]) -> str:
    """The page with a policy that runs these scripts and styles, loads nothing, sends nothing."""
    policy = (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return page.replace(BASE, f"{BASE}\n{tag}", 1)


def hashes(texts: Sequence[str]) -> str:
    """The sources of a policy that allow exactly these inline texts."""
    found = (base64.b64encode(sha256(text.encode()).digest()).decode() for text in texts)
    return " ".join(f"'sha256-{each}'" for each in found) or "'none'"


def _opened(run: Any) -> Run:
    return run if isinstance(run, Run) else open_run(run)


def _write_whole(path: Path, page: str) -> Path:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(page, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise RunError(
            f"write_report() wants a file it can write, got {path}: {error.strerror}. "
            "Choose another path or make room."
        ) from error
    return path
