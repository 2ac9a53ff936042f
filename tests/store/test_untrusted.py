"""A database that somebody else made: no code of it runs, and no query is without an end."""

import os
import sqlite3
import time

import pytest
from support.stored_runs import write_run

from lamella import store
from lamella.errors import RunError
from lamella.results import Table
from lamella.store.database import query
from lamella.store.layout import database_path
from lamella.store.untrusted import column_of, limited

COLUMNS = "0 AS version, '' AS key, zeroblob(1000000) AS record"
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"


@pytest.fixture
def path(tmp_path):
    return write_run(tmp_path / "run", epochs=(0,))


def change(path, *texts):
    connection = sqlite3.connect(database_path(path))
    for text in texts:
        connection.execute(text)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "text",
    [
        f"CREATE VIEW results AS {ENDLESS} SELECT 'm' AS measure, 'fc1' AS layer, i AS epoch, "
        f"'test' AS split, 'table' AS kind, {COLUMNS} FROM n",
        f"CREATE VIEW results AS SELECT 'm' AS measure, 'fc1' AS layer, 0 AS epoch, {COLUMNS}",
        "CREATE TABLE results (measure, layer, epoch, split, kind, version, key, record)",
    ],
    ids=["endless", "zeroblob", "other columns"],
)
def test_a_view_in_place_of_a_table_is_refused(path, text):
    change(path, "DROP TABLE results", text)
    begun = time.monotonic()
    with pytest.raises(RunError, match=r"results\.sqlite holds the (view|table) results"):
        store.open_run(path).results()
    assert store.trouble(path)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TRIGGER t AFTER INSERT ON results BEGIN DELETE FROM scalars; END",
        "CREATE INDEX i ON results (length(record))",
        "CREATE VIRTUAL TABLE other USING fts5(a)",
    ],
)
def test_code_in_a_database_is_neither_read_nor_run_by_writing(path, text):
    change(path, text)
    with pytest.raises(RunError, match="which lamella did not make"):
        query(path, "SELECT 1 FROM scalars")
    with pytest.raises(RunError, match="which lamella did not make"):
        store.write_result(path, "m", "fc1", 0, "test", Table({"a": [1.0]}))


def test_tables_of_a_later_lamella_are_left_alone(path):
    change(path, "CREATE TABLE later (a, b)")
    assert len(store.open_run(path).scalars()) == 1


def test_a_query_without_an_end_is_stopped(path):
    begun = time.monotonic()
    with pytest.raises(RunError, match="takes longer than one of so few bytes can"):
        query(path, f"{ENDLESS} SELECT count(*) FROM n")
    with pytest.raises(RunError, match=r"gives more rows than it can hold|takes longer"):
        query(path, f"{ENDLESS} SELECT zeroblob(1000) FROM n")
    assert time.monotonic() - begun < 4


def test_one_value_is_no_larger_than_its_file_allows(path):
    with pytest.raises(RunError, match="cannot be read: string or blob too big"):
        query(path, "SELECT zeroblob(100000000)")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("UPDATE scalars SET epoch = 'x'", "holds 'x' as epoch"),
        ("UPDATE scalars SET value = x'00'", "as value"),
        ("UPDATE scalars SET name = x'ff'", "as name"),
        ("UPDATE scalars SET name = CAST(x'ff' AS TEXT)", "cannot be read"),
    ],
)
def test_values_of_another_kind_are_named(path, text, words):
    change(path, text)
    with pytest.raises(RunError, match=words):
        store.open_run(path).scalars()


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
def test_pipes_and_links_in_place_of_files_are_refused(path, suffix, tmp_path):
    file = database_path(path).with_name(f"results.sqlite{suffix}")
    file.unlink(missing_ok=True)
    os.mkfifo(file)
    with pytest.raises(RunError, match="is not a regular file"):
        query(path, "SELECT 1 FROM scalars")
    file.unlink()
    (tmp_path / "outside").write_bytes(b"kept")
    file.symlink_to(tmp_path / "outside")
    with pytest.raises(RunError, match="leads out of it"):
        store.write_result(path, "m", "fc1", 0, "test", Table({"a": [1.0]}))
    assert (tmp_path / "outside").read_bytes() == b"kept"


def test_a_journal_that_names_another_file_is_not_followed(path, tmp_path):
    """SQLite would take the file that a journal names for its master's, and remove it."""
    victim = tmp_path / "victim"
    victim.write_text("kept")
    name = str(victim).encode()
    end = len(name).to_bytes(4, "big") + (sum(name) % 2**32).to_bytes(4, "big")
    head = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(20)
    journal = head.ljust(512, b"\0") + (2**30).to_bytes(4, "big") + name + end + head[:8]
    database_path(path).with_name("results.sqlite-journal").write_bytes(journal)
    query(path, "SELECT 1 FROM scalars")
    assert victim.read_text() == "kept"


def test_the_limit_ends_with_its_context(path):
    connection = sqlite3.connect(database_path(path))
    with limited(connection, database_path(path)):
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
    count = f"{ENDLESS} SELECT count(*) FROM (SELECT i FROM n LIMIT 2000000)"
    assert connection.execute(count).fetchone() == (2_000_000,)
    connection.close()


def test_columns_behind_functions():
    assert [column_of(name) for name in ("max(epoch)", "sum(bytes)", "record")] == [
        "epoch",
        "bytes",
        "record",
    ]
