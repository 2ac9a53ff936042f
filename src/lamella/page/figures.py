"""Figures of the page: drawn by their views here, sent as values that the page's script draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lamella.errors import LamellaError
from lamella.page.records import BITS, small
from lamella.plots.figure import Figure
from lamella.registry import views
from lamella.results import Record, kind_of
from lamella.story import Picture, Story

OWN = {"perceptron_f1": "f1_against_dimension"}  # measures whose view has another name
KINDS = {"table": "table", "curve": "lines", "matrix": "heat_map", "images": "image_grid"}
KINDS |= {"diagrams": "barcode", "embedding": "cloud"}


def drawn(name: str, record: Any, arguments: Mapping[str, Any], bits: int = BITS) -> dict[str, Any]:
    """What a view makes of a record: `figure`, `plotly` for one of plotly's, or `missing` and why.

    A view may come from another package: whatever it raises costs only its own figure.
    """
    try:
        made = views[name](record, **arguments)
    except LamellaError as error:
        return {"missing": str(error)}
    except Exception as error:
        return {"missing": f"{name}() failed: {type(error).__name__}: {error}"}
    if isinstance(made, Figure):
        return {"figure": small(made.facts(), bits)}
    if hasattr(made, "to_json"):  # plotly's own; not imported here, since it is large
        return {"plotly": made.to_json()}
    return {"missing": f"{name}() wants to return a figure, got {type(made).__name__}."}


def record_figure(
    measure: str, record: Record, bits: int = BITS, **arguments: Any
) -> dict[str, Any]:
    """A stored record as its measure's own view draws it, else as one of its kind; no title."""
    base = measure.partition("@")[0]
    name = OWN.get(base, base if base in views else KINDS[kind_of(record)])
    return drawn(name, untitled(record), arguments, bits)


def untitled(record: Record) -> Record:
    """The record without a title, where the page has written one above."""
    return replace(record, title="") if getattr(record, "title", "") else record


def needs_plotly(story: Story | None) -> bool:
    """Whether a view of another package draws a picture of the story with plotly."""
    pictures = [p for section in story.sections for p in section.pictures] if story else []
    others = [p for p in pictures if not views[p.view].__module__.startswith("lamella.")]
    return any("plotly" in drawn(p.view, p.record, p.arguments) for p in others)


def picture_facts(picture: Picture, bits: int = BITS) -> dict[str, Any]:
    """A picture of a story: its view, its caption and its figure."""
    figure = drawn(picture.view, picture.record, picture.arguments, bits)
    return {"view": picture.view, "caption": picture.caption, **figure}
