"""`lamella view` where there is nothing to see yet, or no run."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamella import cli
from lamella.errors import RunError
from lamella.page import serve

STORED = Path(__file__).parents[1] / "data" / "run-v1"


@pytest.fixture(autouse=True)
def served(monkeypatch):
    """The subjects that would have been served."""
    subjects = []

    def keep(subject, paths, taken, **options):
        taken.close()
        subjects.append(subject)

    monkeypatch.setattr(serve, "serve", keep)
    monkeypatch.setattr("lamella.cli.view.yield_to_training", lambda: None)
    return subjects


def call(*arguments):
    return CliRunner().invoke(cli.build_app(), ["view", *map(str, arguments)])


def test_an_empty_folder_is_served_with_a_word(tmp_path, served):
    result = call(tmp_path)
    assert f"there is no run in {tmp_path} yet; the page waits" in result.stderr
    assert [dict(subject.nets) for subject in served] == [{}]


def test_a_damaged_run_is_named_beside_the_others(tmp_path, served):
    shutil.copytree(STORED, tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "run.json").write_text("{")
    assert f"left out {tmp_path / 'bad'}" in call(tmp_path).stderr
    assert [len(subject.nets) for subject in served] == [1]


@pytest.mark.parametrize(("name", "words"), [("train.py", "not a run"), ("none", "no folder")])
def test_what_is_no_run_is_called_so(tmp_path, served, name, words):
    (tmp_path / "train.py").write_text("")
    error = call(tmp_path / name).exception
    assert isinstance(error, RunError)
    assert words in str(error)
    assert served == []
