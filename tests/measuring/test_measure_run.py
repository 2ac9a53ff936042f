"""Measuring a small run: every cell, once, and what fails is said."""

import numpy as np
import pytest

import lamella
from lamella.errors import InputError, LamellaError
from lamella.measuring import NOT_COMPUTED, measure
from lamella.results import Diagrams
from lamella.store import read_result_key

QUIET = {"progress": False, "jobs": 2}


def test_every_cell_has_the_value_of_its_own_points(run):
    report = measure(run, "fake_mean", **QUIET)
    frame = run.results("fake_mean")
    assert len(frame) == 4 * 3 * 3
    assert (report.computed, report.alike, report.cached, report.failed) == (27 + 3, 6, 0, ())
    for row in frame.itertuples():
        points = run.activations(row.layer, row.epoch, row.split)
        labels = run.labels(row.split)
        assert row.mean == pytest.approx(float(np.asarray(points)[labels == 1].mean()))


def test_a_second_call_computes_nothing_and_says_so(run, fakes):
    measure(run, "fake_mean", **QUIET)
    fakes.clear()
    report = measure(run, "fake_mean", **QUIET)
    assert fakes == []
    assert (report.computed, report.cached) == (0, 36)
    assert "nothing to compute, all 36 results are there" in str(report)


def test_other_arguments_or_force_compute_again(run, fakes):
    measure(run, "fake_mean", **QUIET)
    before = run.results("fake_mean")["mean"]
    doubled = measure(run, "fake_mean", arguments={"fake_mean": {"scale": 2.0}}, **QUIET)
    assert doubled.computed == 30
    np.testing.assert_allclose(run.results("fake_mean")["mean"], 2 * before)
    same = {"fake_mean": {"scale": 2.0}}
    assert measure(run, "fake_mean", arguments=same, force=True, **QUIET).computed == 30


def test_changed_content_is_measured_again(run):
    from lamella.store import write_activations

    measure(run, "fake_mean", splits="test", **QUIET)
    arrays = {name: np.array(run.activations(name, 4, "test")) for name in run.layers}
    write_activations(run.path, 4, "test", {**arrays, "head": arrays["head"] + 1})
    report = measure(run, "fake_mean", splits="test", **QUIET)
    assert (report.computed, report.cached) == (1, 11)


def test_names_and_globs_choose_cells(run):
    measure(run, ["fake_mean"], layers=["fc*", "head"], epochs=[0, "last"], splits="test", **QUIET)
    frame = run.results("fake_mean")
    assert frame[["layer", "epoch", "split"]].values.tolist() == [
        ["fc1", 0, "test"],
        ["fc1", 4, "test"],
        ["head", 0, "test"],
        ["head", 4, "test"],
    ]


def test_a_failed_cell_stops_nothing_and_is_marked(run, fakes):
    report = measure(run, ["fake_picky", "fake_mean"], layers=["fc1", "head"], **QUIET)
    assert report.computed == 9 + 18
    assert len(report.failed) == 9
    assert "fake_picky of head, epoch 0, train: ZeroDivisionError: two features" in str(report)
    marked = run.results(NOT_COMPUTED)
    assert set(marked["layer"]) == {"head"}
    assert set(marked["measure"]) == {"fake_picky"}
    assert marked["reason"].str.contains("two features").all()
    assert run.record("fake_picky", "head", 0, "train") is None


def test_failures_of_one_place_are_one_line_with_its_first_cause(run):
    from lamella.store import write_activations

    arrays = {name: np.array(run.activations(name, 4, "test")) for name in run.layers}
    write_activations(run.path, 4, "test", {**arrays, "fc1": arrays["fc1"] * np.nan})
    report = measure(run, ["fake_bars", "fake_picky"], splits="test", **QUIET)
    lines = [line for line in str(report).splitlines() if "not computed" in line]
    assert len(report.failed) == 3 + 2 == len(report.as_json()["failed"])
    assert len(lines) == 4
    (line,) = [line for line in lines if "fc1" in line]
    assert line.startswith("  not computed: homology of fc1, epoch 4, test: ")
    assert "NaN in 10 of 10 rows" in line
    assert line.endswith(" And 1 more there.")


def test_many_places_that_fail_are_counted():
    from lamella.measuring import Failure, MeasureReport

    failed = tuple(Failure("gdv", "fc1", e, s, "no") for e in range(14) for s in ("train", "test"))
    lines = str(MeasureReport("run", failed=failed)).splitlines()
    assert lines[1] == "  not computed: gdv of fc1, epoch 0, train: no. And 1 more there."
    assert lines[-1] == "  and 4 more; --json lists them all"
    assert len(lines) == 1 + 12 + 1


def test_a_failure_goes_away_when_the_cell_succeeds(run, monkeypatch):
    from lamella.registry import measures

    measure(run, "fake_picky", layers="head", **QUIET)
    works = measures["fake_mean"]
    monkeypatch.setitem(measures._functions, "fake_picky", works)
    report = measure(run, "fake_picky", layers="head", **QUIET)
    assert (report.computed, report.failed) == (9, ())
    assert len(run.results(NOT_COMPUTED)) == 0


def test_bad_input_is_not_tried_twice(run, fakes, monkeypatch):
    from lamella.registry import measures

    def refuses(points):
        fakes.append("refuses")
        raise InputError("refuses() wants nothing, got something. Stop.")

    monkeypatch.setitem(measures._functions, "fake_picky", refuses)
    first = measure(run, "fake_picky", layers="fc1", splits="test", **QUIET)
    second = measure(run, "fake_picky", layers="fc1", splits="test", **QUIET)
    assert len(fakes) == 3
    assert [f.reason for f in second.failed] == [f.reason for f in first.failed]


def test_what_is_not_a_record_is_a_failure(run):
    report = measure(run, "fake_number", layers="fc1", epochs=0, splits="test", **QUIET)
    assert "wants to return a record" in report.failed[0].reason


def test_measures_of_diagrams_bring_homology_along(run):
    report = measure(run, "fake_bars", layers="fc1", epochs=0, **QUIET)
    assert report.computed == 6
    diagrams = run.record("homology", "fc1", 0, "both")
    assert isinstance(diagrams, Diagrams)
    assert run.record("fake_bars", "fc1", 0, "both").columns["bars"] == len(diagrams.birth)


def test_stored_diagrams_of_other_arguments_will_do_for_measures_that_follow(run):
    options = {"layers": "fc1", "epochs": 0, "splits": "test", **QUIET}
    measure(run, "homology", arguments={"homology": {"max_dimension": 0}}, **options)
    key = read_result_key(run.path, "homology", "fc1", 0, "test")
    report = measure(run, "fake_bars", **options)
    assert (report.computed, report.cached) == (1, 1)
    assert read_result_key(run.path, "homology", "fc1", 0, "test") == key


def test_new_diagrams_bring_new_numbers(run):
    options = {"layers": "fc1", "epochs": 0, "splits": "test", **QUIET}
    measure(run, ["homology", "fake_bars"], **options)
    arguments = {"homology": {"max_dimension": 0}}
    report = measure(run, ["homology", "fake_bars"], arguments=arguments, **options)
    assert report.computed == 2
    assert run.record("fake_bars", "fc1", 0, "test").columns["bars"] == 10


def test_only_what_feeds_the_classifier_gets_its_weights(run):
    report = measure(run, "fake_classifier", splits="test", **QUIET)
    assert set(run.results("fake_classifier")["layer"]) == {"act1"}
    assert run.results("fake_classifier")["norm"].tolist() == [0.0, 10.0, 40.0]
    assert (report.computed, report.inapplicable, report.failed) == (3, 9, ())


def test_large_cells_are_sampled_and_say_so(tmp_path):
    from support.small_run import make_run

    run = make_run(tmp_path / "large", sizes=(200, 40))
    report = measure(run, "fake_mean", layers=["fc1", "input"], epochs=0, budget=50, **QUIET)
    assert report.sampled == {"train": (50, 200), "both": (50, 240)}
    assert "split train: 50 of 200 samples" in str(report)
    frame = run.results("fake_mean").set_index(["layer", "split"])
    assert frame.loc[("fc1", "train"), ["samples", "of_samples"]].tolist() == [50, 200]
    assert measure(run, "fake_mean", layers="fc1", epochs=0, budget=60, **QUIET).computed == 2


def test_who_replaces_results_by_ones_of_fewer_samples_is_told(tmp_path):
    from support.small_run import make_run

    run = make_run(tmp_path / "large", sizes=(200, 40))
    options = {"layers": "fc1", "epochs": [0, 1], "splits": "train", **QUIET}
    first = measure(run, "fake_mean", budget=100, **options)
    assert (first.narrowed, "replaced" in first.warning) == (0, False)
    assert "results are of 100 of 200 samples of train" in first.warning
    second = measure(run, "fake_mean", budget=50, **options)
    assert (second.computed, second.narrowed) == (2, 2)
    assert "They replaced 2 results of more samples" in second.warning
    third = measure(run, "fake_mean", **options)
    assert (third.computed, third.narrowed, third.warning) == (2, 0, "")


def test_a_budget_without_two_of_each_class_is_refused(tmp_path):
    from support.small_run import make_run

    run = make_run(tmp_path / "large", sizes=(200, 3))
    for split, budget in (("train", 3), ("both", 1), ("test", 2)):
        with pytest.raises(InputError, match="at least 4 samples, two of each class, got"):
            measure(run, "fake_mean", splits=split, budget=budget, **QUIET)
    assert measure(run, "fake_mean", splits="test", budget=3, **QUIET).failed == ()
    bare = make_run(tmp_path / "bare", labels=False)
    with pytest.raises(InputError, match="at least 2 samples"):
        measure(bare, "fake_slow", budget=1, **QUIET)


def test_a_run_without_labels_is_measured_where_labels_do_not_matter(tmp_path):
    from support.small_run import make_run

    run = make_run(tmp_path / "bare", labels=False)
    report = measure(run, ["fake_mean", "fake_slow"], epochs=0, splits="test", **QUIET)
    assert (report.computed, report.inapplicable, report.failed) == (4, 4, ())


def test_a_path_will_do_and_so_will_the_public_name(run):
    from lamella.measuring import report

    found = lamella.measure(run.path, "fake_mean", epochs=0, splits="test", **QUIET)
    assert isinstance(found, report.MeasureReport)
    assert lamella.measure(run.path, "fake_mean", epochs=0, splits="test", **QUIET).computed == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measures": "fake_maen"}, "no measure is called 'fake_maen'. Nearest: fake_mean"),
        ({"layers": "fc9"}, "no layer is called 'fc9'. Nearest: fc1"),
        ({"splits": "trian"}, "no split is called 'trian'. Nearest: train"),
        ({"splits": "validation"}, "no split is called 'validation'. Known: both, test, train"),
        ({"epochs": 3}, r"wants recorded epochs \(0, 1, 4\), got 3"),
        ({"arguments": {"fake_mean": {"scael": 1}}}, "no argument of measure 'fake_mean'"),
        ({"arguments": {"fake_mean": 3}}, "wants arguments as"),
        ({"arguments": {"gdvv": {}}}, "no chosen measure is called 'gdvv'"),
        ({"arguments": {"homology": {"max_dimension": 2}}}, "no chosen measure is called 'homo"),
        ({"jobs": 0}, "wants jobs of at least 1, got 0"),
        ({"executor": "threats"}, "wants executor 'threads'"),
        ({"baselines": ["gausian"]}, "no baseline is called 'gausian'. Nearest: gaussian"),
    ],
)
def test_bad_input_says_what_to_do(run, options, message):
    with pytest.raises(LamellaError, match=message):
        measure(run, **{"measures": "fake_mean", **QUIET, **options})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"max_dimension": "two"}, "wants max_dimension as a whole number, got 'two'"),
        ({"max_dimension": True}, "wants max_dimension as a whole number, got True"),
        ({"max_scale": "far"}, "wants max_scale as a number or null, got 'far'"),
        ({"max_dim": 2}, "no argument of measure 'homology' is called 'max_dim'"),
    ],
)
def test_arguments_are_checked_before_anything_is_computed(run, fakes, given, message):
    with pytest.raises(LamellaError, match=message):
        measure(run, ["fake_mean", "fake_bars"], arguments={"homology": given}, **QUIET)
    assert fakes == []
    assert run.results().empty


def test_arguments_may_be_numpy_numbers_and_whole_ones_where_numbers_are_wanted(run):
    given = {"max_dimension": np.int64(0), "max_scale": 3}
    options = {"layers": "fc1", "epochs": 0, "splits": "test", **QUIET}
    report = measure(run, "homology", arguments={"homology": given}, **options)
    assert (report.computed, report.failed) == (1, ())
