import numpy as np
import pytest
from sklearn.datasets import load_iris

from lamella.errors import InputError
from lamella.measures.compactness.neural_collapse import neural_collapse

IRIS, SPECIES = load_iris(return_X_y=True)


def values(table):
    return {name: float(column[0]) for name, column in table.columns.items()}


def simplex(classes, copies=5):
    """Points of a simplex equiangular tight frame with its own classifier."""
    corners = classes * np.eye(classes) - 1
    return np.repeat(corners, copies, axis=0), np.repeat(range(classes), copies), corners


def slow_collapse(points, labels, weight, bias):
    """The definitions with every matrix written out."""
    count = labels.max() + 1
    means = np.array([points[labels == c].mean(axis=0) for c in range(count)])
    middle = means - means.mean(axis=0)
    within = sum(np.outer(x - means[c], x - means[c]) for x, c in zip(points, labels, strict=True))
    between = sum(np.outer(m, m) for m in middle) / count
    norms = [np.linalg.norm(m) for m in middle]
    cosines = [
        middle[a] @ middle[b] / norms[a] / norms[b]
        for a in range(count)
        for b in range(count)
        if a != b
    ]
    wrong = [
        np.argmax(weight @ x + bias) != np.argmin([np.linalg.norm(x - m) for m in means])
        for x in points
    ]
    return {
        "nc1": np.trace(within / len(points) @ np.linalg.pinv(between, rcond=1e-8)) / count,
        "nc2_norms": np.std(norms) / np.mean(norms),
        "nc2_angles": np.mean([abs(c + 1 / (count - 1)) for c in cosines]),
        "nc3": np.linalg.norm(weight / np.linalg.norm(weight) - middle / np.linalg.norm(middle))
        ** 2,
        "nc4": np.mean(wrong),
    }


def test_known_value_of_iris():
    assert values(neural_collapse(IRIS, SPECIES))["nc1"] == pytest.approx(1.70807563, abs=5e-9)


def test_a_simplex_of_ten_classes_has_collapsed():
    points, labels, weight = simplex(10)
    found = values(neural_collapse(points, labels, weight, np.zeros(10)))
    assert found == pytest.approx(dict.fromkeys(found, 0.0), abs=1e-12)
    unit = weight / np.linalg.norm(weight, axis=1)[:, None]
    assert (unit @ unit.T)[0, 1] == pytest.approx(-1 / 9)


@pytest.mark.parametrize("shape", [(40, 6), (30, 50)])
def test_equals_the_definitions_written_out(shape):
    rng = np.random.default_rng(0)
    points, labels = rng.random(shape), np.arange(shape[0]) % 4
    points[:, :4] += np.eye(4)[labels]
    weight, bias = rng.standard_normal((4, shape[1])), rng.standard_normal(4)
    found = values(neural_collapse(points, labels, weight, bias))
    assert found == pytest.approx(slow_collapse(points, labels, weight, bias))


def test_rotation_scale_and_order_do_not_matter():
    rng = np.random.default_rng(1)
    points, labels = rng.random((30, 5)), np.arange(30) % 3
    weight = rng.random((3, 5))
    turn, order = np.linalg.qr(rng.random((5, 5)))[0], rng.permutation(30)
    here = values(neural_collapse(points, labels, weight))
    turned = neural_collapse(4 * points @ turn, labels, weight @ turn)
    assert values(turned) == pytest.approx(here)
    assert values(neural_collapse(points[order], labels[order], weight)) == pytest.approx(here)


@pytest.mark.parametrize("weight", [None, np.ones((3, 9)), np.ones((2, 5)), np.zeros((3, 5))])
def test_without_a_classifier_that_fits_the_last_two_are_unknown(weight):
    rng = np.random.default_rng(2)
    found = values(neural_collapse(rng.random((12, 5)), np.arange(12) % 3, weight))
    assert np.isnan([found["nc3"], found["nc4"]]).all()
    assert np.isfinite([found["nc1"], found["nc2_norms"], found["nc2_angles"]]).all()


def test_a_probe_of_some_classes_uses_their_rows():
    points, labels, weight = simplex(5)
    some = np.isin(labels, [1, 4])
    whole = neural_collapse(points[some], labels[some], weight, np.zeros(5))
    assert values(whole) == pytest.approx(
        values(neural_collapse(points[some], labels[some] == 4, weight[[1, 4]], np.zeros(2)))
    )


def test_message_where_class_means_coincide():
    with pytest.raises(
        InputError, match="class means away from their mean, got 2 of 2 that coincide"
    ):
        neural_collapse(np.ones((6, 3)), [0, 0, 0, 1, 1, 1])
