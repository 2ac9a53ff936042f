"""`lamella measure` as a person and a machine call it."""

import json

import pytest
from support.small_run import make_run
from typer.testing import CliRunner

from lamella.cli import build_app
from lamella.cli.measure import found_runs, nested
from lamella.errors import InputError, RunError, UnknownName

QUICK = ["--measures", "neighbour_error", "--layers", "fc1", "--epochs", "0,last"]


@pytest.fixture
def run(tmp_path):
    return make_run(tmp_path / "runs" / "one")


def call(*arguments):
    return CliRunner().invoke(build_app(), ["measure", *map(str, arguments)])


def test_measuring_says_what_was_done_and_the_second_time_that_nothing_was(run):
    first = call(run.path, *QUICK)
    assert first.exit_code == 0
    assert "6 results computed in" in first.stdout
    assert len(run.results("neighbour_error")) == 6
    assert "nothing to compute, all 6 results are there" in call(run.path, *QUICK).stdout


def test_a_damaged_epoch_is_named(run):
    path = run.path / "activations" / "000001" / "test.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    result = call(run.path, "--measures", "neighbour_error", "--layers", "fc1", "--splits", "test")
    assert result.exit_code == 0
    said = " ".join(result.stderr.split())
    assert "epoch 1 is left out" in said
    assert "the file is truncated" in said


def test_json_is_one_object(run):
    found = json.loads(call(run.path, *QUICK, "--splits", "test", "--json").stdout)
    (report,) = found["runs"]
    assert (report["computed"], report["cached"], report["failed"]) == (2, 0, [])


def test_a_dry_run_says_how_many_and_how_long_and_stores_nothing(run):
    result = call(run.path, *QUICK, "--dry-run")
    assert "6 results to compute, about" in result.stdout
    assert run.results().empty


def test_a_folder_of_runs_is_measured_run_by_run(run):
    make_run(run.path.parent / "two", seed=1)
    result = call(run.path.parent, *QUICK, "--splits", "test")
    assert "All 2 runs: 4 results computed in" in result.stdout


def test_arguments_reach_the_measure(run):
    call(run.path, "--measures", "homology", "--arguments", "homology.max_dimension=0", *QUICK[2:])
    assert run.record("homology", "fc1", 0, "both").dimensions == (0,)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--measures", "gdvv"], UnknownName),
        (["--arguments", "max_dimension"], InputError),
        (["--splits", "tset"], UnknownName),
        (["--measures", "homology", "--arguments", "homology.max_dimension=two"], InputError),
        (["--measures", "gdv", "--arguments", "homology.max_dimension=2"], UnknownName),
        (["--measures", "betti_numbers", "--arguments", "homology.max_dim=2"], UnknownName),
    ],
)
def test_mistakes_are_named(run, arguments, error):
    assert isinstance(call(run.path, *arguments).exception, error)


def test_a_folder_without_runs_is_refused(tmp_path):
    with pytest.raises(RunError, match="which holds none"):
        found_runs([tmp_path])


def test_values_are_numbers_where_they_look_like_it():
    assert nested(["a.b=[1, 2]", "a.c=x"]) == {"a": {"b": [1, 2], "c": "x"}}


def test_failed_cells_give_exit_code_1(run):
    place = ["--measures", "homology", "--layers", "fc1", "--epochs", "0"]
    result = call(run.path, *place, "--arguments", "homology.metric=miles")
    assert "could not be computed" in result.stdout
    assert result.exit_code == 1
    found = call(run.path, *place, "--arguments", "homology.metric=miles", "--json")
    assert json.loads(found.stdout)["runs"][0]["failed"]
    assert found.exit_code == 1
    assert call(run.path, *place).exit_code == 0


def test_a_damaged_run_is_named_and_the_others_are_measured(run):
    damaged = run.path.parent / "a-damaged"
    make_run(damaged, seed=1)
    (damaged / "run.json").write_text('{"format": "lamella run", "version": 99}')
    result = call(run.path.parent, *QUICK, "--splits", "test")
    assert result.exit_code == 1
    assert "2 results computed in" in result.stdout
    assert f"left out {damaged}" in result.stderr
    assert "format version 99" in result.stderr
    found = json.loads(call(run.path.parent, *QUICK, "--json").stdout)
    assert list(found["damaged"]) == [str(damaged)]
    with pytest.raises(RunError, match="format version 99"):
        found_runs([damaged])


def test_a_run_of_which_parts_are_missing_is_named(run):
    (run.path / "run.json").write_text('{"format": "lamella run", "version": 1}')
    with pytest.raises(RunError, match="wants layers as a list"):
        found_runs([run.path])


def test_a_run_without_what_was_asked_for_does_not_stop_the_others(run):
    import shutil

    shutil.rmtree(make_run(run.path.parent / "empty").path / "activations")
    result = call(run.path.parent, *QUICK, "--splits", "test")
    assert (result.exit_code, "wants a run with a recorded epoch" in result.stderr) == (1, True)
    assert len(run.results("neighbour_error")) == 2


def test_a_file_is_not_taken_for_a_run(tmp_path):
    (tmp_path / "train.py").write_text("")
    with pytest.raises(RunError, match="is a file, not a run"):
        found_runs([tmp_path / "train.py"])


def test_who_stops_a_sweep_is_told_what_is_kept(run, monkeypatch):
    from lamella.cli.stopping import Stopped
    from lamella.measuring import run_plan

    settle, done = run_plan.settle, []

    def settle_two(*arguments):
        settle(*arguments)
        done.append(1)
        if len(done) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(run_plan, "settle", settle_two)
    stopped = call(run.path, *QUICK, "--jobs", "1").exception
    assert isinstance(stopped, Stopped)
    assert str(stopped).startswith("stopped, 2 results are kept; the same command goes on")


def test_a_sample_is_said_on_standard_error_too(run):
    result = call(run.path, *QUICK, "--splits", "train", "--budget", "10", "--json")
    assert "results are of 10 of 20 samples of train" in result.stderr
    assert json.loads(result.stdout)["runs"][0]["sampled"] == {"train": [10, 20]}


def test_what_every_run_refuses_is_said_once(run):
    make_run(run.path.parent / "two", seed=1)
    result = call(run.path.parent, *QUICK, "--jobs", "0")
    assert isinstance(result.exception, InputError)
    assert result.stderr == ""
