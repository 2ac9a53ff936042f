"""Generated tables in docs/performance.md, each between marks that bear its name."""

from __future__ import annotations

from pathlib import Path

PATH = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def write_table(name: str, table: str) -> None:
    """Put a table between its marks."""
    start, end = (f"<!-- {name} table: {word} -->" for word in ("start", "end"))
    text = PATH.read_text()
    PATH.write_text(f"{text.split(start)[0]}{start}\n{table}\n{end}{text.split(end)[1]}")
