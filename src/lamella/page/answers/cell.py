"""`cell/<net>/<seed>/<layer>/<epoch>/<split>`: every stored record of one cell."""

from __future__ import annotations

from typing import Any

from lamella.errors import unknown_name
from lamella.page.answers.cloud import check_cell
from lamella.page.records import record_facts
from lamella.results import Record, Table
from lamella.subject.stored_results import records_at
from lamella.subject.subject import Subject


def cell(
    subject: Subject,
    net: str,
    seed: int,
    layer: str,
    epoch: int,
    split: str,
    **options: Any,
) -> dict[str, Any]:
    """The records of a cell that are more than a number, by measure; options of `record_facts`."""
    run = subject.run(net, seed)
    check_cell(run, layer, epoch)
    if split not in run.splits:
        raise unknown_name("split", split, run.splits)
    found = records_at(run, layer, epoch, split)
    shown = {name: found[name] for name in sorted(found) if not is_number(found[name])}
    return {"records": {name: record_facts(record, **options) for name, record in shown.items()}}


def is_number(record: Record) -> bool:
    """Whether a record is a table of one number, which the cube shows."""
    return isinstance(record, Table) and sum(map(len, record.columns.values())) <= 1
