"""What the run already has, and what could not be computed; only the parent process writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lamella.measuring.cells import Cell
from lamella.measuring.plan import Task
from lamella.results import Record, Table, unpack
from lamella.store import NOT_COMPUTED, write_result
from lamella.store.database import query, remove_result, writing

if TYPE_CHECKING:
    from lamella.store import Run

TWIN_FAILED = "it failed at another cell of the same content"


@dataclass(frozen=True)
class Failure:
    """A measure that could not be computed at a cell, and why."""

    measure: str
    layer: str
    epoch: int
    split: str
    reason: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.measure} of {self.layer}, epoch {self.epoch}, {self.split}: {self.reason}"


class Ledger:
    """The keys of the results of a run, and its failures, kept in step with the folder.
    `places` says where a result of a name and key can be found.

    Failures stand in the run as the results of `not_computed`: one table for each cell, with
    columns measure, reason and key.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        rows = query(run.path, "SELECT measure, layer, epoch, split, key FROM results")
        self.keys: dict[tuple[str, Cell], str] = {
            (name, (layer, e, split)): key for name, layer, e, split, key in rows
        }
        self.places = {(name, key): cell for (name, cell), key in self.keys.items() if key}
        self.failures = read_failures(run)

    def key(self, task: Task) -> str | None:
        """The key of the stored result of a task."""
        return self.keys.get((task.name, task.cell))

    def failure(self, task: Task, key: str) -> Failure | None:
        """The failure of just this content and these arguments, if it is known to last."""
        found = self.failures.get(task.cell, {}).get(task.name)
        return found if found is not None and found.key == key else None

    def write(self, task: Task, record: Record, key: str) -> None:
        """Store a result and forget that it ever failed."""
        write_result(self.run.path, task.name, *task.cell, record, key)
        self.keys[task.name, task.cell] = key
        self.places[task.name, key] = task.cell
        if self.failures.get(task.cell, {}).pop(task.name, None):
            self._write_failures(task.cell)

    def fail(self, task: Task, reason: str, key: str) -> Failure:
        """Mark a cell as not computed; an older result of other content does not stay."""
        failure = Failure(task.name, *task.cell, reason, key)
        self._remove(task.name, task.cell)
        self.failures.setdefault(task.cell, {})[task.name] = failure
        self._write_failures(task.cell)
        return failure

    def _write_failures(self, cell: Cell) -> None:
        failures = list(self.failures.get(cell, {}).values())
        if not failures:
            return self._remove(NOT_COMPUTED, cell)
        columns = {n: np.array([getattr(f, n) for f in failures]) for n in FIELDS}
        write_result(self.run.path, NOT_COMPUTED, *cell, Table(columns), "")

    def _remove(self, name: str, cell: Cell) -> None:
        key = self.keys.pop((name, cell), None)
        if key and self.places.get((name, key)) == cell:
            del self.places[name, key]
        remove_result(self.run.path, name, *cell)


@contextmanager
def kept_open(run: Run) -> Iterator[None]:
    """Keep one connection to the results open, without a lock.

    SQLite empties its log into the database, and waits for the disk, whenever the last connection
    closes: 20 ms for each result, where one connection that stays makes it less than 2.
    """
    with writing(run.path) as connection:
        connection.execute("SELECT 1 FROM results LIMIT 1").fetchall()  # opens the files
        yield


FIELDS = ("measure", "reason", "key")


def read_failures(run: Run) -> dict[Cell, dict[str, Failure]]:
    """The failures that stand in a run, by cell and measure."""
    rows = query(
        run.path,
        "SELECT layer, epoch, split, record FROM results WHERE measure=?",
        (NOT_COMPUTED,),
    )
    found: dict[Cell, dict[str, Failure]] = {}
    for layer, epoch, split, data in rows:
        table = unpack(data)
        assert isinstance(table, Table)
        for measure, reason, key in zip(*(table.columns[n] for n in FIELDS), strict=True):
            failure = Failure(str(measure), layer, epoch, split, str(reason), str(key))
            found.setdefault((layer, epoch, split), {})[failure.measure] = failure
    return found
