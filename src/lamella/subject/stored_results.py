"""Stored results without frames: what the page asks for often, read straight from the database."""

from __future__ import annotations

from collections.abc import Iterator

from lamella.results import Record, unpack
from lamella.store import NOT_COMPUTED, Run
from lamella.store.database import query

INPUT = "input"
Cell = tuple[str, int, str]


def measured(run: Run) -> dict[str, str]:
    """The measures that a run has results of, and the kind of their records."""
    return dict(query(run.path, "SELECT DISTINCT measure, kind FROM results"))


def records_of(run: Run, measure: str) -> Iterator[tuple[Cell, Record]]:
    """All records of a measure with their cells."""
    text = "SELECT layer, epoch, split, record FROM results WHERE measure=?"
    for layer, epoch, split, data in query(run.path, text, (measure,)):
        yield (layer, epoch, split), unpack(data)


def records_at(run: Run, layer: str, epoch: int, split: str) -> dict[str, Record]:
    """All records of one cell by measure; those of the input are the same at every epoch."""
    text = "SELECT measure, record FROM results WHERE layer=? AND split=? AND measure!=?"
    values: tuple = (layer, split, NOT_COMPUTED)
    if layer != INPUT:
        text, values = text + " AND epoch=?", (*values, epoch)
    return {name: unpack(data) for name, data in query(run.path, text, values)}


def failures_of(run: Run) -> Iterator[tuple[Cell, str, str]]:
    """Cells, measures and the reasons why they were not computed."""
    for cell, record in records_of(run, NOT_COMPUTED):
        columns = getattr(record, "columns", {})
        if {"measure", "reason"} <= set(columns):
            for measure, reason in zip(columns["measure"], columns["reason"], strict=True):
                yield cell, str(measure), str(reason)
