"""Figures as files: a page, a drawing that can be edited, or pixels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lamella.errors import LamellaError, bad_input, missing_extra

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

KINDS = (".html", ".svg", ".png", ".pdf")


def save(drawn: Figure, path: Path, width: float) -> Path:
    """Write a figure by the ending of its path; MissingExtra where kaleido lacks."""
    if path.suffix not in KINDS:
        raise bad_input(
            "save()",
            wanted=f"a path that ends in {', '.join(KINDS)}",
            got=str(path),
            do="Rename it",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".html":
        drawn.write_html(path, include_plotlyjs=True)
        return path
    try:
        import kaleido  # noqa: F401 # plotly needs it
    except ImportError:
        raise missing_extra("kaleido", "images", f"Saving a figure as {path.suffix}") from None
    options = {"width": width, "scale": 3 if path.suffix == ".png" else 1}
    try:
        drawn.write_image(path, **options)
    except RuntimeError as error:
        raise LamellaError(
            f"{path} could not be written: {error}. kaleido draws with Chrome: install it, or say "
            "where it is in BROWSER_PATH."
        ) from error
    return path
