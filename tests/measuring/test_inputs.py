"""Every name of an input that measures use is given, and nothing where a cell has none."""

import numpy as np

from lamella.geometry.baselines import gaussian_cloud, shuffled_labels
from lamella.measuring import measure
from lamella.measuring.inputs import GIVERS
from lamella.measuring.plan import inputs_of
from lamella.registry import measures
from lamella.store import write_scalars

QUIET = {"progress": False, "jobs": 2, "splits": "test"}


def test_every_registered_measure_can_be_served():
    known = {*GIVERS, "other", "other_diagrams"}
    for name in measures:
        required = {n for n, needed in inputs_of(name).items() if needed}
        assert required <= known, name


def test_measures_of_weights_get_those_of_the_layer(run):
    report = measure(run, "neural_persistence", epochs=4, **QUIET)
    assert set(run.results("neural_persistence")["layer"]) == {"fc1", "head"}
    assert report.inapplicable == 2
    wanted = measures["neural_persistence"](np.ones((5, 4))).columns["persistence"][0]
    assert run.record("neural_persistence", "fc1", 4, "test").columns["persistence"][0] == wanted


def test_updates_are_those_since_the_recorded_epoch_before(run):
    measure(run, "update_sizes", layers="head", **QUIET)
    frame = run.results("update_sizes")
    assert frame["epoch"].tolist() == [1, 4]
    assert frame["name"].tolist() == ["head.weight", "head.weight"]
    np.testing.assert_allclose(frame["ratio"], [np.inf, 3.0])


def test_gradients_are_those_the_recorder_noted(run):
    health = [("head.weight", 3.0, 0.6, 0.1), ("head.bias", 4.0, 0.8, 0.1)]
    write_scalars(run.path, 4, {}, health=[*health, ("fc1.weight", 1.0, None, None)])
    measure(run, "gradient_norm", **QUIET)
    frame = run.results("gradient_norm")
    assert frame[["layer", "epoch"]].to_numpy().tolist() == [["head", 4]]
    np.testing.assert_allclose(frame[["gradient", "weight", "ratio"]], [[1.0, 5.0, 0.2]])


def test_vines_follow_all_epochs_and_stand_at_the_last(run):
    report = measure(
        run, "vines", layers=["fc1", "head"], arguments={"vines": {"dimension": 0}}, **QUIET
    )
    assert set(run.results("vines")["epoch"]) == {4}
    assert report.inapplicable == 4
    vines = run.record("vines", "fc1", 4, "test").columns
    assert set(vines["epoch"]) == set(run.epochs)
    born = (vines["epoch"] == 1).sum()
    assert born == len(run.record("homology", "fc1", 1, "test").bars(0))


def test_neural_collapse_gets_the_classifier_only_where_the_layer_feeds_it(run):
    measure(run, "neural_collapse", epochs=4, **QUIET)
    known = run.results("neural_collapse").set_index("layer")["nc4"].notna()
    assert known.to_dict() == {"input": False, "fc1": False, "act1": True, "head": False}


def test_baselines_stand_beside_the_cell(run):
    names = ["gdv", "betti_numbers"]
    both = ["gaussian", "shuffled_labels"]
    measure(run, names, layers="fc1", epochs=4, baselines=both, seed=3, **QUIET)
    points = np.asarray(run.activations("fc1", 4, "test"))
    labels = np.asarray(run.labels("test"))
    gdv = measures["gdv"]
    wanted = {
        "gdv": gdv(points, labels),
        "gdv@gaussian": gdv(gaussian_cloud(points, seed=3), labels),
        "gdv@shuffled_labels": gdv(points, shuffled_labels(labels, seed=3)),
    }
    for name, record in wanted.items():
        assert run.record(name, "fc1", 4, "test").columns == record.columns
    homology = measures["homology"](gaussian_cloud(points, seed=3))
    found = run.record("homology@gaussian", "fc1", 4, "test")
    np.testing.assert_array_equal(found.birth, homology.birth)
    assert run.record("betti_numbers@gaussian", "fc1", 4, "test") is not None
    assert run.record("betti_numbers@shuffled_labels", "fc1", 4, "test") is None
