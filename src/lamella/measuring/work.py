"""What a worker does: one call of a measure, on one thread, that always comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lamella.errors import LamellaError, message
from lamella.measuring.jobs import Job
from lamella.results import KINDS, Record, Table


@dataclass(frozen=True, eq=False)
class Outcome:
    """The record of a job, or the reason why there is none.

    `lasting` says that the same content will fail again; a worker killed for want of memory, or
    an error that nobody foresaw, may not.
    """

    record: Record | None
    seconds: float = 0.0
    reason: str = ""
    lasting: bool = False


def do(job: Job) -> Outcome:
    """Call the measure of a job with BLAS and OpenMP kept to one thread; never raises."""
    from threadpoolctl import threadpool_limits

    start = time.perf_counter()
    try:
        with threadpool_limits(limits=1):
            record = call(job)
    except LamellaError as error:
        return Outcome(None, time.perf_counter() - start, str(error), lasting=True)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return Outcome(None, time.perf_counter() - start, reason)
    return Outcome(record, time.perf_counter() - start)


def call(job: Job) -> Record:
    """The record of a job; of a pairwise one, a table with a row for each partner."""
    arguments = dict(job.task.arguments)
    if not job.pairwise:
        return say_sample(checked(job, job.function(**job.inputs, **arguments)), job.sampled)
    tables = [
        (label, checked(job, job.function(**job.inputs, **given, **arguments)))
        for label, given in job.partners
    ]
    return say_sample(joined(job, tables), job.sampled)


def checked(job: Job, record: Any) -> Record:
    """The record, if it is one."""
    if not isinstance(record, tuple(KINDS.values())):
        raise LamellaError(
            message(
                f"measure {job.task.measure!r}",
                f"to return a record ({', '.join(KINDS)})",
                type(record).__name__,
                "Return a Table with one row for a number",
            )
        )
    return record


def joined(job: Job, tables: list[tuple[str, Record]]) -> Record:
    """The tables of all partners as one, with the partner in column `against`."""
    if len(tables) == 1 and not isinstance(tables[0][1], Table):
        return tables[0][1]
    columns: dict[str, list[np.ndarray]] = {}
    for label, table in tables:
        if not isinstance(table, Table):
            raise LamellaError(
                message(
                    f"measure() of {job.task.measure!r} against several cells",
                    "a Table of each",
                    type(table).__name__,
                    "Compare with against='epochs' or a run",
                )
            )
        rows = len(next(iter(table.columns.values()), ()))
        for name, column in {"against": np.repeat(label, rows), **table.columns}.items():
            columns.setdefault(name, []).append(column)
    return Table({name: np.concatenate(parts) for name, parts in columns.items()})


def say_sample(record: Record, sampled: tuple[int, int] | None) -> Record:
    """Tables say in columns `samples` and `of_samples` that only some samples were measured."""
    if sampled is None or not isinstance(record, Table) or "samples" in record.columns:
        return record
    rows = len(next(iter(record.columns.values()), ()))
    said = dict(zip(("samples", "of_samples"), sampled, strict=True))
    extra = {name: np.repeat(count, rows) for name, count in said.items()}
    return replace(record, columns={**record.columns, **extra})
