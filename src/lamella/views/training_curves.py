"""Training curves: loss and error of each epoch, for one run or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lamella.errors import bad_input
from lamella.plots.curves import BANDS, last_finite, over_seeds, with_band
from lamella.plots.figure import Figure
from lamella.plots.marks import Mark, Text
from lamella.plots.numbers import short
from lamella.plots.palette import RUNS
from lamella.plots.panels import Axis, Panel
from lamella.registry import views
from lamella.results import Table

PERCENT = ("error", "accuracy")
DASHES = {"test": "", "train": "dot"}


@views.register(record="table", many="optional")
def training_curves(
    table: Table | Mapping[str, Table],
    *,
    quantities: Sequence[str] = ("error", "loss"),
    log: bool = True,
    title: str = "",
) -> Figure:
    """One panel per quantity over epochs: solid lines are test, dotted ones train.

    The table has a column `epoch` and for each quantity `train_<quantity>`, `test_<quantity>` or
    both; where there is an accuracy but no error, the error is 1 - accuracy. Errors are shown in
    percent. With a column `seed`, the line is the mean and the band goes from the least to the
    greatest. Several tables, by name, are several runs. Zeros have no place on a logarithmic
    axis and are left out.
    """
    tables = {"": table} if isinstance(table, Table) else dict(table)
    colours = {name: RUNS[at % len(RUNS)] for at, name in enumerate(tables)}
    panels = [p for quantity in quantities if (p := _panel(tables, quantity, colours, log))]
    if not panels:
        raise bad_input(
            "training_curves()",
            wanted=f"columns such as test_{quantities[0]}",
            got=", ".join(sorted({c for t in tables.values() for c in t.columns})) or "none",
            do="Name the quantities that were logged",
        )
    seeds = any(len(set(t.columns.get("seed", ()))) > 1 for t in tables.values())
    note = "solid: test, dotted: train" + f" · {BANDS}" * seeds
    key = tuple((name, colour) for name, colour in colours.items() if name)
    return Figure(tuple(panels), title, note, key, across=min(3, len(panels)))


def _panel(
    tables: Mapping[str, Table], quantity: str, colours: Mapping[str, str], log: bool
) -> Panel | None:
    """The lines of all runs and splits of one quantity; None where nobody logged it."""
    unit = " %" * (quantity in PERCENT)
    marks: list[Mark] = []
    zeros = False
    for name, table in tables.items():
        found = {s: v for s in DASHES if (v := _column(table, s, quantity)) is not None}
        for split, values in found.items():
            epochs, mean, low, high = over_seeds(np.asarray(table.columns["epoch"]), values)
            zeros |= bool((values == 0).any())
            ends = split == "test" or "test" not in found
            end = f"{short(last_finite(mean))}{unit}" if ends else ""
            style = {"colour": colours[name], "dash": DASHES[split], "end": end}
            band = (low, high) if "seed" in table.columns else (None, None)
            marks += with_band(epochs, mean, *band, label=f"{name} {split}".strip(), **style)
    if not marks:
        return None
    if log and zeros:
        marks.append(
            Text(
                [0], [0], ("zeros lie below the axis",), anchor="start", inside=True, shift=(6, -8)
            )
        )
    label = f"{quantity.replace('_', ' ')}{', %' * bool(unit)}"
    return Panel(tuple(marks), Axis("epoch"), Axis(label, log=log, zero=not log), height=280)


def _column(table: Table, split: str, quantity: str) -> np.ndarray | None:
    columns = table.columns
    if f"{split}_{quantity}" in columns:
        values = np.asarray(columns[f"{split}_{quantity}"], float)
    elif quantity == "error" and f"{split}_accuracy" in columns:
        values = 1 - np.asarray(columns[f"{split}_accuracy"], float)
    else:
        return None
    return 100 * values if quantity in PERCENT else values
