"""`lamella runs` in narrow and wide terminals, and where there is nothing."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamella import cli
from lamella.cli import runs

STORED = Path(__file__).parents[1] / "data" / "run-v1"


def call(*arguments):
    return CliRunner(env={"COLUMNS": "60"}).invoke(cli.build_app(), ["runs", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path):
    deep = tmp_path / "a-long-name-of-a-folder" / "another-long-name-of-a-folder" / "seed-0"
    shutil.copytree(STORED, deep)
    return tmp_path


def test_paths_can_be_copied_from_a_pipe(folder):
    lines = call(folder).stdout.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(str(folder / "a-long-name-of-a-folder"))
    assert "seed-0 " in lines[1]
    assert "of training)" in lines[1]


def test_paths_can_be_copied_from_a_narrow_terminal(folder, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    (path,) = folder.rglob("seed-0")
    runs.print_table([runs.row_of(path)])
    first, second = capsys.readouterr().out.splitlines()
    assert first == str(path)
    assert second.startswith("  finished, last epoch 3, 4 epochs recorded, 3 layers, ")


def test_a_folder_that_is_not_there_gives_exit_code_2(tmp_path):
    result = call(tmp_path / "none")
    assert result.exit_code == 2
    assert "there is no folder" in result.stderr


def test_a_run_of_which_parts_are_missing_is_unreadable(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text('{"format": "lamella run", "version": 1}')
    assert "wants layers as a list" in call(tmp_path).stdout
