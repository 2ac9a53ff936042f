"""`lamella report` on runs that are read-only, damaged, or no runs at all."""

import json
import sqlite3
from pathlib import Path

import pytest
from support.some_runs import write_run
from typer.testing import CliRunner

from lamella.cli import build_app
from lamella.errors import RunError
from lamella.store import database


@pytest.fixture
def run(tmp_path):
    return write_run(tmp_path / "runs" / "one")


def call(*arguments):
    return CliRunner().invoke(build_app(), ["report", *map(str, arguments)])


@pytest.fixture
def read_only(monkeypatch):
    """Every run refuses to be written to, as on a read-only disk."""

    def refuse(path):
        raise database.unwritable(Path(path), sqlite3.OperationalError("read-only"))

    monkeypatch.setattr(database, "connect", refuse)


def test_a_read_only_run_is_told_as_far_as_it_is_measured(run, tmp_path, read_only):
    out = tmp_path / "report.html"
    result = call(run.path, "-o", out)
    assert result.exit_code == 0, result.output
    assert out.exists()
    assert f"nothing was measured of {run.path}" in result.stderr
    assert "The report tells it without neighbour_error, class_distances" in result.stderr


def test_nothing_is_measured_where_nobody_wants_it(run, tmp_path):
    result = call(run.path, "-o", tmp_path / "report.html", "--measures", "none")
    assert (result.exit_code, result.stderr) == (0, "")
    assert run.results().empty


def test_a_damaged_run_is_named_and_the_others_are_told(run, tmp_path):
    damaged = write_run(run.path.parent / "two").path
    (damaged / "run.json").write_text("{")
    result = call(run.path.parent, "-o", tmp_path / "r.html", "--measures", "none", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert list(found["damaged"]) == [str(damaged)]
    assert len(found["nets"]) == 1
    assert f"left out {damaged}" in result.stderr
    alone = call(damaged, "-o", tmp_path / "r.html")
    assert isinstance(alone.exception, RunError)


def test_a_file_is_not_taken_for_a_run(tmp_path):
    (tmp_path / "train.py").write_text("")
    assert "is a file, not a run" in str(call(tmp_path / "train.py").exception)


def test_the_help_says_that_missing_measures_are_computed():
    assert "is measured first" in " ".join(call("--help").stdout.split())
