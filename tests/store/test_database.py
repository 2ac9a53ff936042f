"""Scalars, health, results and problems, read while they are written."""

import math
import sqlite3
import threading

import numpy as np
import pytest
from support.stored_runs import write_run

from lamella import store
from lamella.errors import RunError, UnknownName
from lamella.results import Curve, Diagrams, Table
from lamella.store.layout import database_path

BARS = Diagrams([0.0, 0.5], [np.inf, 1.0], [0, 1])


@pytest.fixture
def path(tmp_path):
    return write_run(tmp_path / "run")


def test_scalars_keep_their_order_and_odd_numbers(tmp_path):
    path = write_run(tmp_path / "run", epochs=())
    store.write_scalars(path, 1, {"loss": math.nan, "accuracy": math.inf})
    store.write_scalars(path, 0, {"loss": 2, "rate": 0.1})
    store.write_scalars(path, 0, {"loss": 3})
    frame = store.open_run(path).scalars()
    assert list(frame)[1:] == ["loss", "accuracy", "rate"]
    assert frame.epoch.tolist() == [0, 1]
    assert frame.loss[0] == 3
    assert math.isnan(frame.loss[1])
    assert frame.accuracy[1] == math.inf
    assert math.isnan(frame.rate[1])


def test_health_and_cost(path):
    store.write_scalars(path, 0, {}, health=[("w", 1.0, math.nan, 2.0)])
    run = store.open_run(path)
    assert run.health().to_dict("records")[0]["update_norm"] == 2.0
    assert math.isnan(run.health().gradient_norm[0])
    assert run.cost == pytest.approx({"seconds": 0.3, "bytes": 30, "share": 0.05})
    assert run.last_epoch == 10


def test_results_come_by_layer_epoch_and_split(path):
    for layer, epoch, split in [("head", 0, "both"), ("fc1", 10, "test"), ("input", 0, "train"),
                                ("fc1", 1, "both"), ("fc1", 1, "train")]:  # fmt: skip
        store.write_result(path, "size", layer, epoch, split, Table({"n": [epoch], "layer": ["x"]}))
    frame = store.open_run(path).results("size")
    assert list(frame) == ["layer", "epoch", "split", "n"]
    cells = list(zip(frame.layer, frame.epoch, frame.split, strict=True))
    assert cells == [("input", 0, "train"), ("fc1", 1, "train"), ("fc1", 1, "both"),
                     ("fc1", 10, "test"), ("head", 0, "both")]  # fmt: skip
    listed = store.open_run(path).results()
    assert list(listed) == ["measure", "layer", "epoch", "split", "kind"]
    assert set(listed.kind) == {"table"}


def test_records_come_back_and_are_replaced(path):
    store.write_result(path, "homology", "fc1", 0, "train", Curve([1], [[2]]), key="old")
    store.write_result(path, "homology", "fc1", 0, "train", BARS, key="new")
    run = store.open_run(path)
    np.testing.assert_array_equal(run.record("homology", "fc1", 0, "train").bars(1), [[0.5, 1.0]])
    assert len(run.results("homology")) == 2
    assert store.read_result_key(path, "homology", "fc1", 0, "train") == "new"
    assert store.read_result_key(path, "homology", "fc1", 1, "train") is None
    assert run.record("homology", "head", 0, "train") is None


def test_unknown_measures_show_the_nearest(path):
    store.write_result(path, "homology", "fc1", 0, "train", BARS)
    with pytest.raises(UnknownName, match="Nearest: homology"):
        store.open_run(path).results("homolgy")


def test_many_threads_write_while_others_read(path):
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            seen.append(len(store.open_run(path).results()))

    def write(first):
        for epoch in range(first, first + 20):
            store.write_result(path, "m", "fc1", epoch, "train", BARS)

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(20 * k,)) for k in range(3)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert seen == sorted(seen)
    assert len(store.open_run(path).results("m")) == 120


def test_an_open_transaction_is_not_seen_and_lost_when_it_fails(path):
    connection = store.connect(path)
    connection.execute("INSERT INTO problems VALUES (0, 'half')")
    assert store.open_run(path).problems == ()
    connection.close()
    assert store.open_run(path).problems == ()


@pytest.mark.parametrize("state", ["missing", "empty"])
def test_a_run_killed_before_its_database_was_made_opens(tmp_path, state):
    path = write_run(tmp_path / "run", epochs=())
    database_path(path).unlink()
    if state == "empty":
        sqlite3.connect(database_path(path)).close()
        database_path(path).touch()
    run = store.open_run(path)
    assert run.scalars().empty
    assert (run.last_epoch, run.problems, run.cost["bytes"]) == (-1, (), 0)
    with pytest.raises(UnknownName):
        run.results("size")


def test_a_damaged_database_is_explained(path):
    database_path(path).write_bytes(b"not a database" * 1000)
    with pytest.raises(RunError, match="cannot be read"):
        store.open_run(path).scalars()
    with pytest.raises(RunError, match="cannot be written"):
        store.write_scalars(path, 0, {"loss": 1})
