"""A layer table as text: for a terminal, and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamella.anatomy.layer_tables import LayerRow, LayerTable, columns_of

if TYPE_CHECKING:
    import rich.table

HEADINGS = {
    "layer": "Layer (type)",
    "output_shape": "Output Shape",
    "formula": "Formula",
    "parameters": "Param #",
    "macs": "Mult-Adds",
    "memory": "Memory",
    "receptive_field": "Field",
    "jump": "Jump",
    "offset": "Offset",
}
NUMBERS = ("parameters", "macs", "memory", "receptive_field", "jump", "offset")


def cells(row: LayerRow, batch: int) -> list[str]:
    """One row as texts under `HEADINGS`."""
    values = columns_of(row, batch)
    values |= {"layer": f"{row.layer} ({row.type})", "memory": size_text(row.memory)}
    values |= {name: f"{values[name]:,}" for name in ("parameters", "macs")}
    return [str(values[name]) for name in HEADINGS]


def size_text(size: int) -> str:
    """Bytes for people.

    >>> size_text(193600), size_text(12)
    ('189.1 KiB', '12 B')
    """
    if size < 1024:
        return f"{size} B"
    value, unit = size / 1024, "KiB"
    for larger in ("MiB", "GiB", "TiB"):
        if value >= 1024:
            value, unit = value / 1024, larger
    return f"{value:.1f} {unit}"


def totals(table: LayerTable) -> list[str]:
    """What is below the table: totals, then notes and warnings."""
    frozen = table.parameters - table.trainable
    return [
        f"Total params: {table.parameters:,} ({size_text(table.parameter_memory)})",
        f"Trainable params: {table.trainable:,}",
        f"Non-trainable params: {frozen:,}",
        f"Total mult-adds: {table.macs:,} (batch of {table.batch})",
        f"Activations: {size_text(table.memory)} (batch of {table.batch})",
        *(f"Note: {note}." for note in table.notes),
        *(f"Warning: {warning}." for warning in table.warnings),
    ]


def markdown(table: LayerTable) -> str:
    """The table, its totals and its warnings as Markdown."""
    lines = [" | ".join(HEADINGS.values()), " | ".join(_rule(n) for n in HEADINGS)]
    lines += [" | ".join(cells(row, table.batch)) for row in table.rows]
    body = "\n".join(f"| {line} |" for line in lines)
    return f"{body}\n\n" + "\n".join(f"- {line}" for line in totals(table)) + "\n"


def _rule(name: str) -> str:
    return "---:" if name in NUMBERS else "---"


def rich_table(table: LayerTable) -> rich.table.Table:
    """The table for a terminal."""
    from rich.table import Table

    shown = Table(title=f"{table.model} on {', '.join(table.inputs)}", box=None, pad_edge=False)
    for name, heading in HEADINGS.items():
        style: dict[str, Any] = {"justify": "right"} if name in NUMBERS else {}
        shown.add_column(heading, overflow="fold", **style)
    for row in table.rows:
        shown.add_row(*cells(row, table.batch), style="yellow" if row.warning else "")
    return shown
