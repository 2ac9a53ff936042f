import json

import numpy as np
import pytest
from safetensors.numpy import load_file
from typer.testing import CliRunner

from lamella.cli import build_app
from lamella.data.rectangles.reading import read_rectangles
from lamella.data.rectangles.scenes import Scene
from lamella.data.rectangles.stream import generate
from lamella.errors import InputError, RunError, UnknownName


def call(*words):
    return CliRunner().invoke(build_app(), ["data", *map(str, words)], catch_exceptions=True)


def test_rectangles_are_written_as_asked(tmp_path):
    out = tmp_path / "r.safetensors"
    words = ("rectangles", "--count", 120, "--out", out, "--seed", 4, "-o", "delta=3", "--json")
    result = call(*words, "-o", "factors=OnlyH")
    found = json.loads(result.stdout)
    assert found["files"] == [str(out)]
    assert found["count"] == 120
    wanted = generate(120, scene=Scene(delta=3, factors=("h",)), seed=4)
    assert np.array_equal(read_rectangles(out).image, wanted.image)


def test_shards_are_listed(tmp_path):
    result = call("rectangles", "--count", 90, "--out", tmp_path / "r.hdf5", "--shard", 40)
    assert result.exit_code == 0
    assert "rectangles: 90 samples in" in result.stdout
    assert "r-00002-of-00003.hdf5" in result.stdout


def test_exploring_writes_a_report(tmp_path):
    result = call("rectangles", "--explore", "--count", 200, "--out", tmp_path / "data", "--json")
    found = json.loads(result.stdout)
    assert set(found["samples"]) == {"free", "inside"}
    page = (tmp_path / "data" / "report.html").read_text()
    assert "Two samples of 200 images" in page


def test_other_data_sets_are_described_and_written(tmp_path):
    out = tmp_path / "s.safetensors"
    result = call("spheres", "--count", 50, "-o", "dimension=4", "--out", out, "--json")
    found = json.loads(result.stdout)
    assert (found["train"], found["input_shape"]) == (50, [4])
    arrays = load_file(out)
    assert arrays["train.inputs"].shape == (50, 4)
    assert set(arrays) == {
        f"{p}.{f}" for p in ("train", "test") for f in ("inputs", "labels", "ids")
    }


def test_without_a_name_all_are_listed():
    assert "rectangles" in call().stdout
    assert "spheres" in json.loads(call("--json").stdout)


@pytest.mark.parametrize(
    ("words", "error", "text"),
    [
        (("rectangls",), UnknownName, "Nearest: rectangles"),
        (("rectangles", "-o", "delt=3"), UnknownName, "no option of rectangles is called 'delt'"),
        (("rectangles", "-o", "delta"), InputError, "options as key=value, got 'delta'"),
        (("rectangles", "-o", "delta=50"), InputError, "overlap"),
        (("rectangles", "--out", "r.txt"), UnknownName, "no file format"),
        (("spheres", "-o", "dimensin=3"), UnknownName, "Nearest: dimension"),
        (("rectangles", "--count", "0"), InputError, "count of at least 1, got 0"),
        (("spheres", "--out", "none/s.safetensors"), RunError, "a file it can write, got none/s"),
        (("spheres", "--out", "s.hdf5"), InputError, "a .safetensors file, got s.hdf5"),
    ],
)
def test_bad_words_are_named(words, error, text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call(*words)
    assert isinstance(result.exception, error)
    assert text in str(result.exception)
    assert not list(tmp_path.iterdir())
