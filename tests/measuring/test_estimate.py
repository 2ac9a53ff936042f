"""A dry run counts what a real one computes, and stores nothing."""

import time
from types import SimpleNamespace

import pytest

from lamella.measuring import estimate, measure
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


def test_measures_of_many_samples_are_timed_on_few_and_scaled_up(monkeypatch):
    """A measure that takes the square of its samples, in microseconds: 200 and 400 tell 5,000."""
    taken = []

    def seconds(task, binder):
        taken.append(binder.cells.budget)
        return 1e-6 * binder.cells.budget**2

    monkeypatch.setattr(estimate, "timed_seconds", seconds)
    monkeypatch.setattr(estimate, "smaller", lambda binder, n: SimpleNamespace(
        cells=SimpleNamespace(budget=n)
    ))  # fmt: skip
    found = estimate.scaled_seconds(["a", "b"], None, 5000, time.monotonic() + 60)
    assert found == pytest.approx(25.0)
    assert set(taken) == {200, 400}


def test_what_there_is_no_time_for_is_named(run, monkeypatch):
    monkeypatch.setattr(estimate, "SECONDS", -1.0)
    report = measure(run, ["fake_mean", "fake_slow"], dry_run=True, **QUIET)
    assert len(report.work) == 1
    assert report.untimed
    assert report.pending == 60
    assert f"without {report.untimed[0]} (not timed)" in str(report)
