"""`lamella verify` says what is damaged, and drops it when it is told to."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamella import cli
from lamella.store import open_run
from lamella.store.layout import activation_path

STORED = Path(__file__).parents[1] / "data" / "run-v1"


def call(*arguments, answer=None):
    return CliRunner().invoke(cli.build_app(), ["verify", *map(str, arguments)], input=answer)


@pytest.fixture
def folder(tmp_path):
    for name in ("good", "bad"):
        shutil.copytree(STORED, tmp_path / name)
    file = activation_path(tmp_path / "bad", 1, "test")
    file.write_bytes(file.read_bytes()[:-1])
    return tmp_path


def test_whole_runs_end_with_0_damaged_ones_are_named_with_1(folder):
    done = call(folder / "good")
    assert (done.exit_code, "whole, 1 as written, 30 without a checksum" in done.output) == (
        0,
        True,
    )
    done = call(folder)
    assert done.exit_code == 1
    assert "bad: 1 damaged" in done.output
    assert "000001/test.safetensors: " in done.output
    rows = json.loads(call(folder, "--json").stdout)["runs"]
    assert [len(row["damages"]) for row in rows] == [1, 0]


def test_repair_asks_first(folder):
    assert call(folder, "--repair", answer="n\n").exit_code == 1
    assert activation_path(folder / "bad", 1, "test").exists()
    done = call(folder, "--repair", answer="y\n")
    assert done.exit_code == 0
    assert "Drop what is damaged" in done.output
    assert not activation_path(folder / "bad", 1, "test").exists()
    assert open_run(folder / "bad").epochs == (0, 2, 3)
    assert call(folder).exit_code == 0


def test_a_run_that_cannot_be_opened_is_said_so(folder):
    (folder / "bad" / "run.json").write_text("{\x1b")
    done = call(folder, "--repair", "--yes")
    assert done.exit_code == 1
    assert "cannot be read" in done.output
