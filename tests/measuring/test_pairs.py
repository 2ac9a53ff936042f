"""Measures of a pair: layer with layer, epoch with epoch, run with run."""

import pytest
from support.small_run import make_run

from lamella.measuring import measure

QUIET = {"progress": False, "jobs": 2}


def mean_gap(run, one, two):
    return abs(float(run.activations(*one).mean()) - float(run.activations(*two).mean()))


def test_each_pair_of_layers_is_compared_once(run):
    measure(run, "fake_distance", epochs=1, splits="test", **QUIET)
    frame = run.results("fake_distance")
    pairs = list(zip(frame["layer"], frame["against"], strict=True))
    order = ["input", *run.layers]
    assert pairs == [(a, b) for i, a in enumerate(order) for b in order[i + 1 :]]
    for row in frame.itertuples():
        wanted = mean_gap(run, (row.layer, 1, "test"), (row.against, 1, "test"))
        assert row.distance == pytest.approx(wanted, abs=1e-6)


def test_a_measure_that_is_not_symmetric_is_computed_both_ways(run, monkeypatch):
    from lamella.registry import measures

    facts = {**measures.facts("fake_distance"), "symmetric": False}
    monkeypatch.setitem(measures._facts, "fake_distance", facts)
    measure(run, "fake_distance", epochs=1, splits="test", **QUIET)
    assert len(run.results("fake_distance")) == 4 * 3


def test_each_epoch_is_compared_with_the_recorded_one_before(run):
    report = measure(run, "fake_distance", layers="fc1", splits="test", against="epochs", **QUIET)
    frame = run.results("fake_distance@epochs")
    assert list(zip(frame["epoch"], frame["against"], strict=True)) == [(1, "0"), (4, "1")]
    wanted = mean_gap(run, ("fc1", 4, "test"), ("fc1", 1, "test"))
    assert frame["distance"].iloc[1] == pytest.approx(wanted, abs=1e-6)
    assert report.inapplicable == 1


def test_a_run_is_compared_with_another_cell_by_cell(run, tmp_path):
    other = make_run(tmp_path / "narrow", seed=1)
    measure(run, "fake_distance", against=other.path, layers="fc1", splits="both", **QUIET)
    frame = run.results("fake_distance@narrow")
    assert set(frame["against"]) == {"narrow"}
    mine, theirs = (r.activations("fc1", 4, "both").mean() for r in (run, other))
    assert frame["distance"].iloc[-1] == pytest.approx(abs(float(mine - theirs)), abs=1e-6)


def test_runs_of_other_samples_are_not_compared(run, tmp_path):
    other = make_run(tmp_path / "other", sizes=(22, 10))
    report = measure(run, "fake_distance", against=other, layers="fc1", splits="train", **QUIET)
    assert report.computed == 0
    assert "wants the same samples in both runs" in report.failed[0].reason


def test_diagrams_of_both_sides_are_measured_first(run):
    report = measure(
        run, "fake_diagram_gap", layers=["fc1", "act1"], epochs=4, splits="test", **QUIET
    )
    assert report.computed == 3
    before = measure(
        run, "fake_diagram_gap", layers="fc1", epochs=4, splits="test", against="epochs", **QUIET
    )
    assert before.computed == 2  # homology of epoch 1, and the distance
    assert run.record("homology", "fc1", 1, "test") is not None


def test_diagrams_of_another_run_must_be_there(run, tmp_path):
    other = make_run(tmp_path / "narrow", seed=1)
    options = {"layers": "fc1", "epochs": 4, "splits": "test", **QUIET}
    report = measure(run, "fake_diagram_gap", against=other, **options)
    assert "Measure 'homology' of it first" in report.failed[0].reason
    measure(other, "homology", **options)
    assert measure(run, "fake_diagram_gap", against=other, **options).computed == 1


def test_records_that_are_no_tables_are_kept_for_one_partner_only(run):
    options = {"layers": "fc1", "epochs": 4, "splits": "test", **QUIET}
    assert measure(run, "fake_matrix", against="epochs", **options).computed == 1
    report = measure(run, "fake_matrix", **{**options, "layers": "*"})
    assert "wants a Table of each, got Matrix" in report.failed[0].reason
