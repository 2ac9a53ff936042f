"""The study of two nets from end to end, small: what it returns, leaves and says."""

import json

import pytest

from lamella.cli.output import plain
from lamella.errors import RunError, UnknownName
from lamella.registry import studies


def test_the_result_has_what_machines_read(small):
    result = json.loads(json.dumps(plain(small.result)))
    assert result["study"] == "spheres"
    assert result["seconds"] > 0
    assert result["recording_share"] > 0
    assert result["nets"]["wide"]["widths"] == [12, 48, 48, 48, 48, 2]
    assert result["nets"]["bottleneck"]["widths"] == [12, 12, 3, 12, 12, 2]
    for facts in result["nets"].values():
        assert facts["epochs"] == 2
        assert len(facts["train_error"]) == len(facts["test_error"]) == 2


def test_errors_are_those_of_the_last_recorded_epoch(small):
    for net, runs in small.nets.items():
        expected = [1 - run.scalars()["test_accuracy"].iloc[-1] for run in runs]
        assert small.result["nets"][net]["test_error"] == pytest.approx(expected)


def test_a_failed_premise_is_said_plainly(small):
    assert not small.result["premise"]["holds"]
    page = (small.out / "report.html").read_text()
    assert "The premise does NOT hold" in page
    assert "The premise does not hold for these arguments" in page


def test_every_cell_of_every_split_is_measured(small):
    run = small.nets["wide"][0]
    cells = run.results("neighbour_error")
    layers = {"input", "act1", "act2", "act3", "act4", "head"}
    assert set(cells["layer"]) == layers
    assert set(cells["split"]) == {"train", "test", "both"}
    assert len(cells) == len(layers) * 3 * len(run.epochs)


def test_runs_that_are_there_are_kept_unless_told_otherwise(small):
    with pytest.raises(RunError, match="--resume"):
        studies["spheres"](**small.arguments)
    with pytest.raises(RunError, match="other arguments"):
        studies["spheres"](**{**small.arguments, "resume": True, "epochs": 3})


def test_resuming_a_finished_study_trains_and_measures_nothing_anew(small):
    stamps = {f: f.stat().st_mtime_ns for f in small.out.rglob("activations/**/*.safetensors")}
    again = studies["spheres"](**{**small.arguments, "resume": True})
    assert again["nets"] == small.result["nets"]
    assert stamps == {f: f.stat().st_mtime_ns for f in stamps}


def test_an_unknown_data_set_shows_the_nearest(tmp_path):
    with pytest.raises(UnknownName, match="spheres"):
        studies["spheres"](out=tmp_path, dataset="sphere")
