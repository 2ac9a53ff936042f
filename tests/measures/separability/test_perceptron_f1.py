import sys
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition import PCA
from sklearn.metrics import f1_score

from lamella.errors import MissingExtra, UnknownName
from lamella.geometry.principal import scores
from lamella.measures.compactness.gdv import standardise
from lamella.measures.separability.perceptron_f1 import f1_scores, fit_predict, perceptron_f1
from lamella.seeds import numpy_generator

IRIS, SPECIES = load_iris(return_X_y=True)
DIGITS, DIGIT = (array[:500] for array in load_digits(return_X_y=True))


def slow_perceptrons(points, labels, epochs, seed=0):
    """The same rule, one perceptron, batch and sample at a time."""
    inputs = [[*row, 1.0] for row in standardise(points).tolist()]
    count, width = int(labels.max()) + 1, len(inputs[0])
    weights = [[0.0] * width for _ in range(count)]
    generator = numpy_generator(seed, "perceptron")
    best, best_hits = None, -1

    def output(c, i, rows=weights):
        return sum(w * x for w, x in zip(rows[c], inputs[i], strict=True))

    for _ in range(epochs):
        order = generator.permutation(len(inputs)).tolist()
        total = [[0.0] * width for _ in range(count)]
        for start in range(0, len(order), 16):
            batch = order[start : start + 16]
            for c in range(count):
                signs = {i: 1.0 if labels[i] == c else -1.0 for i in batch}
                wrong = [i for i in batch if output(c, i) * signs[i] <= 0]
                for i in wrong:
                    weights[c] = [
                        w + signs[i] * x for w, x in zip(weights[c], inputs[i], strict=True)
                    ]
                total[c] = [s + w for s, w in zip(total[c], weights[c], strict=True)]
        outputs, means = (
            np.array([[output(c, i, rows) for c in range(count)] for i in range(len(inputs))])
            for rows in (weights, total)
        )
        for predicted in (outputs.argmax(axis=1), means.argmax(axis=1)):
            if (hits := (predicted == labels).sum()) > best_hits:
                best, best_hits = predicted, hits
        if all(
            (outputs[i, c] > 0) == (labels[i] == c)
            for i in range(len(inputs))
            for c in range(count)
        ):
            break
    return best


def test_equals_the_plain_perceptrons():
    few = np.random.default_rng(0).permutation(150)[:45]
    points, labels = IRIS[few], SPECIES[few]
    for epochs in (1, 6):
        slow = slow_perceptrons(points, labels, epochs)
        np.testing.assert_array_equal(fit_predict(points, labels, epochs=epochs), slow)


def test_more_features_than_points_are_turned_into_fewer_axes():
    rng = np.random.default_rng(4)
    points, labels = np.repeat(rng.standard_normal((12, 30)), 2, axis=0), rng.integers(0, 3, 24)
    slow = slow_perceptrons(points, labels, 5)
    np.testing.assert_array_equal(fit_predict(points, labels, epochs=5), slow)


def test_scores_equal_those_of_scikit_learn():
    rng = np.random.default_rng(1)
    labels, predicted = rng.integers(0, 4, 60), rng.integers(0, 4, 60)
    found = f1_scores(labels, predicted)
    np.testing.assert_allclose(found[:-1], f1_score(labels, predicted, average=None))
    assert found[-1] == pytest.approx(f1_score(labels, predicted, average="micro"))


def test_separable_classes_reach_one():
    rng = np.random.default_rng(2)
    centres = 6 * np.eye(4)
    points = np.repeat(centres, 20, axis=0) + rng.standard_normal((80, 4))
    assert (perceptron_f1(points, np.repeat(range(4), 20)).columns["f1"] == 1).all()


def test_any_labels_are_separable_with_more_features_than_points():
    rng = np.random.default_rng(3)
    table = perceptron_f1(rng.standard_normal((40, 60)), rng.integers(0, 3, 40))
    assert table.columns["f1"][-1] == 1.0


def test_no_line_separates_the_middle_of_three():
    x = np.array([[0.0], [1.0], [2.0]]).repeat(5, axis=0)
    table = perceptron_f1(x, np.repeat([0, 1, 0], 5))
    assert table.columns["f1"][-1] == pytest.approx(10 / 15)


def test_compression_lists_every_dimension_below_the_features_and_ends_with_all():
    table = perceptron_f1(DIGITS, DIGIT, dimensions=(2, 8, 64, 1024), epochs=20).frame()
    micro = table[table["class"] == "micro"]
    assert micro["dimension"].tolist() == [2, 8, 64]
    assert micro["method"].tolist() == ["pca", "pca", "full"]
    assert micro["f1"].is_monotonic_increasing
    assert len(table) == 3 * 11


def test_compression_is_that_of_pca():
    ours, peer = scores(DIGITS, 5), PCA(5).fit_transform(DIGITS)
    np.testing.assert_allclose(np.abs(ours), np.abs(peer), atol=1e-6)
    wide = DIGITS[:30]
    np.testing.assert_allclose(
        np.abs(scores(wide, 5)), np.abs(PCA(5).fit_transform(wide)), atol=1e-6
    )


def test_a_seed_fixes_it_and_shuffled_labels_score_lower():
    once, again = (perceptron_f1(DIGITS[:, 20:24], DIGIT, seed=3).columns["f1"] for _ in range(2))
    np.testing.assert_array_equal(once, again)
    shuffled = np.random.default_rng(0).permutation(DIGIT)
    assert perceptron_f1(DIGITS[:, 20:24], shuffled).columns["f1"][-1] < once[-1] - 0.1


def test_missing_umap_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(MissingExtra, match=r"pip install 'lamella\[umap\]'"):
        perceptron_f1(DIGITS, DIGIT, dimensions=[2], methods=["umap"])


def test_umap_gets_the_points_and_its_limits(monkeypatch):
    # The true one compiles for half a minute: here it keeps the first features.
    seen = []

    class UMAP:
        def __init__(self, **options):
            seen.append(options)

        def fit_transform(self, points):
            return points[:, : seen[-1]["n_components"]]

    monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=UMAP))
    points, labels = DIGITS[:40], DIGIT[:40]
    table = perceptron_f1(points, labels, dimensions=(20, 50), methods=("umap",), seed=3).frame()
    assert table["method"].unique().tolist() == ["umap", "full"]
    kept = perceptron_f1(points[:, :20], labels, seed=3).columns["f1"]
    assert table[table["dimension"] == 20]["f1"].tolist() == kept.tolist()
    assert [options["init"] for options in seen] == ["spectral", "random"]
    assert {options["random_state"] for options in seen} == {3}


def test_unknown_compression_names_the_nearest():
    with pytest.raises(UnknownName, match=r"no compression is called 'uamp'. Nearest: umap"):
        perceptron_f1(DIGITS, DIGIT, methods=["uamp"])
