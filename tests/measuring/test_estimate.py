"""A dry run counts what a real one computes, and stores nothing."""

import pytest

from lamella.measuring import measure
from lamella.measuring.select import chosen_epochs, chosen_layers, chosen_measures
from lamella.registry import measures

QUIET = {"progress": False, "jobs": 2}


@pytest.mark.parametrize("measures", [["fake_mean"], ["fake_bars"], ["fake_distance"]])
def test_a_dry_run_counts_what_will_be_computed(run, measures):
    dry = measure(run, measures, dry_run=True, **QUIET)
    assert run.results().empty
    real = measure(run, measures, **QUIET)
    assert dry.pending == real.computed
    again = measure(run, measures, dry_run=True, **QUIET)
    assert (again.pending, again.cached) == (0, real.results)
    assert "0 results to compute, no time" in str(again)


def test_the_time_is_that_of_the_cells_over_the_workers(run):
    report = measure(run, "fake_slow", dry_run=True, **QUIET)
    assert report.pending == 30
    assert 30 * 0.05 / 2 <= report.estimate < 3 * 30 * 0.05 / 2


def test_diagrams_are_timed_beside_the_measures_that_read_them(run):
    report = measure(run, "fake_bars", dry_run=True, **QUIET)
    assert set(report.work) == {"homology", "fake_bars"}
    assert min(report.work.values()) > 0


def test_cells_that_fail_do_not_disturb_the_estimate(run):
    report = measure(run, "fake_picky", dry_run=True, **QUIET)
    assert report.pending == 30


def test_all_is_a_word_for_every_measure_layer_and_epoch(run):
    assert chosen_measures(["all"]) == chosen_measures("*") == tuple(measures)
    assert chosen_layers(run, ["all"]) == ("input", *run.layers)
    assert chosen_epochs(run, ["all"]) == chosen_epochs(run, None) == run.epochs
