"""The report of runs that no study told."""

import pytest
from typer.testing import CliRunner

from lamella import cli
from lamella.errors import RunError
from lamella.studies.any_runs import gather, measure_missing, tell_runs
from lamella.studies.evolution import evolution_grid


def test_seeds_of_one_net_count_as_one(small):
    nets = gather([small.out])
    assert {net: len(runs) for net, runs in nets.items()} == {"wide": 2, "bottleneck": 2}


def test_a_folder_without_runs_is_refused(tmp_path):
    with pytest.raises(RunError):
        gather([tmp_path])


def test_one_run_is_told_with_heat_maps_and_two_with_comparisons(small):
    one = gather([small.out / "wide" / "seed-0"])
    measure_missing(one, ["neighbour_error"])
    views = [p.view for section in tell_runs(one).sections for p in section.pictures]
    assert "heat_map" in views
    assert "comparison" not in views
    both = tell_runs(gather([small.out]))
    assert "comparison" in [p.view for section in both.sections for p in section.pictures]
    assert "lie nearest to another class" in both.verdict.text


def test_the_grid_has_a_cloud_for_every_layer_and_epoch(small):
    picture = evolution_grid("wide", small.nets["wide"], "pca")
    layers, epochs = picture.arguments["layers"], picture.arguments["epochs"]
    assert len(picture.record) == len(layers) * len(epochs) == 5 * 3


def test_the_command_writes_a_report(small, tmp_path):
    path = tmp_path / "any.html"
    result = CliRunner().invoke(
        cli.build_app(), ["report", str(small.out / "wide"), "-o", str(path), "--json"]
    )
    assert result.exit_code == 0, result.output
    assert "The wide net separates" in path.read_text()
