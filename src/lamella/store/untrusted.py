"""Reading a database that somebody else may have made: its files, its tables, its size.

SQLite files can hold code: views without an end, triggers, and journals that name other files.
Source: SQLite's "Defense Against The Dark Arts" (2019 to 2025).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lamella.errors import RunError
from lamella.store.opening import check_regular

SIDE_FILES = ("", "-wal", "-shm", "-journal")
STEPS, STEPS_PER_BYTE = 5_000_000, 20  # of SQLite's machine that one query may take
EVERY = 10_000  # steps between two looks at the clock
GROWTH, ROOM = 4, 2_000_000  # rows hold at most so many times the bytes of the file, and this
LONGEST = 1_000_000_000  # bytes of one value, which is SQLite's own limit
NUMBER = (int, float)
COLUMNS: dict[str, tuple[type, ...]] = {
    "epoch": (int, type(None)),
    "name": (str,),
    "value": (*NUMBER, type(None)),
    "parameter": (str,),
    "weight_norm": (*NUMBER, type(None)),
    "gradient_norm": (*NUMBER, type(None)),
    "update_norm": (*NUMBER, type(None)),
    "measure": (str,),
    "layer": (str,),
    "split": (str,),
    "kind": (str,),
    "version": (int,),
    "key": (str,),
    "record": (bytes,),
    "seconds": (*NUMBER, type(None)),
    "bytes": (*NUMBER, type(None)),
    "wall_seconds": (*NUMBER, type(None)),
    "text": (str,),
    "place": (str,),
    "crc32": (str,),
}


def check_files(path: Path) -> None:
    """RunError where the database or a file beside it is no regular file of the run's folder."""
    for suffix in SIDE_FILES:
        check_regular(path.with_name(path.name + suffix), path.parent)


def has_journal(path: Path) -> bool:
    """Whether a rollback journal lies beside it, which lamella never leaves behind.

    One may name a second file, anywhere, that SQLite would remove. It is not followed when the
    database is opened as unchanging.
    """
    return path.with_name(f"{path.name}-journal").exists()


@contextmanager
def limited(connection: sqlite3.Connection, path: Path, *, share: int = 1) -> Iterator[None]:
    """Inside, a connection trusts no code of the file, and stops after work that fits its size.

    `share` is how many times the work of one query is allowed.
    """
    size = file_size(path)
    left = share * (STEPS + STEPS_PER_BYTE * size) // EVERY

    def is_over() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    before = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(GROWTH * size + ROOM, LONGEST))
    connection.set_progress_handler(is_over, EVERY)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)


def file_size(path: Path) -> int:
    """The bytes of a database and of what has been written beside it."""
    files = [path.with_name(path.name + suffix) for suffix in ("", "-wal")]
    total = 0
    for file in files:
        with suppress(FileNotFoundError):  # the last that closes removes what lies beside it
            total += file.stat().st_size
    return total


def check_tables(connection: sqlite3.Connection, path: Path, schema: str) -> None:
    """RunError for views, triggers, indices, and tables other than those of the schema.

    Tables of other names, as a later lamella may add, are left alone.
    """
    ours: dict[str, set[str]] = {}
    for name, text in definitions(schema):
        ours.setdefault(name, set()).add(" ".join(text.split()))
    for kind, name, text in connection.execute("SELECT type, name, sql FROM sqlite_master"):
        plain = " ".join(text.split()) if isinstance(text, str) else None
        automatic = kind == "index" and plain is None
        other = kind == "table" and name not in ours and str(plain).startswith("CREATE TABLE ")
        if not (automatic or other or (kind == "table" and plain in ours.get(name, ()))):
            raise RunError(
                f"{path} holds the {kind!s:.20} {name!s:.40}, which lamella did not make and does "
                "not use. Copy the run again, or remove the file: it holds only numbers."
            )


def definitions(schema: str) -> Iterator[tuple[str, str]]:
    """The tables of a schema by name, as SQLite keeps their text.

    >>> list(definitions("CREATE TABLE IF NOT EXISTS a (b INTEGER);"))
    [('a', 'CREATE TABLE a (b INTEGER)')]
    """
    for name, columns in re.findall(r"CREATE TABLE IF NOT EXISTS (\w+) (\(.*?\));", schema, re.S):
        yield name, f"CREATE TABLE {name} {columns}"


def typed_rows(cursor: sqlite3.Cursor, path: Path) -> list[tuple]:
    """The rows of a query whose values are of the kinds that their columns should hold."""
    names = [column_of(each[0]) for each in cursor.description]
    room, found = GROWTH * file_size(path) + ROOM, []
    for row in cursor:
        for name, value in zip(names, row, strict=True):
            if name in COLUMNS and not isinstance(value, COLUMNS[name]):
                raise RunError(f"{path} holds {value!r:.40} as {name}. Copy the run again.")
            room -= len(value) if isinstance(value, str | bytes) else 8
        if room < 0:
            raise RunError(f"{path} gives more rows than it can hold. Copy the run again.")
        found.append(row)
    return found


def column_of(heading: str) -> Any:
    """The column that a heading of a query stands for.

    >>> column_of("max(epoch)"), column_of("measure")
    ('epoch', 'measure')
    """
    return heading.removeprefix("max(").removeprefix("sum(").removesuffix(")")
