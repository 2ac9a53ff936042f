"""Epochs go upwards, are replaced whole, are never raised into the loop, and are told of."""

import json
import os

import numpy as np
import pytest
import torch
from support.recorded_nets import perceptron, probes

import lamella
from lamella import results, store
from lamella.errors import RunError
from lamella.recording import RecordingWarning


def record(path, model=None, **options):
    every = lamella.every(1)
    return lamella.record(path / "run", model or perceptron(), probes(), moments=every, **options)


def run_of(path):
    return lamella.open_run(path / "run")


def test_numbers_come_by_name_or_in_a_dict_and_an_epoch_in_front(tmp_path):
    with record(tmp_path, strict=True) as recorder:
        recorder.epoch({"loss": 1})
        recorder.epoch(3, loss=2)
        recorder.epoch(4, {"loss": 3, 5: 6}, accuracy=0.5)
    scalars = run_of(tmp_path).scalars()
    assert scalars.epoch.tolist() == [0, 3, 4]
    assert scalars.loss.tolist() == [1, 2, 3]
    assert scalars["5"].tolist()[-1] == 6


@pytest.mark.parametrize("what", [("a", "b"), (object(),), ([1, 2],), (None, None)])
@pytest.mark.filterwarnings("ignore::lamella.recording.RecordingWarning")
def test_nothing_is_raised_into_the_loop(tmp_path, what):
    with record(tmp_path) as recorder:
        recorder.epoch(*what, loss="x", epoch=None)
        recorder.epoch(loss=2.0)
    assert run_of(tmp_path).scalars().loss.tolist()[-1] == 2.0


@pytest.mark.parametrize("number", [0, 1])
def test_an_epoch_that_goes_back_is_refused(tmp_path, number):
    model = perceptron()
    with record(tmp_path, model) as recorder:
        recorder.epoch(loss=0.0)
        recorder.epoch(loss=1.0)
        with torch.no_grad():
            model[0].weight.fill_(7)
        with pytest.warns(RecordingWarning, match=f"epoch {number} has ended already, as has 1"):
            recorder.epoch(epoch=number, loss=9.0)
        recorder.epoch(loss=2.0)
    run = run_of(tmp_path)
    assert run.scalars().loss.tolist() == [0.0, 1.0, 2.0]
    assert run.weights(number)["0.weight"].max() < 7


def test_a_past_that_was_given_up_is_gone_whole(tmp_path):
    """A run of epochs 0 to 4 goes on from 2 with other weights."""
    with record(tmp_path) as recorder:
        for epoch in range(5):
            recorder.epoch(loss=float(epoch), first_only=1.0)
    cell = ("0", 3, "train")
    store.write_result(tmp_path / "run", "size", *cell, results.Table({"size": [1.0]}))
    model = perceptron()
    with torch.no_grad():
        model[0].weight.fill_(7)
    with record(tmp_path, model, resume=True, weights=False) as recorder:
        assert recorder.next_epoch == 5
        recorder.epoch(epoch=2, loss=20.0)
        recorder.epoch(loss=30.0)
    run = run_of(tmp_path)
    assert (run.epochs, run.weight_epochs, run.last_epoch) == ((0, 1, 2, 3), (0, 1), 3)
    frame = run.scalars()
    assert frame.loss.tolist() == [0.0, 1.0, 20.0, 30.0]
    assert frame.first_only.isna().tolist() == [False, False, True, True]
    assert run.results().empty
    assert run.problems == ()
    assert (run.info["expected"]["recorded"], run.info["expected"]["ended"]) == ([0, 1, 2, 3], 4)


def test_a_set_of_files_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    """Stopped between any two names, an epoch is the old one, the new one, or not there."""
    names = [tmp_path / name for name in ("a", "b", "c")]

    def write(text, stop=None):
        parts, count = store.Parts(), []
        for name in names:
            with parts.open(name) as file:
                file.write(text)

        def stopped(source, target):
            count.append(0)
            if len(count) == stop:
                raise KeyboardInterrupt
            replace(source, target)

        monkeypatch.setattr(os, "replace", stopped)
        try:
            parts.commit()
        finally:
            monkeypatch.undo()

    replace = os.replace
    for stop in (1, 2, 3):
        write(b"old")
        with pytest.raises(KeyboardInterrupt):
            write(b"new", stop)
        found = {name.read_bytes() for name in names if name.exists()}
        assert len(found) <= 1 or not all(name.exists() for name in names)
    write(b"new")
    assert {name.read_bytes() for name in names} == {b"new"}


def test_missing_files_and_rows_are_counted(tmp_path):
    with record(tmp_path) as recorder:
        for epoch in range(4):
            recorder.epoch(loss=float(epoch))
    run = run_of(tmp_path)
    assert run.problems == ()
    (run.path / "activations" / "000002" / "train.safetensors").unlink()
    (run.path / "activations" / "000002" / "test.safetensors").unlink()
    (run.path / "activations" / "000002").rmdir()
    with store.writing(run.path) as connection:
        connection.execute("DELETE FROM costs WHERE epoch=1")
    assert run.problems == (
        "the activations of epochs 2 are missing",
        "the numbers of 1 epochs are missing",
    )


def test_problems_of_both_places_are_one_list(tmp_path):
    with record(tmp_path) as recorder:
        recorder.epoch()
    path = tmp_path / "run"
    store.write_problem(path, 0, "in the database")
    store.write_info(
        path, {**store.read_info(path), "problems": ["in run.json", "in the database"]}
    )
    assert run_of(tmp_path).problems == ("in the database", "in run.json")
    listed = json.loads((path / "run.json").read_text())["problems"]
    assert len(listed) == 2


def test_too_large_beside_nan_for_half_precision_is_told(tmp_path):
    model = perceptron()
    model[0].bias.data[:2] = torch.tensor([float("nan"), 1e5])
    with (
        pytest.warns(RecordingWarning, match="beyond 65504"),
        record(tmp_path, model, dtype="float16") as recorder,
    ):
        recorder.epoch()
    run = run_of(tmp_path)
    assert np.isnan(run.activations("2", 0, "train")).all()
    with pytest.raises(RunError, match="was left out"):
        run.activations("0", 0, "train")


def test_what_is_stored_is_said_when_it_is(tmp_path):
    recorder = record(tmp_path)
    assert recorder.stored == -1
    recorder.epoch()
    recorder.epoch()
    recorder.flush()
    assert recorder.stored == 1
    assert run_of(tmp_path).epochs == (0, 1)
    assert run_of(tmp_path).status == "running"
    recorder.close()
    assert run_of(tmp_path).finished


def test_the_trial_says_what_it_cost_and_what_it_put_back(tmp_path):
    model = perceptron()
    model.register_buffer("seen", torch.zeros(()))
    model.register_forward_pre_hook(lambda module, args: module.seen.add_(1) and None)
    with record(tmp_path, model, strict=True) as recorder:
        recorder.epoch()
    trial = run_of(tmp_path).info["trial"]
    assert (trial["put_back"], trial["cannot_put_back"]) == (["seen"], [])
    assert 0 < trial["seconds"] < recorder.cost["seconds"]
    assert model.seen == 0
