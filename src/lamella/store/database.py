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
from lamella.store.files import sync
from lamella.store.layout import VERSION, database_path, info_path
from lamella.store.run_info import load_info
from lamella.store.untrusted import check_files, check_tables, has_journal, limited, typed_rows

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS scalars (
    epoch INTEGER NOT NULL, name TEXT NOT NULL, value REAL, UNIQUE (epoch, name));
CREATE TABLE IF NOT EXISTS health (
    epoch INTEGER NOT NULL, parameter TEXT NOT NULL,
    weight_norm REAL, gradient_norm REAL, update_norm REAL, mean_gradient_norm REAL,
    UNIQUE (epoch, parameter));
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
EARLIER = """
CREATE TABLE IF NOT EXISTS health (
    epoch INTEGER NOT NULL, parameter TEXT NOT NULL,
    weight_norm REAL, gradient_norm REAL, update_norm REAL, UNIQUE (epoch, parameter));
CREATE TABLE IF NOT EXISTS health (
    epoch INTEGER NOT NULL, parameter TEXT NOT NULL,
    weight_norm REAL, gradient_norm REAL, update_norm REAL, UNIQUE (epoch, parameter),
    mean_gradient_norm REAL);
"""  # the same table in runs of before, and after it got its new column
CHECKSUMS = next(line for line in SCHEMA.splitlines() if "EXISTS checksums" in line)
HealthRow = tuple[float | str, ...]  # parameter; norm of weight, gradient, update, mean gradient
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
            check_tables(connection, database_path(Path(path)), SCHEMA + EARLIER)
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
    """All rows of a read-only query.

    Waits while another process opens, recovers or closes the database, and reads a folder that
    may not be written to, where SQLite cannot make its side files, as unchanging. RunError for a
    database that is damaged, is made to keep a reader busy, or holds other than it should.
    """
    path = database_path(run).absolute()
    check_files(path)
    if not path.exists():
        return nothing_yet(run)
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


def nothing_yet(run: Path) -> list[tuple]:
    """No rows of a run that was killed while it was made; RunError where something is lost."""
    if not info_path(run).exists():
        raise RunError(
            f"{run} is no longer there: it was moved or removed. "
            "List runs with: lamella runs FOLDER."
        )
    recorded = any((run / folder).exists() for folder in ("activations", "weights"))
    if recorded or load_info(run)["status"] != "running":
        raise RunError(
            f"{database_path(run)} is gone, and with it all numbers and results. "
            "Copy the run again."
        )
    return []


def rows_of(path: Path, unchanging: bool, text: str, values: tuple[Any, ...]) -> list[tuple]:
    """The rows of a query; none in a database without tables."""
    connection = connect_reader(path, unchanging=unchanging)
    try:
        with limited(connection, path):
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == 0:  # killed while creating
                return []
            check_tables(connection, path, SCHEMA + EARLIER)
            return typed_rows(connection.execute(text, values), path)
    finally:
        connection.close()


def create_database(run: Path) -> None:
    """Make the tables; nothing happens where they exist."""
    with writing(run) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # synced below, once
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)
        columns = [row[1] for row in connection.execute("PRAGMA table_info(health)")]
        if "mean_gradient_norm" not in columns:  # a run of an earlier lamella
            connection.execute("ALTER TABLE health ADD COLUMN mean_gradient_norm REAL")
    sync(database_path(run))


def is_blank(run: Path) -> bool:
    """Whether the database is there, is one of lamella's, and nothing was ever written to it."""
    path = database_path(run)
    if not path.exists():
        return False
    if path.stat().st_size == 0:
        return True
    try:
        connection = connect_reader(path.absolute())
        try:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
            ours = {"scalars", "health", "results", "costs", "problems"}
            if not ours <= tables:
                return False
            rows = (connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ours)
            return not any(rows)
        finally:
            connection.close()
    except sqlite3.Error:
        return False


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
    with writing(Path(path), connection) as connection:
        insert_numbers(connection, epoch, values, health, cost)


def insert_numbers(
    connection: sqlite3.Connection,
    epoch: int,
    values: Mapping[str, float],
    health: Iterable[HealthRow],
    cost: tuple[float, int, float] | None,
) -> None:
    """The rows of an epoch with their checksums, inside a transaction of the caller's."""
    rows = [(int(epoch), name, float(value)) for name, value in values.items()]
    states = [(int(epoch), *row, None)[:6] for row in health]
    connection.executemany("INSERT OR REPLACE INTO scalars VALUES (?, ?, ?)", rows)
    connection.executemany(
        "INSERT OR REPLACE INTO health (epoch, parameter, weight_norm, gradient_norm, update_norm, "
        "mean_gradient_norm) VALUES (?, ?, ?, ?, ?, ?)",
        states,
    )
    if cost is not None:
        connection.execute("INSERT INTO costs VALUES (?, ?, ?, ?)", (int(epoch), *cost))
    for table, given in (("scalars", rows), ("health", states), ("costs", cost)):
        if given:
            seal(connection, table, int(epoch))


def replace_from(connection: sqlite3.Connection, epoch: int, *, later: bool) -> None:
    """Take away what is known of an epoch that is recorded anew; `later`, of all after it too."""
    beyond = ">=" if later else "="
    connection.execute(CHECKSUMS)
    for table in ("scalars", "health"):
        gone = connection.execute(
            f"SELECT DISTINCT epoch FROM {table} WHERE epoch {beyond} ?", (int(epoch),)
        )
        places = [(f"{table}/{each}",) for (each,) in gone.fetchall()]
        connection.executemany("DELETE FROM checksums WHERE place=?", places)
    cells = connection.execute(
        f"SELECT measure, layer, epoch, split FROM results WHERE epoch {beyond} ?", (int(epoch),)
    )
    places = [(result_place(*cell),) for cell in cells.fetchall()]
    connection.executemany("DELETE FROM checksums WHERE place=?", places)
    for table in ("scalars", "health", "results"):
        connection.execute(f"DELETE FROM {table} WHERE epoch {beyond} ?", (int(epoch),))
    if later:  # what recording cost stays true, what was reached does not
        connection.execute("UPDATE costs SET epoch=? WHERE epoch>?", (int(epoch), int(epoch)))
        connection.execute("DELETE FROM checksums WHERE place LIKE 'costs/%'")
        for (each,) in connection.execute("SELECT DISTINCT epoch FROM costs").fetchall():
            seal(connection, "costs", each)


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
