"""`lamella export` where there is nothing to export, or no place for it."""

import re
from pathlib import Path

import pytest
from support.some_runs import write_run
from typer.testing import CliRunner

from lamella.cli import build_app
from lamella.errors import RunError


@pytest.mark.parametrize(
    ("run", "out", "words"),
    [
        ("run", "train.py/out", r"export\(\) wants a folder it can write to, got .*train.py/out"),
        ("train.py", "out", "train.py is a file, not a run"),
        ("nothing", "out", "there is no folder nothing"),
    ],
)
def test_mistakes_are_said_without_a_traceback(tmp_path, monkeypatch, run, out, words):
    monkeypatch.chdir(tmp_path)
    write_run(tmp_path / "run")
    Path("train.py").write_text("")
    error = CliRunner().invoke(build_app(), ["export", run, "--out", out]).exception
    assert isinstance(error, RunError)
    assert re.search(words, str(error))
