"""Means over seeds, some of which lack a cell."""

import numpy as np
from support.some_runs import write_run

from lamella import store
from lamella.narrative.slices import plane
from lamella.results import Table


def measured(path, cells):
    """A run of two layers with the neighbour errors of these cells."""
    run = write_run(path, epochs=(0, 1))
    for (layer, epoch), error in cells.items():
        store.write_result(
            run.path, "neighbour_error", layer, epoch, "test", Table({"error": [error]})
        )
    return store.open_run(run.path)


def test_the_mean_is_that_of_the_seeds_that_have_the_cell(tmp_path):
    one = measured(tmp_path / "0", {("fc1", 0): 10.0, ("fc1", 1): 30.0})
    two = measured(tmp_path / "1", {("fc1", 0): 20.0})
    found = plane([one, two], "neighbour_error", "test")
    assert found.rows == ("input", "fc1", "head")
    assert found.values[1].tolist() == [15.0, 30.0]
    assert np.isnan(found.values[[0, 2]]).all()
