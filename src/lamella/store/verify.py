"""Checking what a run stores against the checksums that it was written with, and repairing it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lamella.errors import LamellaError, RunError
from lamella.results import unpack
from lamella.store.checksums import of_facts, of_rows
from lamella.store.create import read_info, write_info
from lamella.store.database import (
    connect_reader,
    create_database,
    epoch_rows,
    query,
    result_place,
    writing,
)
from lamella.store.layout import (
    DATABASE,
    FOLDERS,
    INFO,
    activation_path,
    database_path,
    epochs_in,
    probe_path,
    weight_path,
)
from lamella.store.tensors import read_slots, wrong_tensors
from lamella.store.untrusted import check_files, limited

BY_EPOCH = ("scalars", "health", "costs", "problems")
RESULT = "SELECT * FROM results WHERE measure=? AND layer=? AND epoch=? AND split=?"


@dataclass(frozen=True)
class Damage:
    """One thing that is not as it was written: its file, the place in it, and what is wrong."""

    file: Path
    place: str
    why: str


@dataclass(frozen=True)
class Verification:
    """What was found in a run: damages, how much was right, and what has no checksum."""

    path: Path
    damages: tuple[Damage, ...] = ()
    right: int = 0
    unchecked: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is damaged."""
        return not self.damages


@dataclass
class _Count:
    """What is counted on the way."""

    right: int = 0
    unchecked: int = 0
    damages: list[Damage] = field(default_factory=list)

    def add(self, file: Path, place: str, why: str | None) -> None:
        if why is None:
            self.right += 1
        else:
            self.damages.append(Damage(file, place, why))


def verify_run(path: Path) -> Verification:
    """Read every byte of a run and compare it with the checksums that were written with it.

    Files of runs from before checksums are checked for their format only, and counted as
    `unchecked`. Raises RunError for what is no run, or where run.json cannot be read.
    """
    info, count = read_info(path), _Count()
    told = info.get("checksum")
    expected = "checksums" in info
    if told is None and not expected:
        count.unchecked += 1
    else:
        found = of_facts(info)
        why = None if told == found else f"checksum {told!s:.20}, got {found}"
        count.add(path / INFO, "", why)
    for file in tensor_files(path, info):
        _verify_tensors(file, path, expected, count)
    _verify_database(path, count)
    return Verification(path, tuple(count.damages), count.right, count.unchecked)


def tensor_files(path: Path, info: dict[str, Any]) -> Iterator[Path]:
    """Every file of tensors that a run has or, of its probes, should have."""
    probes = list(info["probes"])
    yield from (probe_path(path, probe) for probe in probes)
    for epoch in epochs_in(path / "activations"):
        files = [activation_path(path, epoch, probe) for probe in probes]
        yield from (file for file in files if file.exists() or file.is_symlink())
    yield from (weight_path(path, epoch) for epoch in epochs_in(path / "weights"))


def _verify_tensors(file: Path, run: Path, expected: bool, count: _Count) -> None:
    try:
        wrong, names = wrong_tensors(file, run), ["", *read_slots(file, run)]
    except LamellaError as error:
        return count.add(file, "", str(error))
    if wrong is None and expected:
        return count.add(file, "", "its checksums are missing")
    if wrong is None:
        count.unchecked += 1
        return None
    for name in names:
        count.add(file, name, wrong.get(name))
    return None


def _verify_database(path: Path, count: _Count) -> None:
    file = database_path(path)
    if not file.exists():
        if "checksums" in read_info(path):
            count.add(file, "", "it is missing")
        return
    try:
        query(path, "SELECT count(*) FROM results")  # says what cannot be read at all
        with _reader(path) as connection:
            for row in connection.execute("PRAGMA integrity_check(20)"):
                count.add(file, "", None if row[0] == "ok" else str(row[0])[:200])
            _verify_rows(connection, file, count)
    except (LamellaError, sqlite3.Error) as error:
        count.add(file, "", str(error))


class _reader:
    """A limited connection to read with, as a context."""

    def __init__(self, path: Path) -> None:
        check_files(database_path(path))
        self.file = database_path(path).absolute()
        self.connection = connect_reader(self.file)
        self.limit = limited(self.connection, self.file, share=50)

    def __enter__(self) -> sqlite3.Connection:
        self.limit.__enter__()
        return self.connection

    def __exit__(self, *raised: Any) -> None:
        self.limit.__exit__(*raised)
        self.connection.close()


def _verify_rows(connection: sqlite3.Connection, file: Path, count: _Count) -> None:
    """Each result, and all rows of each epoch of the other tables."""
    known = _checksums(connection)
    for place, rows in _places(connection):
        told, found = known.pop(place, None), of_rows(rows)
        if told is None:
            why = _unreadable(rows) if place.startswith("results/") else None
            count.unchecked += why is None
            if why:
                count.add(file, place, why)
        else:
            count.add(file, place, None if told == found else f"checksum {told}, got {found}")
    for place in known:
        count.add(file, place, "its rows are missing")


def _checksums(connection: sqlite3.Connection) -> dict[str, str]:
    """The checksums by place; none in a run from before there were any."""
    there = "SELECT 1 FROM sqlite_master WHERE name='checksums'"
    if connection.execute(there).fetchone() is None:
        return {}
    return dict(connection.execute("SELECT place, crc32 FROM checksums"))


def _places(connection: sqlite3.Connection) -> Iterator[tuple[str, list[tuple]]]:
    """The rows that share a checksum, by the place of it."""
    for row in connection.execute("SELECT * FROM results"):
        yield result_place(*row[:4]) if _is_cell(row) else f"results/{row[:4]!r:.80}", [row]
    for table in BY_EPOCH:
        epochs = [e for (e,) in connection.execute(f"SELECT DISTINCT epoch FROM {table}")]
        yield from ((f"{table}/{e!s:.40}", epoch_rows(connection, table, e)) for e in epochs)


def _is_cell(row: tuple) -> bool:
    measure, layer, epoch, split = row[:4]
    return isinstance(epoch, int) and all(isinstance(t, str) for t in (measure, layer, split))


def _unreadable(rows: list[tuple]) -> str | None:
    """Why the record of a result without a checksum cannot be read."""
    try:
        unpack(rows[0][7])
    except LamellaError as error:
        return str(error)
    return None


def repair_run(found: Verification) -> list[str]:
    """Drop what is damaged, so that the rest is read; says what was dropped, one line each.

    A damaged file of tensors goes whole: its epoch is then one that was not recorded. A damaged
    result is measured again when it is asked for. A probe that is damaged cannot be dropped:
    every number of the run is about its samples. Raises RunError for that.
    """
    probes = [d.file for d in found.damages if d.file.parent == found.path / FOLDERS[0]]
    if probes:
        raise RunError(
            f"lamella verify cannot repair {probes[0]}: what the run knows is about the samples in "
            "it. Copy the run again."
        )
    done = []
    for file in dict.fromkeys(d.file for d in found.damages):
        places = [d.place for d in found.damages if d.file == file]
        if file.name == INFO:
            write_info(found.path, read_info(found.path))
            done.append(f"{file}: taken as it is")
        elif file.name == DATABASE:
            done += _repair_database(found.path, places)
        else:
            file.unlink()
            done.append(f"{file}: removed")
    return done


def _repair_database(path: Path, places: list[str]) -> list[str]:
    """Remove damaged rows; set a database that cannot be read at all aside."""
    file = database_path(path)
    if "" in places:
        aside = file.with_name(f"{DATABASE}.damaged")
        file.rename(aside)
        create_database(path)  # empty, so that the rest of the run can be read
        return [f"{file}: set aside as {aside.name}; its numbers can be measured again"]
    with writing(path) as connection:
        for place in places:
            table, _, rest = place.partition("/")
            if table == "results":
                cell = tuple(json.loads(rest))
                text = "DELETE FROM results WHERE measure=? AND layer=? AND epoch=? AND split=?"
                connection.execute(text, cell)
            elif table in BY_EPOCH:
                epoch = None if rest == "None" else int(rest)
                connection.execute(f"DELETE FROM {table} WHERE epoch IS ?", (epoch,))
            connection.execute("DELETE FROM checksums WHERE place=?", (place,))
    return [f"{file}: {place} removed" for place in places]
