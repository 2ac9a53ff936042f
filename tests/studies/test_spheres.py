"""The study of two nets from end to end, small: what it returns, leaves and says."""

import json

import pytest

from lamella.cli.output import plain
from lamella.errors import RunError, UnknownName
from lamella.registry import studies


def test_the_result_has_what_machines_read(small_study):
    result = json.loads(json.dumps(plain(small_study.result)))
    assert result["study"] == "spheres"
    assert result["seconds"] > 0
    assert result["recording_share"] > 0
    assert result["nets"]["wide"]["widths"] == [12, 48, 48, 48, 48, 2]
    assert result["nets"]["bottleneck"]["widths"] == [12, 12, 3, 12, 12, 2]
    for facts in result["nets"].values():
        assert facts["epochs"] == 2
        assert len(facts["train_error"]) == len(facts["test_error"]) == 2


def test_errors_are_those_of_the_last_recorded_epoch(small_study):
    for net, runs in small_study.nets.items():
        expected = [1 - run.scalars()["test_accuracy"].iloc[-1] for run in runs]
        assert small_study.result["nets"][net]["test_error"] == pytest.approx(expected)


def test_a_failed_premise_is_said_plainly(small_study):
    assert not small_study.result["premise"]["holds"]
    page = (small_study.out / "report.html").read_text()
    assert "The premise does NOT hold" in page
    assert "The premise does not hold for these arguments" in page


def test_every_cell_of_every_split_is_measured(small_study):
    run = small_study.nets["wide"][0]
    cells = run.results("neighbour_error")
    layers = {"input", "act1", "act2", "act3", "act4", "head"}
    assert set(cells["layer"]) == layers
    assert set(cells["split"]) == {"train", "test", "both"}
    assert len(cells) == len(layers) * 3 * len(run.epochs)


def test_runs_that_are_there_are_kept_unless_told_otherwise(small_study):
    with pytest.raises(RunError, match="--resume"):
        studies["spheres"](**small_study.arguments)
    with pytest.raises(RunError, match="other arguments"):
        studies["spheres"](**{**small_study.arguments, "resume": True, "epochs": 3})


def test_resuming_a_finished_study_trains_and_measures_nothing_anew(small_study):
    stamps = {
        f: f.stat().st_mtime_ns for f in small_study.out.rglob("activations/**/*.safetensors")
    }
    again = studies["spheres"](**{**small_study.arguments, "resume": True})
    assert again["nets"] == small_study.result["nets"]
    assert stamps == {f: f.stat().st_mtime_ns for f in stamps}


def test_an_unknown_data_set_shows_the_nearest(tmp_path):
    with pytest.raises(UnknownName, match="spheres"):
        studies["spheres"](out=tmp_path, dataset="sphere")
