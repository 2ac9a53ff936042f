"""What the registry says of a measure that has results: its value, its card, its title."""

from __future__ import annotations

from typing import Any

from lamella.registry import measures as registry


def base_of(name: str) -> str:
    """The registered measure of a variant.

    >>> base_of("gdv@gaussian"), base_of("gdv")
    ('gdv', 'gdv')
    """
    return name.partition("@")[0]


def value_of(name: str) -> str | None:
    """The column that stands for a measure in the cube; None where there is none."""
    base = base_of(name)
    return registry.facts(base).get("value") if base in registry else None


def rows_of(name: str) -> str | None:
    """What the rows of a measure's table stand for, where they are several."""
    base = base_of(name)
    return registry.facts(base).get("rows") if base in registry else None


def measure_facts(name: str, kind: str) -> dict[str, Any]:
    """A measure as the index lists it; `kind` is that of its records."""
    base = base_of(name)
    known = base in registry
    facts = registry.facts(base) if known else {}
    card = registry.card(base) if known else None
    return {
        "name": name,
        "title": title_of(name),
        "summary": card.summary if card else "",
        "unit": facts.get("unit") or "",
        "better": facts.get("better"),
        "value": facts.get("value") if kind == "table" else None,
        "kind": kind,
        "rows": facts.get("rows"),
        "card": card.sections if card else {},
    }


def title_of(name: str) -> str:
    """The name in words.

    >>> title_of("linear_cka@epochs"), title_of("gdv@gaussian"), title_of("rtd@wide")
    ('linear cka with the epoch before', 'gdv of Gaussians', 'rtd with wide')
    """
    base, _, variant = name.partition("@")
    words = base.replace("_", " ")
    if variant == "epochs":
        return f"{words} with the epoch before"
    if variant == "gaussian":
        return f"{words} of Gaussians"
    return f"{words} with {variant}" if variant else words
