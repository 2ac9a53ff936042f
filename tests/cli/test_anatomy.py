"""`lamella anatomy`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lamella.cli import build_app
from lamella.errors import InputError, UnknownName

DOCS = Path(__file__).parents[2] / "docs"
FACTORY = """
from torch import nn

def build():
    return nn.Sequential(nn.Conv2d(1, 2, 3, stride=3), nn.Flatten(), nn.Linear(18, 2))
"""


def run(*arguments):
    result = CliRunner().invoke(build_app(), ["anatomy", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "mine_for_anatomy.py"
    path.write_text(FACTORY)
    return f"{path}:build"


def test_table_totals_and_warnings_of_a_file(spec):
    text = run(spec, "--input", "1x10x11")
    assert "2 x 1 x 3 x 3 + 2" in text
    assert "Total params: 58" in text
    assert "Warning: 0 drops the last 1 of 10 rows (fits: size 9 or 12, padding 1)" in text


def test_json_is_the_table(spec):
    found = json.loads(run(spec, "--input", "1x9x9", "--batch", "4", "--json"))
    assert found["parameters"] == 58
    assert found["rows"][0]["output_shape"] == [4, 2, 3, 3]
    assert found["warnings"] == []


def test_markdown_is_what_the_docs_hold():
    text = run("lenet5", "--input", "1x28x28", "--markdown")
    assert text.strip() in (DOCS / "anatomy.md").read_text(), "run: python docs/write_anatomy.py"


@pytest.mark.parametrize("name", ["LeNet-5", "The MNIST net", "NN1", "NN2", "NN3", "The CIFAR net"])
def test_the_docs_hold_every_network(name):
    assert f"\n## {name}\n" in (DOCS / "anatomy.md").read_text()


def test_one_unit(spec):
    text = run(spec, "--input", "1x9x9", "--layer", "0", "--unit", "1,2")
    assert "field 3 x 3 pixels, jump 3 x 3, offset 0 x 0" in text
    assert "sees 3..5, 6..8 of (9, 9)" in text
    found = json.loads(run(spec, "--input", "1x9x9", "--layer", "0", "--json"))
    assert found["unit"] == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (["--input", "nine"], InputError, "3x32x32"),
        (["--input", "1x2x2"], InputError, r"layer '0' \(Conv2d\), which got 1x1x2x2"),
        (["--input", "1x12x12"], InputError, r"layer '2' \(Linear\), which got 1x32"),
        (["--input", "1x9x9", "--layer", "9"], UnknownName, "layer"),
        (["--input", "1x9x9", "--layer", "0", "--unit", "a"], InputError, "row,column"),
    ],
)
def test_what_cannot_be_is_said(spec, arguments, error, message):
    with pytest.raises(error, match=message):
        run(spec, *arguments)


def test_unknown_models():
    with pytest.raises(UnknownName, match="lenet5"):
        run("lenet", "--input", "1x28x28")
