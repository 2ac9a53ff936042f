"""The report of runs that no study told."""

from types import SimpleNamespace

import pandas
import pytest
from typer.testing import CliRunner

from lamella import cli
from lamella.narrative.embedding_grids import embedding_grid
from lamella.narrative.findings import say_separation
from lamella.narrative.general_story import (
    _recorded,
    _split,
    _verdict,
    measure_missing,
    story_of_runs,
)
from lamella.subject.subject import gather


def test_seeds_of_one_net_count_as_one(small_study):
    nets = gather([small_study.out])
    assert {net: len(runs) for net, runs in nets.items()} == {"wide": 2, "bottleneck": 2}


def test_one_run_is_told_with_heat_maps_and_two_with_comparisons(small_study):
    one = gather([small_study.out / "wide" / "seed-0"])
    measure_missing(one, ["neighbour_error"])
    views = [p.view for section in story_of_runs(one).sections for p in section.pictures]
    assert "heat_map" in views
    assert "comparison" not in views
    both = story_of_runs(gather([small_study.out]))
    assert "comparison" in [p.view for section in both.sections for p in section.pictures]
    assert "lie nearest to another class" in both.verdict.text


class Measured:
    """A run of one layer with its 1-NN error at the input and behind it, on test."""

    def __init__(self, layer, at_input, behind):
        self.layers, self.epochs, self.errors = (layer,), (0, 4), (at_input, behind)

    def results(self, name=None):
        cells = {"measure": ["neighbour_error"] * 4, "layer": ["input", *self.layers] * 2}
        cells |= {"epoch": [0, 0, 4, 4], "split": ["test"] * 4, "error": self.errors * 2}
        return pandas.DataFrame(cells)


def verdict_of(nets):
    sentences = [s for net, runs in nets.items() for s in say_separation(net, runs)]
    return _verdict(nets, sentences)


def test_the_verdict_of_two_unlike_nets_names_both():
    nets = {"dense": [Measured("fc1", 30, 3)], "conv": [Measured("pool2", 20, 15)]}
    text = verdict_of(nets).text
    assert "The dense net separates the classes at fc1" in text
    assert "In the conv net no layer halves the 1-NN error" in text


def test_the_verdict_of_many_nets_says_which_and_why():
    behind = {"a": 9.0, "b": 0.5, "c": 4.0}
    told = verdict_of({net: [Measured(f"fc_{net}", 30, e)] for net, e in behind.items()})
    assert told.text == (
        "Of 3 nets, b comes to the least 1-NN error on test, 0.5 % at fc_b; a comes to no less "
        "than 9.0 %, at fc_a."
    )
    assert told.numbers == behind
    assert (told.cell.run, told.cell.layer, told.cell.epoch) == ("b", "fc_b", 4)


@pytest.mark.parametrize(
    ("splits", "wanted"),
    [(("train", "test"), "test"), (("x", "train"), "train"), (("x", "y"), "x"), ((), "test")],
)
def test_the_story_is_about_test_where_there_is_one(splits, wanted):
    assert _split({"a": [SimpleNamespace(splits=splits)]}) == wanted


def test_one_layer_is_said_to_be_one():
    runs = {"one": [Measured("fc1", 1, 1)], "two": [Measured("fc1", 1, 1)]}
    runs["two"][0].layers = ("fc1", "fc2")
    assert _recorded(runs).text == "Recorded: one at 1 layer, two at 2 layers."


def test_the_grid_has_a_cloud_for_every_layer_and_epoch(small_study):
    picture = embedding_grid("wide", small_study.nets["wide"], "pca")
    layers, epochs = picture.arguments["layers"], picture.arguments["epochs"]
    assert len(picture.record) == len(layers) * len(epochs) == 5 * 3


def test_the_command_writes_a_report(small_study, tmp_path):
    path = tmp_path / "any.html"
    result = CliRunner().invoke(
        cli.build_app(), ["report", str(small_study.out / "wide"), "-o", str(path), "--json"]
    )
    assert result.exit_code == 0, result.output
    assert "the wide net " in path.read_text().lower()
