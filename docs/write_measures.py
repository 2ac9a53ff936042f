"""Write docs/measures.md from the cards of all registered measures.

python docs/write_measures.py
"""

from __future__ import annotations

import inspect
from pathlib import Path

from lamella.registry import measures

PAGE = Path(__file__).parent / "measures.md"
HEAD = """# Measures

A measure is a pure function over the arrays of one cell (layer, epoch, split) that returns one
record. Its positional parameters are taken from the cell by name, its keyword arguments have
defaults: `lamella.measures.twonn(points)`, or over a whole run `lamella measure RUN --measures
twonn`. Value is the column that heat maps show. This page is written by
`python docs/write_measures.py` from the docstrings: edit those.

"""
SECTIONS = ("Definition", "Range", "Cost", "Misleads", "Source")


def page() -> str:
    """The whole page: a table of contents, then one section for each measure."""
    return HEAD + "\n".join(map(line, measures)) + "\n\n" + "\n".join(map(section, measures))


def line(name: str) -> str:
    return f"- [`{name}`](#{name}): {measures.card(name).summary}"


def section(name: str) -> str:
    """Signature, summary, facts and the titled paragraphs of one card."""
    card, facts = measures.card(name), measures.facts(name)
    said = [f"value `{facts['value']}`"] if facts.get("value") else []
    said += [f"unit {facts['unit']}"] if facts.get("unit") else []
    said += [f"{facts['better']}er is better"] if facts.get("better") else []
    said += ["measured by default"] if facts.get("default") else []
    said += ["of two cells"] if facts.get("pairwise") else []
    titled = [
        f"**{title}.** {card.sections[title]}" for title in SECTIONS if title in card.sections
    ]
    parts = [f"## {name}", f"`{name}({parameters(name)})`", card.summary, "; ".join(said), *titled]
    return "\n\n".join(part for part in parts if part) + "\n"


def parameters(name: str) -> str:
    """The signature without annotations."""
    found = inspect.signature(measures[name]).parameters.values()
    shown = [str(p.replace(annotation=p.empty)) for p in found]
    positional = [s for s, p in zip(shown, found, strict=True) if p.kind != p.KEYWORD_ONLY]
    keywords = shown[len(positional) :]
    return ", ".join([*positional, *(["*", *keywords] if keywords else [])])


if __name__ == "__main__":
    PAGE.write_text(page())
