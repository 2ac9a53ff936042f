"""results.sqlite: scalars, health, results and problems, readable while it is written."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lamella.errors import RunError
from lamella.results import VERSION as RECORD_VERSION
from lamella.results import Record, kind_of, pack
from lamella.store.checksums import of_rows
from lamella.store.layout import VERSION, database_path
from lamella.store.untrusted import check_files, check_tables, has_journal, limited, typed_rows

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS scalars (
    epoch INTEGER NOT NULL, name TEXT NOT NULL, value REAL, UNIQUE (epoch, name));
CREATE TABLE IF NOT EXISTS health (
    epoch INTEGER NOT NULL, parameter TEXT NOT NULL,
    weight_norm REAL, gradient_norm REAL, update_norm REAL, UNIQUE (epoch, parameter));
CREATE TABLE IF NOT EXISTS results (
    measure TEXT NOT NULL, layer TEXT NOT NULL, epoch INTEGER NOT NULL, split TEXT NOT NULL,
    kind TEXT NOT NULL, version INTEGER NOT NULL, key TEXT NOT NULL, record BLOB NOT NULL,
    PRIMARY KEY (measure, layer, epoch, split));
CREATE TABLE IF NOT EXISTS costs (
    epoch INTEGER, seconds REAL NOT NULL, bytes INTEGER NOT NULL, wall_seconds REAL NOT NULL);
CREATE TABLE IF NOT EXISTS problems (epoch INTEGER, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS checksums (place TEXT PRIMARY KEY, crc32 TEXT NOT NULL);
PRAGMA user_version={VERSION};
COMMIT;
"""
CHECKSUMS = next(line for line in SCHEMA.splitlines() if "EXISTS checksums" in line)
HealthRow = tuple[str, float, float, float]
WAIT, PAUSE = 30.0, 0.01  # seconds to wait for another process that writes, and between tries
REFUSALS = 5  # tries before a folder counts as one that may not be written to


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection to write with again and again; the caller closes it."""
    check_files(database_path(Path(path)))
    try:
        connection = sqlite3.connect(
            database_path(Path(path)), timeout=WAIT, check_same_thread=False
        )
        with limited(connection, database_path(Path(path))):
            check_tables(connection, database_path(Path(path)), SCHEMA)
        connection.execute("PRAGMA synchronous=NORMAL")  # in WAL mode safe against a kill
        return connection
    except sqlite3.Error as error:
        raise unwritable(Path(path), error) from error


@contextmanager
def writing(
    run: Path, connection: sqlite3.Connection | None = None
) -> Iterator[sqlite3.Connection]:
    """A connection, its own unless one is given, whose changes come all together or not at all."""
    own = connect(run) if connection is None else connection
    try:
        with own:
            yield own
    except sqlite3.Error as error:
        raise unwritable(run, error) from error
    finally:
        if connection is None:
            own.close()


def unwritable(run: Path, error: sqlite3.Error) -> RunError:
    """The error for a database that cannot be opened or written."""
    return RunError(
        f"{database_path(run)} cannot be written: {error}. Make room or check the rights."
    )


def connect_reader(path: Path, *, unchanging: bool = False) -> sqlite3.Connection:
    """A connection that changes nothing; `unchanging` for files that nobody can be writing."""
    # mode=ro would leave SQLite's side files behind
    mode = "immutable=1" if unchanging else "mode=rw"
    connection = sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True, timeout=WAIT)
    connection.execute("PRAGMA query_only=ON")
    return connection


def query(run: Path, text: str, values: tuple[Any, ...] = ()) -> list[tuple]:
    """All rows of a read-only query; none where nothing has been written yet.

    Waits while another process opens, recovers or closes the database, and reads a folder that
    may not be written to, where SQLite cannot make its side files, as unchanging. RunError for a
    database that is damaged, is made to keep a reader busy, or holds other than it should.
    """
    path = database_path(run).absolute()
    check_files(path)
    if not path.exists():
        return []
    until, refused = time.monotonic() + WAIT, REFUSALS * has_journal(path)
    while True:
        try:
            return rows_of(path, refused >= REFUSALS, text, values)
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            over = name == "SQLITE_INTERRUPT"
            refused += name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))
            waiting = name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"))
            if not (waiting or 0 < refused <= REFUSALS) or time.monotonic() > until:
                why = "a query takes longer than one of so few bytes can" if over else error
                raise RunError(f"{path} cannot be read: {why}. Copy the run again.") from error
            time.sleep(PAUSE)


def rows_of(path: Path, unchanging: bool, text: str, values: tuple[Any, ...]) -> list[tuple]:
    """The rows of a query; none in a database without tables."""
    connection = connect_reader(path, unchanging=unchanging)
    try:
        with limited(connection, path):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:  # killed while creating
                return []
            check_tables(connection, path, SCHEMA)
            return typed_rows(connection.execute(text, values), path)
    finally:
        connection.close()


def create_database(run: Path) -> None:
    """Make the tables; nothing happens where they exist."""
    with writing(run) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)


def write_scalars(
    path: Path | str,
    epoch: int,
    values: Mapping[str, float],
    *,
    health: Iterable[HealthRow] = (),
    cost: tuple[float, int, float] | None = None,
    connection: sqlite3.Connection | None = None,
) -> None:
    """Store the numbers of an epoch in one transaction; earlier ones of the same name go.

    `health` has rows (parameter, weight norm, gradient norm, update norm); `cost` is what
    recording took since the last call: seconds, bytes, and seconds of the clock on the wall.
    Who writes often passes a `connection` of `connect`.
    """
    rows = [(int(epoch), name, float(value)) for name, value in values.items()]
    states = [(int(epoch), *row) for row in health]
    with writing(Path(path), connection) as connection:
        connection.executemany("INSERT OR REPLACE INTO scalars VALUES (?, ?, ?)", rows)
        connection.executemany("INSERT OR REPLACE INTO health VALUES (?, ?, ?, ?, ?)", states)
        if cost is not None:
            connection.execute("INSERT INTO costs VALUES (?, ?, ?, ?)", (int(epoch), *cost))
        for table, given in (("scalars", rows), ("health", states), ("costs", cost)):
            if given:
                seal(connection, table, int(epoch))


def write_problem(path: Path | str, epoch: int | None, text: str) -> None:
    """Store what went wrong while recording or measuring."""
    with writing(Path(path)) as connection:
        connection.execute("INSERT INTO problems VALUES (?, ?)", (epoch, text))
        seal(connection, "problems", epoch)


def write_result(
    path: Path | str,
    measure: str,
    layer: str,
    epoch: int,
    split: str,
    record: Record,
    key: str = "",
) -> None:
    """Store the record of a measure at a cell; `key` says of what content and arguments."""
    row = (measure, layer, int(epoch), split, kind_of(record), RECORD_VERSION, key, pack(record))
    with writing(Path(path)) as connection:
        connection.execute("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        keep_checksum(connection, result_place(*row[:4]), of_rows([row]))


def remove_result(path: Path | str, measure: str, layer: str, epoch: int, split: str) -> None:
    """Take the record of a measure at a cell away; nothing happens where there is none."""
    cell = (measure, layer, int(epoch), split)
    with writing(Path(path)) as connection:
        connection.execute(
            "DELETE FROM results WHERE measure=? AND layer=? AND epoch=? AND split=?", cell
        )
        connection.execute(CHECKSUMS)
        connection.execute("DELETE FROM checksums WHERE place=?", (result_place(*cell),))


def seal(connection: sqlite3.Connection, table: str, epoch: int | None) -> None:
    """Keep the checksum of all rows that a table has of an epoch."""
    keep_checksum(connection, f"{table}/{epoch}", of_rows(epoch_rows(connection, table, epoch)))


def epoch_rows(
    connection: sqlite3.Connection, table: str, epoch: int | None
) -> list[tuple[Any, ...]]:
    """The rows of an epoch in the order in which they were written."""
    text = f"SELECT * FROM {table} WHERE epoch IS ? ORDER BY rowid"  # ours, never a run's
    return connection.execute(text, (epoch,)).fetchall()


def result_place(measure: str, layer: str, epoch: int, split: str) -> str:
    """What stands for a result among the checksums.

    >>> result_place("gdv", "fc1", 3, "test")
    'results/["gdv", "fc1", 3, "test"]'
    """
    return f"results/{json.dumps([measure, layer, epoch, split])}"


def keep_checksum(connection: sqlite3.Connection, place: str, crc32: str) -> None:
    """Store a checksum, also in a run from before there were any."""
    connection.execute(CHECKSUMS)
    connection.execute("INSERT OR REPLACE INTO checksums VALUES (?, ?)", (place, crc32))


def read_result_key(
    path: Path | str, measure: str, layer: str, epoch: int, split: str
) -> str | None:
    """The key that the stored record of a cell was written with; None where there is none."""
    rows = query(
        Path(path),
        "SELECT key FROM results WHERE measure=? AND layer=? AND epoch=? AND split=?",
        (measure, layer, int(epoch), split),
    )
    return rows[0][0] if rows else None
