"""Training curves: loss and error of each epoch, for one run or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lamella.errors import bad_input
from lamella.plots.labels import corner_note, end_labels, last_finite, log_ticks, padded, short
from lamella.plots.style import RUNS, WIDTH, colour_key, new_figure, plain
from lamella.registry import views
from lamella.results import Table
from lamella.views.lines import add_band, add_line

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

LEFT, LABEL = 58, 64  # pixels left of a panel, and for the last values at its right
DASHES = {"test": "solid", "train": "dot"}


@views.register(record="table")
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
    series = {q: _series_of(tables, q) for q in quantities}
    series = {q: found for q, found in series.items() if found}
    if not series:
        raise bad_input(
            "training_curves()",
            wanted=f"columns such as test_{quantities[0]}",
            got=", ".join(sorted({c for t in tables.values() for c in t.columns})) or "none",
            do="Name the quantities that were logged",
        )
    bands = any(len(set(t.columns.get("seed", ()))) > 1 for t in tables.values())
    note = "solid: test, dotted: train" + (" · bands: least to greatest over seeds" * bands)
    names = [name for name in tables if name]
    key = colour_key(names, [RUNS[at % len(RUNS)] for at in range(len(names))])
    figure = new_figure(title, note, height=280, left=LEFT, right=16, key=key)
    for at, (quantity, lines) in enumerate(series.items()):
        _draw_panel(figure, quantity, lines, list(tables), at, len(series), log)
    return figure


def _series_of(tables: Mapping[str, Table], quantity: str) -> list[tuple]:
    """(run, split, epochs, mean, low, high) of each line."""
    found = []
    for name, table in tables.items():
        for split in DASHES:
            values = _column(table, split, quantity)
            if values is not None:
                found.append((name, split, *_over_seeds(table, values)))
    return found


def _column(table: Table, split: str, quantity: str) -> np.ndarray | None:
    columns = table.columns
    if f"{split}_{quantity}" in columns:
        values = np.asarray(columns[f"{split}_{quantity}"], float)
    elif quantity == "error" and f"{split}_accuracy" in columns:
        values = 1 - np.asarray(columns[f"{split}_accuracy"], float)
    else:
        return None
    return 100 * values if quantity in ("error", "accuracy") else values


def _over_seeds(table: Table, values: np.ndarray) -> tuple:
    epochs, place = np.unique(np.asarray(table.columns["epoch"]), return_inverse=True)
    if "seed" not in table.columns:
        return epochs, values[np.argsort(table.columns["epoch"], kind="stable")], None, None
    groups = [values[place == at] for at in range(len(epochs))]
    mean, low, high = (np.array([f(g) for g in groups]) for f in (np.nanmean, np.nanmin, np.nanmax))
    return epochs, mean, low, high


def _draw_panel(
    figure: Figure,
    quantity: str,
    lines: list[tuple],
    runs: list[str],
    at: int,
    panels: int,
    log: bool,
) -> None:
    axis = "" if at == 0 else str(at + 1)
    colours = {name: RUNS[i % len(RUNS)] for i, name in enumerate(runs)}
    percent = quantity in ("error", "accuracy")
    ends, everything = [], []
    for name, split, epochs, mean, low, high in lines:
        if low is not None:
            add_band(figure, epochs.tolist(), low, high, colours[name], axis)
            everything += [low, high]
        label = f"{name} {split}".strip()
        add_line(figure, epochs.tolist(), mean, label, colours[name], DASHES[split], axis)
        everything.append(mean)
        if split == "test" or not any(s == "test" for n, s, *_ in lines if n == name):
            last = last_finite(mean)
            ends.append((last, f"{short(last)}{' %' * percent}", colours[name]))
    span = padded(np.concatenate(everything), log=log, zero=True)
    _place(figure, axis, at, panels)
    unit = f"{quantity}, %" if percent else quantity
    figure.update_layout(
        {
            f"yaxis{axis}": {
                "title": {"text": plain(unit)},
                "type": "log" if log else "linear",
                "range": span,
                **(log_ticks(span) if log else {}),
            }
        }
    )
    end_labels(figure, ends, span, log=log, axis=axis)
    if log and any((np.asarray(v) == 0).any() for v in everything):
        corner_note(figure, "zeros lie below the axis", axis=axis, x=0, y=0)


def _place(figure: Figure, axis: str, at: int, panels: int) -> None:
    """Side by side, with room at the right of each panel for its labels."""
    width = WIDTH - LEFT - 16
    gap, axes = LABEL / width, LEFT / width
    share = (1 - panels * gap - (panels - 1) * axes) / panels
    start = at * (share + gap + axes)
    figure.update_layout(
        {
            f"xaxis{axis}": {
                "domain": [start, start + share],
                "anchor": f"y{axis}",
                "title": {"text": "epoch"},
                "showgrid": False,
            },
            f"yaxis{axis}": {"anchor": f"x{axis}"},
        }
    )
