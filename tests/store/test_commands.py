"""`lamella runs` and `lamella export`."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamella import cli
from lamella.errors import InputError

STORED = Path(__file__).parents[1] / "data" / "run-v1"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(STORED, tmp_path / "runs" / "good")
    (tmp_path / "runs" / "bad").mkdir()
    (tmp_path / "runs" / "bad" / "run.json").write_text("{")
    return tmp_path / "runs"


def run(*arguments):
    return CliRunner(env={"COLUMNS": "200"}).invoke(cli.build_app(), [str(a) for a in arguments])


def test_runs_are_listed_also_unreadable_ones(folder):
    text = run("runs", folder).output
    assert "finished" in text
    assert "4 epochs" in text
    assert "unreadable" in text
    assert "cannot be read" in text


def test_damaged_epochs_are_named(folder):
    path = folder / "good" / "activations" / "000002" / "test.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    text = run("runs", folder).output
    assert "3 epochs" in text
    assert "epoch 2 is left out" in text
    assert "the file is truncated" in text
    good = json.loads(run("runs", folder, "--json").output)["runs"][1]
    assert list(good["damaged"]) == ["2"]
    assert good["problems"] == 1


def test_runs_as_json(folder):
    bad, good = json.loads(run("runs", folder, "--json").output)["runs"]
    assert (bad["status"], good["status"]) == ("unreadable", "finished")
    assert good["epochs"] == [0, 1, 2, 3]
    assert good["layers"] == ["fc1", "act1", "head"]
    assert good["bytes"] > 5000


def test_no_runs(tmp_path):
    assert "No runs in" in run("runs", tmp_path).output


def test_export_writes_beside_the_run(folder):
    found = json.loads(run("export", folder / "good", "--json").output)
    assert [Path(f).name for f in found["files"]] == [
        "scalars.csv", "health.csv", "homology.csv", "size.csv",
    ]  # fmt: skip
    assert Path(found["files"][0]).parent == folder / "good" / "export-csv"


def test_export_of_chosen_cells(folder, tmp_path):
    options = ["--layers", "act*", "--epochs", "1,3", "--splits", "both", "--activations"]
    text = run("export", folder / "good", "--out", tmp_path / "out", *options).output
    assert text.startswith("6 files in")
    assert isinstance(run("export", folder / "good", "--epochs", "x").exception, InputError)
