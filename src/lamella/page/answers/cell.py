"""`cell/<net>/<seed>/<layer>/<epoch>/<split>`: every stored record of one cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lamella.errors import unknown_name
from lamella.page.answers.cloud import check_cell
from lamella.page.figures import record_figure
from lamella.page.records import BITS, record_facts
from lamella.results import Curve, Diagrams, Matrix, Record, Table
from lamella.store import Run
from lamella.subject.stored_results import INPUT, records_at
from lamella.subject.subject import Subject

PROFILE = "compactness_profile"
ROWS, BARS = 200, 36  # of a table and of a diagram's dimension


def cell(
    subject: Subject,
    net: str,
    seed: int,
    layer: str,
    epoch: int,
    split: str,
    *,
    bits: int = BITS,
    longest: int | None = None,
) -> dict[str, Any]:
    """The records of a cell that are more than a number: figures by measure, and diagrams.

    `longest` keeps only that many bars of each dimension of the diagrams, which the page draws
    itself since they follow its cursor.
    """
    run = subject.run(net, seed)
    check_cell(run, layer, epoch)
    if split not in run.splits:
        raise unknown_name("split", split, run.splits)
    found = records_at(run, layer, epoch, split)
    shown = {name: found[name] for name in sorted(found) if not is_number(found[name])}
    bars = {name: record for name, record in shown.items() if isinstance(record, Diagrams)}
    figures = {
        name: figure(run, (layer, epoch, split), name, record, bits)
        for name, record in shown.items()
    }
    records = {n: record_facts(record, bits=bits, longest=longest) for n, record in bars.items()}
    return {"records": records, "figures": figures}


def figure(
    run: Run, place: tuple[str, int, str], name: str, record: Record, bits: int
) -> dict[str, Any]:
    """One record as a figure, classes by their names, a profile beside what it is compared to."""
    arguments: dict[str, Any] = {}
    if isinstance(record, Table) and name.partition("@")[0] != "perceptron_f1":
        arguments["most"] = ROWS
    if isinstance(record, Diagrams):
        arguments["most"] = BARS
    if isinstance(record, Matrix):
        record = replace(
            record, rows=class_names(run, record.rows), columns=class_names(run, record.columns)
        )
    if isinstance(record, Curve) and name == PROFILE:
        record, arguments["baselines"] = beside_baselines(run, place, record)
    return record_figure(name, record, bits, **arguments)


def class_names(run: Run, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Labels that are numbers of classes as the classes' names."""
    names = run.class_names
    known = [label.isdecimal() and int(label) < len(names) for label in labels]
    return tuple(
        str(names[int(label)]) if there else label
        for label, there in zip(labels, known, strict=True)
    )


def beside_baselines(
    run: Run, place: tuple[str, int, str], curve: Curve
) -> tuple[Curve, tuple[str, ...]]:
    """A profile with that of the raw input and of the untrained layer as further series."""
    layer, epoch, split = place
    asked = {"raw input": (INPUT, epoch), "untrained": (layer, run.epochs[0])}
    others: dict[str, Curve] = {}
    for name, (where, when) in asked.items():
        other = records_at(run, where, when, split).get(PROFILE)
        if isinstance(other, Curve) and len(other.x) == len(curve.x):
            others |= {name: other} if (where, when) != (layer, epoch) else {}
    y = np.concatenate([curve.y, *(one.y[:1] for one in others.values())])
    series = (*class_names(run, curve.series), *others)
    return replace(curve, y=y, series=series, low=None, high=None), tuple(others)


def is_number(record: Record) -> bool:
    """Whether a record is a table of one number, which the cube shows."""
    return isinstance(record, Table) and sum(map(len, record.columns.values())) <= 1
