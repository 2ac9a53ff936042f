"""Damage of every kind is told: by an error that names the file, or by `verify`."""

import json
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from support.stored_runs import write_run

from lamella import store
from lamella.errors import LamellaError, RunError
from lamella.results import Table
from lamella.store.layout import activation_path, database_path

OLD = Path(__file__).parents[1] / "data" / "run-v1"


@pytest.fixture
def path(tmp_path):
    path = write_run(tmp_path / "run", epochs=(0, 1))
    store.write_weights(path, 0, {"fc1.weight": np.arange(6, dtype=np.float32)})
    store.write_result(path, "error", "fc1", 1, "test", Table({"error": [0.25, 0.5]}))
    store.write_problem(path, None, "a problem")
    return path


def told(path):
    """What `verify` or opening says of a run; nothing where it is whole."""
    try:
        store.open_run(path)
        return [str(d.why) for d in store.verify_run(path).damages]
    except LamellaError as error:
        return [str(error)]


def flipped(path, rng):
    """A copy of a file with one bit of it turned."""
    data = bytearray(path.read_bytes())
    at = int(rng.integers(len(data)))
    data[at] ^= 1 << int(rng.integers(8))
    path.write_bytes(bytes(data))


def change(path, text):
    """Change a database behind lamella's back."""
    connection = sqlite3.connect(database_path(path))
    connection.execute(text)
    connection.commit()
    connection.close()


def test_a_fresh_run_is_whole(path):
    found = store.verify_run(path)
    assert found.whole
    assert found.unchecked == 0
    assert found.right > 20


@pytest.mark.parametrize("kind", ["activations", "weights", "probes", "run.json"])
def test_a_hundred_flips_of_a_hundred_are_told(path, kind, tmp_path):
    files = sorted((path / kind).rglob("*.safetensors")) or [path / kind]
    rng = np.random.default_rng(0)
    for _ in range(100):
        file = files[int(rng.integers(len(files)))]
        before = file.read_bytes()
        flipped(file, rng)
        assert told(path), file.read_bytes()
        file.write_bytes(before)
    assert not told(path)


def test_flips_in_what_the_database_holds_are_told(path):
    """Not of its unused bytes, which nobody reads: of the values of every table."""
    change(path, "PRAGMA wal_checkpoint(TRUNCATE)")
    changes = [
        "UPDATE scalars SET value = value + 1e-9 WHERE epoch = 0",
        "UPDATE results SET layer = 'fc2'",
        "UPDATE results SET record = substr(record, 1, length(record) - 1) || x'00'",
        "UPDATE costs SET bytes = 11 WHERE epoch = 1",
        "UPDATE problems SET text = 'b problem'",
        "DELETE FROM scalars WHERE epoch = 1",
        "DELETE FROM results",
    ]
    whole = database_path(path).read_bytes()
    for text in changes:
        change(path, text)
        assert told(path), text
        for side in ("-wal", "-shm"):
            database_path(path).with_name(f"results.sqlite{side}").unlink(missing_ok=True)
        database_path(path).write_bytes(whole)
    assert not told(path)


def test_one_damaged_epoch_leaves_the_others(path):
    file = activation_path(path, 1, "test")
    file.write_bytes(file.read_bytes().replace(b'"shape"', b'"shope"'))
    run = store.open_run(path)
    assert run.epochs == (0,)
    with pytest.raises(RunError, match=r"000001/test\.safetensors is damaged"):
        run.activations("fc1", 1, "test")


def test_a_damaged_result_says_so_and_is_dropped_by_repair(path):
    change(path, "UPDATE results SET record = zeroblob(50)")
    with pytest.raises(LamellaError, match="a stored record is damaged"):
        store.open_run(path).record("error", "fc1", 1, "test")
    assert store.repair_run(store.verify_run(path)) == [
        f'{database_path(path)}: results/["error", "fc1", 1, "test"] removed'
    ]
    assert not told(path)


def test_repair_drops_files_and_keeps_the_rest(path):
    file = activation_path(path, 1, "test")
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    database_path(path).write_bytes(b"SQLite no more")
    done = store.repair_run(store.verify_run(path))
    assert [line.partition(": ")[2][:9] for line in done] == ["removed", "set aside"]
    run = store.open_run(path)
    assert run.epochs == (0,)
    assert run.scalars().empty
    assert not file.exists()


def test_a_damaged_probe_cannot_be_dropped(path):
    file = path / "probes" / "test.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    with pytest.raises(RunError, match=r"cannot repair .*about the samples in it"):
        store.repair_run(store.verify_run(path))
    assert file.exists()


def test_a_run_of_before_checksums_opens_and_is_said_to_have_none(tmp_path):
    shutil.copytree(OLD, tmp_path / "old")
    found = store.verify_run(tmp_path / "old")
    assert found.whole
    assert found.unchecked > 10
    store.write_result(tmp_path / "old", "error", "fc1", 1, "test", Table({"error": [1.0]}))
    assert store.verify_run(tmp_path / "old").right > found.right


def test_missing_checksums_are_damage_where_a_run_was_written_with_them(path):
    file = activation_path(path, 1, "test")
    file.write_bytes(file.read_bytes().replace(b'"crc32"', b'"crc33"'))
    assert told(path) == ["its checksums are missing"]


def test_json_that_was_changed_by_hand_is_told_and_taken_by_repair(path):
    info = json.loads((path / "run.json").read_text())
    (path / "run.json").write_text(json.dumps({**info, "seed": 99}))
    assert "checksum" in told(path)[0]
    store.repair_run(store.verify_run(path))
    assert not told(path)
    assert store.open_run(path).info["seed"] == 99
