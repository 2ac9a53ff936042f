"""Reading runs: by cell, lazily, damaged, moved, read-only, and while they are written."""

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from support.stored_runs import LAYERS, PROBES, info, value, write_epoch, write_run

from lamella import store
from lamella.errors import InputError, RunError, UnknownName
from lamella.store.create import read_info, write_info
from lamella.store.layout import activation_path

STORED = Path(__file__).parents[1] / "data" / "run-v1"


@pytest.fixture
def run(tmp_path):
    return store.open_run(write_run(tmp_path / "run"))


def test_every_cell_is_where_it_belongs(run):
    assert (run.layers, run.epochs, run.splits) == (LAYERS, (0, 1, 10), ("train", "test", "both"))
    for epoch in run.epochs:
        for layer in run.layers:
            for probe in PROBES:
                cell = run.activations(layer, epoch, probe)
                assert isinstance(cell, np.memmap)
                assert cell.tolist() == [[value(epoch, layer, probe)] * 2] * 3
            both = run.activations(layer, epoch, "both")
            assert both[:, 0].tolist() == [value(epoch, layer, p) for p in PROBES for _ in "123"]


def test_samples_labels_and_ids(run):
    assert run.activations("input", 7, "test").tolist() == [[1] * 4] * 3
    assert run.labels("both").tolist() == [0, 1, 1] * 2
    assert run.ids("both").tolist() == [0, 1, 2, 3, 4, 5]
    assert run.class_names == ("0", "1")


def test_what_is_unknown_is_named(run):
    with pytest.raises(UnknownName, match=r"no layer is called 'fc11'\. Nearest: fc1"):
        run.activations("fc11", 0, "train")
    with pytest.raises(UnknownName, match=r"no split is called 'tset'\. Nearest: test"):
        run.activations("fc1", 0, "tset")
    with pytest.raises(RunError, match=r"no activations of epoch 5\. Recorded: 0, 1, 10"):
        run.activations("fc1", 5, "train")
    with pytest.raises(RunError, match=r"no weights of epoch 0\. Recorded: none"):
        run.weights(0)


@pytest.mark.parametrize("path", [3, None, ["runs"]])
def test_a_run_is_opened_by_its_path(path):
    with pytest.raises(InputError, match=r"open_run\(\) wants the path of a folder, got"):
        store.open_run(path)
    with pytest.raises(InputError, match=r"find_runs\(\) wants the path of a folder, got"):
        store.find_runs(path)


def test_what_is_no_name_and_no_epoch_is_refused(run):
    with pytest.raises(InputError, match=r"activations\(\) wants epochs as whole numbers, got 'x'"):
        run.activations("fc1", "x", "test")
    with pytest.raises(InputError, match=r"weights\(\) wants epochs as whole numbers, got 1\.5"):
        run.weights(1.5)
    with pytest.raises(InputError, match=r"record\(\) wants epochs as whole numbers, got None"):
        run.record("homology", "fc1", None, "test")
    with pytest.raises(UnknownName, match="no layer is called '3'"):
        run.activations(3, 0, "test")
    with pytest.raises(UnknownName, match="no split is called '3'"):
        run.labels(3)
    assert run.activations("fc1", 10.0, "test").shape == (3, 2)  # as in the rows of a frame


def test_a_run_without_failures_has_an_empty_frame_of_them(run):
    failures = run.results("not_computed")
    assert list(failures) == ["layer", "epoch", "split", "measure", "reason", "key"]
    assert len(failures) == 0


def test_measures_that_nobody_knows_are_named_those_not_measured_are_not_there(run):
    for ask in (run.results, lambda name: run.record(name, "fc1", 0, "test")):
        with pytest.raises(UnknownName, match="is called 'gvd'"):
            ask("gvd")
    for name in ("gdv", "gdv@gaussian", "not_computed"):
        assert run.record(name, "fc1", 0, "test") is None


def test_truncated_epochs_are_not_listed_and_say_so(run):
    path = activation_path(run.path, 1, "test")
    path.write_bytes(path.read_bytes()[:-1])
    assert run.epochs == (0, 10)
    with pytest.raises(RunError, match="the file is truncated"):
        run.activations("fc1", 1, "test")


def test_truncated_epochs_are_problems_of_the_run(run):
    assert (run.damaged, run.problems) == ({}, ())
    path = activation_path(run.path, 1, "test")
    path.write_bytes(path.read_bytes()[:-1])
    assert list(run.damaged) == [1]
    assert run.problems[0].startswith(f"epoch 1: {path} wants ")
    assert "the file is truncated. Copy it again" in run.problems[0]


def test_a_file_that_may_be_on_its_way_is_no_damage_until_the_run_has_ended(run):
    activation_path(run.path, 10, "test").unlink()
    assert run.damaged == {}  # it is still being written
    write_info(run.path, {**read_info(run.path), "status": "finished"})
    assert "there is no file" in run.damaged[10]


def test_epochs_with_a_probe_missing_are_not_listed(run):
    activation_path(run.path, 10, "train").unlink()
    assert run.epochs == (0, 1)


def test_no_run_and_several_runs(tmp_path):
    with pytest.raises(RunError, match=r"wants a run folder \(one with run\.json\)"):
        store.open_run(tmp_path / "nothing")
    write_run(tmp_path / "wide" / "seed-0", epochs=())
    write_run(tmp_path / "wide" / "seed-1", epochs=())
    with pytest.raises(RunError, match=r"wants one run, got .* which holds .*seed-0, .*seed-1"):
        store.open_run(tmp_path)
    assert store.open_run(tmp_path / "wide" / "seed-0" / "run.json").name == "seed-0"
    assert [p.name for p in store.find_runs(tmp_path)] == ["seed-0", "seed-1"]


def test_an_open_run_follows_what_is_written(tmp_path):
    path = write_run(tmp_path / "run", epochs=(0,))
    run = store.open_run(path)
    assert (run.epochs, run.status) == ((0,), "running")
    before = run.activations("fc1", 0, "train")
    write_epoch(path, 1)
    write_epoch(path, 0)  # recorded again, as after resuming
    write_info(path, {**read_info(path), "status": "finished"})
    assert (run.epochs, run.finished) == ((0, 1), True)
    assert before.tolist() == [[0, 0]] * 3
    assert len(run.scalars()) == 2


def test_only_train_and_test_make_both(tmp_path):
    store.create_run(
        tmp_path / "run", {**info(), "probes": {"test": {"samples": 3, "labels": False}}}
    )
    run = store.open_run(tmp_path / "run")
    assert (run.splits, run.class_names) == (("test",), ())


def test_the_repr_says_what_there_is(run):
    assert "running, 3 epochs, 2 layers, splits train, test, both" in repr(run)


def test_a_stored_run_of_version_1_reads_as_it_always_did(tmp_path):
    run = store.open_run(shutil.copytree(STORED, tmp_path / "run"))
    assert (run.layers, run.epochs) == (("fc1", "act1", "head"), (0, 1, 2, 3))
    assert (run.status, run.name, run.class_names) == ("finished", "run-v1", ("left", "right"))
    assert run.info["study"] == {"purpose": "a stored run of format version 1"}
    assert run.activations("head", 3, "both").shape == (10, 2)
    weights = run.weights(3)
    linear = run.inputs("test") @ weights["fc1.weight"].T + weights["fc1.bias"]
    np.testing.assert_allclose(run.activations("fc1", 3, "test"), linear, rtol=1e-5)
    np.testing.assert_allclose(run.activations("act1", 3, "test"), linear.clip(0), rtol=1e-5)
    assert run.scalars().columns.tolist() == ["epoch", "loss", "accuracy"]
    assert run.scalars().accuracy.round(3).tolist() == [0.167, 0.833, 0.833, 0.833]
    assert run.record("homology", "head", 3, "train").bars(0).tolist() == [[0.0, float("inf")]]
    assert run.results("size").n.tolist() == [6, 4]
    assert len(run.health()) == 16


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX rights")
def test_folders_that_may_not_be_written_are_read_and_not_written():
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copytree(STORED, Path(folder) / "run")
        for entry in (Path(folder), path, *path.rglob("*")):
            entry.chmod(0o555 if entry.is_dir() else 0o444)
        euid = os.geteuid()
        try:
            if euid == 0:  # root may write anywhere
                os.seteuid(65534)
            assert len(store.open_run(path).scalars()) == 4
            assert len(store.open_run(path).activations("head", 3, "train")) == 6
            with pytest.raises(RunError, match="a folder it can write to"):
                store.create_run(path / "new", info())
            with pytest.raises(RunError, match="cannot be written"):
                store.write_scalars(path, 9, {"loss": 1})
        finally:
            os.seteuid(euid)
            for entry in (Path(folder), *(e for e in path.rglob("*") if e.is_dir()), path):
                entry.chmod(0o755)
