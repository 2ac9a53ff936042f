"""results.sqlite: scalars, health, results and problems, readable while it is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lamella.errors import RunError
from lamella.results import VERSION as RECORD_VERSION
from lamella.results import Record, kind_of, pack
from lamella.store.layout import VERSION, database_path

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
PRAGMA user_version={VERSION};
COMMIT;
"""
HealthRow = tuple[str, float, float, float]
WAIT = 30.0  # seconds to wait for another process that writes


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection to write with again and again; the caller closes it."""
    try:
        connection = sqlite3.connect(
            database_path(Path(path)), timeout=WAIT, check_same_thread=False
        )
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


@contextmanager
def reading(run: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection, also on a folder that may not be written to."""
    path = database_path(run).absolute()
    connection = None
    try:
        connection = connect_reader(path)
        yield connection
    except sqlite3.Error as error:
        raise RunError(f"{path} cannot be read: {error}. Measure the run again.") from error
    finally:
        if connection is not None:
            connection.close()


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open for reading; where SQLite may not make its side files, as an unchanging file."""
    uri = path.as_uri()
    connection = sqlite3.connect(f"{uri}?mode=rw", uri=True, timeout=WAIT)
    try:  # not mode=ro, which would leave the side files behind
        connection.execute("PRAGMA query_only=ON")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        return connection
    except sqlite3.OperationalError:
        connection.close()
        return sqlite3.connect(f"{uri}?immutable=1", uri=True)


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


def write_problem(path: Path | str, epoch: int | None, text: str) -> None:
    """Store what went wrong while recording or measuring."""
    with writing(Path(path)) as connection:
        connection.execute("INSERT INTO problems VALUES (?, ?)", (epoch, text))


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


def query(run: Path, text: str, values: tuple[Any, ...] = ()) -> list[tuple]:
    """All rows of a read-only query; none where nothing has been written yet."""
    if not database_path(run).exists():
        return []
    with reading(run) as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:  # killed while creating
            return []
        return connection.execute(text, values).fetchall()
