"""What holds for all measures: bad input gets its message, and points stay as they are."""

import inspect
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamella.errors import InputError
from lamella.homology import homology
from lamella.registry import measures
from lamella.results import KINDS, Table

OWN = [name for name in measures if measures[name].__module__.startswith("lamella.measures.")]
NEEDS = {
    name: [
        p.name
        for p in inspect.signature(measures[name]).parameters.values()
        if p.kind != p.KEYWORD_ONLY
    ]
    for name in OWN
}
CLOUDS = [n for n in OWN if NEEDS[n][0] in ("points", "maps")]
CLASSES = [n for n in OWN if "labels" in NEEDS[n]]
PAIRS = [n for n in OWN if "other" in NEEDS[n]]
# Do not depend on where the cloud lies, how it is turned, in which order its points are ...
BOUND = ("gdv", "perceptron_f1", "linear_probe", "dead_units", "saturated_units")
BOUND += ("activation_size", "homology", "wrong_neighbours")
RIGID = [n for n in CLOUDS if n not in BOUND]
# ... nor on its scale.
FREE = [n for n in RIGID if n not in ("class_distances", "class_components")]
FAST = {"rtd": {"sample": 24}}


def call(name, points, labels=None, other=None):
    labels = np.arange(len(points)) % 3 if labels is None else labels
    other = np.asarray(points)[:, ::-1] ** 2 if other is None else other
    inputs = {"points": points, "maps": points, "labels": labels, "other": other}
    given = [inputs[n] for n in NEEDS[name] if n in inputs]
    return measures[name](*given, **FAST.get(name, {}))


def cloud(seed, count=24, width=5):
    rng = np.random.default_rng(seed)
    return rng.random((count, width)) + np.eye(width)[np.arange(count) % 3]


def numbers(record):
    if isinstance(record, Table):
        return {k: c for k, c in record.columns.items() if c.dtype.kind in "fi"}
    return {"values": record.frame().select_dtypes("number").to_numpy()}


def agree(one, two, but=()):
    one, two = numbers(one), numbers(two)
    assert one.keys() == two.keys()
    for name in one.keys() - set(but):
        np.testing.assert_allclose(two[name], one[name], rtol=1e-4, atol=1e-7, err_msg=name)


@pytest.mark.parametrize("name", OWN)
def test_the_card_is_complete(name):
    card = measures.card(name)
    assert card.summary.endswith(".")
    assert {"Range", "Cost", "Misleads", "Source"} <= set(card.sections)
    assert any(year in card.sections["Source"] for year in map(str, range(1890, 2027)))
    assert {"value", "unit", "better", "default"} <= set(measures.facts(name))


@pytest.mark.parametrize("name", OWN)
def test_the_page_has_it(name):
    page = Path(__file__).parents[2] / "docs" / "measures.md"
    assert f"\n## {name}\n" in page.read_text(), "run: python docs/write_measures.py"


@pytest.mark.parametrize("name", CLOUDS)
def test_the_value_of_a_heat_map_is_a_column(name):
    record = call(name, cloud(0))
    assert type(record) in KINDS.values()
    value = measures.facts(name)["value"]
    assert value is None or not isinstance(record, Table) or value in record.columns


@pytest.mark.parametrize("name", CLOUDS)
def test_a_table_of_one_row_gives_its_value_as_a_number(name):
    record = call(name, cloud(0))
    if isinstance(record, Table) and len(record.frame()) == 1:
        column = record.columns[measures.facts(name)["value"]]
        assert record.value == float(record) == column[0]


@pytest.mark.parametrize("name", CLOUDS)
def test_lists_and_tensors_are_as_good_as_arrays(name):
    torch = pytest.importorskip("torch")
    points, labels = cloud(0), np.arange(24) % 3
    wanted = call(name, points, labels)
    agree(call(name, points.tolist(), labels.tolist()), wanted)
    agree(call(name, torch.from_numpy(points), torch.from_numpy(labels)), wanted)


@pytest.mark.parametrize("name", CLOUDS)
def test_nan_is_named_by_its_row(name):
    points = cloud(1)
    points[7, 2] = np.nan
    with pytest.raises(InputError, match=r"NaN in 1 of 24 rows \(first: row 7\)"):
        call(name, points, other=cloud(2))


@pytest.mark.parametrize("name", CLOUDS)
def test_numbers_without_rows_are_refused(name):
    with pytest.raises(InputError, match="points x features, got float64 of shape"):
        call(name, np.ones(5), labels=np.zeros(5), other=cloud(2))


ONE_CLASS = ("class_components", "hop_betti_numbers")


@pytest.mark.parametrize("name", CLASSES)
def test_labels_of_another_length(name):
    with pytest.raises(InputError, match="wants 24 labels, one per point, got 23"):
        call(name, cloud(3), labels=np.zeros(23))


@pytest.mark.parametrize("name", [n for n in CLASSES if n not in ONE_CLASS])
def test_one_class(name):
    with pytest.raises(InputError, match=r"labels of at least 2 classes, got 1 \(4\)"):
        call(name, cloud(4), labels=np.full(24, 4))


ONE_POINT = (*ONE_CLASS, "dead_units", "saturated_units", "activation_size", "homology")


@pytest.mark.parametrize("name", [n for n in CLOUDS if n not in ONE_POINT])
def test_one_sample(name):
    with pytest.raises(InputError, match=r"at least \d points?, got 1"):
        call(name, np.ones((1, 3)), labels=[0], other=np.ones((1, 3)))


@pytest.mark.parametrize("name", [n for n in CLOUDS if n not in ("neural_collapse", "homology")])
def test_constant_features_give_numbers_not_nan(name):
    record = call(name, np.ones((12, 4)), other=np.ones((12, 4)))
    assert not any(np.isnan(column).any() for column in numbers(record).values())


@pytest.mark.parametrize("name", [n for n in CLOUDS if n != "homology"])
def test_fewer_points_than_features(name):
    rng = np.random.default_rng(5)
    record = call(name, rng.random((9, 40)))
    unknown = {"nc3", "nc4"}  # without a classifier
    assert all(np.isfinite(c).all() for k, c in numbers(record).items() if k not in unknown)


@pytest.mark.parametrize("name", CLOUDS)
def test_inputs_are_not_changed(name):
    points, other = cloud(6), cloud(7)
    kept = points.copy(), other.copy()
    call(name, points, other=other)
    np.testing.assert_array_equal(points, kept[0])
    np.testing.assert_array_equal(other, kept[1])


@pytest.mark.parametrize("name", CLASSES)
def test_names_of_the_classes_do_not_matter(name):
    points = cloud(8)
    names = np.array(["ant", "bee", "cat"])[np.arange(24) % 3]
    agree(call(name, points), call(name, points, labels=names))


@given(st.integers(0, 10**6))
@settings(max_examples=4, deadline=None)
@pytest.mark.parametrize("name", RIGID)
def test_turning_shifting_and_reordering_change_nothing(name, seed):
    rng = np.random.default_rng(seed)
    points, other, labels = cloud(seed), cloud(seed + 1), np.arange(24) % 3
    turn, order = np.linalg.qr(rng.standard_normal((5, 5)))[0], rng.permutation(24)
    here = call(name, points, labels, other)
    there = call(name, (points @ turn + 3)[order], labels[order], other[order])
    agree(here, there)


@given(st.integers(0, 10**6), st.sampled_from([1e-12, 0.3, 1e12]))
@settings(max_examples=4, deadline=None)
@pytest.mark.parametrize("name", FREE)
def test_scale_changes_nothing(name, seed, scale):
    points, other = cloud(seed), cloud(seed + 1)
    agree(call(name, points, other=other), call(name, scale * points, other=other))


@pytest.mark.parametrize("name", CLOUDS)
def test_single_precision_is_enough(name):
    points = cloud(9).astype(np.float32)
    agree(call(name, points), call(name, points.astype(np.float64), other=points[:, ::-1] ** 2))


@pytest.mark.parametrize("name", [n for n in OWN if "diagrams" in NEEDS[n]])
def test_measures_of_diagrams_take_those_of_a_cloud(name):
    one, two = homology(cloud(10)), homology(cloud(11))
    record = measures[name](*[one, two][: len(NEEDS[name])])
    assert not any(np.isnan(column).any() for column in numbers(record).values())
