"""GDV, Fisher ratio, silhouette, margin and the vote of k neighbours."""

import numpy as np
import pytest
from sklearn.datasets import load_iris

from lamella.errors import InputError
from lamella.measures.compactness.gdv import gdv
from lamella.measures.compactness.silhouette import silhouette, silhouettes
from lamella.measures.separability.fisher_ratio import fisher_ratio
from lamella.measures.separability.knn_accuracy import knn_accuracy
from lamella.measures.separability.margin import margin

IRIS, SPECIES = load_iris(return_X_y=True)
RNG = np.random.default_rng(0)
POINTS, LABELS = RNG.random((24, 3)) + np.repeat(np.eye(3), 8, axis=0) / 3, np.repeat([0, 1, 2], 8)


def value(table, column):
    return float(table.columns[column][0])


def far(i, j, points=POINTS):
    return float(np.sqrt(((points[i] - points[j]) ** 2).sum()))


def test_known_values_of_iris():
    # Pair by pair in double precision it is -0.443987846555; the last digit known is off by one.
    assert value(gdv(IRIS, SPECIES), "gdv") == pytest.approx(-0.4439878467, abs=2e-10)
    assert value(fisher_ratio(IRIS, SPECIES), "ratio") == pytest.approx(6.63035206, abs=5e-9)
    assert value(silhouette(IRIS, SPECIES), "silhouette") == pytest.approx(0.50347744, abs=5e-9)


def test_gdv_pair_by_pair():
    z = (POINTS - POINTS.mean(axis=0)) / (2 * POINTS.std(axis=0))
    members = [np.flatnonzero(c == LABELS) for c in range(3)]
    intra = [np.mean([far(i, j, z) for i in m for j in m if i < j]) for m in members]
    inter = [
        np.mean([far(i, j, z) for i in members[a] for j in members[b]])
        for a, b in [(0, 1), (0, 2), (1, 2)]
    ]
    slow = (np.mean(intra) - np.mean(inter)) / np.sqrt(3)
    assert value(gdv(POINTS, LABELS), "gdv") == pytest.approx(slow)


def test_gdv_does_not_feel_the_scale_of_a_feature_nor_copies_of_all():
    stretched = POINTS * [1.0, 1000.0, 0.001]
    here = value(gdv(POINTS, LABELS), "gdv")
    assert value(gdv(stretched, LABELS), "gdv") == pytest.approx(here)
    assert value(gdv(np.hstack([POINTS, POINTS]), LABELS), "gdv") == pytest.approx(here)


def test_fisher_ratio_by_the_scatter_matrices():
    mean = POINTS.mean(axis=0)
    within, between = np.zeros((3, 3)), np.zeros((3, 3))
    for c in range(3):
        members = POINTS[c == LABELS]
        own = members.mean(axis=0)
        between += len(members) * np.outer(own - mean, own - mean)
        for x in members:
            within += np.outer(x - own, x - own)
    slow = np.trace(between) / np.trace(within)
    assert value(fisher_ratio(POINTS, LABELS), "ratio") == pytest.approx(slow)


def test_silhouette_point_by_point():
    for i in range(24):
        mean = [
            np.mean([far(i, j) for j in range(24) if LABELS[j] == c and j != i]) for c in range(3)
        ]
        a, b = mean[LABELS[i]], min(m for c, m in enumerate(mean) if c != LABELS[i])
        assert silhouettes(POINTS, LABELS)[i] == pytest.approx((b - a) / max(a, b))


def test_silhouette_of_a_point_alone_is_zero():
    assert silhouettes(np.array([[0.0], [1.0], [5.0]]), np.array([0, 0, 1]))[2] == 0


def test_margin_point_by_point():
    mean = np.mean([far(i, j) for i in range(24) for j in range(24) if i != j])
    margins, misses = [], []
    for i in range(24):
        hit = min(far(i, j) for j in range(24) if j != i and LABELS[j] == LABELS[i])
        miss = min(far(i, j) for j in range(24) if LABELS[j] != LABELS[i])
        margins.append((miss - hit) / 2 / mean)
        misses.append(miss / 2 / mean)
    found = margin(POINTS, LABELS)
    assert value(found, "margin") == pytest.approx(np.mean(margins))
    assert value(found, "positive") == np.mean(np.array(margins) > 0)
    assert value(found, "gap") == pytest.approx(min(misses))


@pytest.mark.parametrize("neighbours", [1, 3, 7])
def test_vote_point_by_point(neighbours):
    right = 0.0
    for i in range(24):
        others = sorted((j for j in range(24) if j != i), key=lambda j: far(i, j))
        votes = np.bincount(LABELS[others[:neighbours]], minlength=3)
        winners = np.flatnonzero(votes == votes.max())
        right += (LABELS[i] in winners) / len(winners)
    found = knn_accuracy(POINTS, LABELS, neighbours=neighbours)
    assert value(found, "accuracy") == pytest.approx(right / 24)


def test_neighbours_that_tie_for_the_last_place_share_it():
    # From 0: a at 1, then b and b tie at 2 for the last of two places: one vote each class.
    x = np.array([[0.0], [1.0], [2.0], [-2.0]])
    found = knn_accuracy(x, [0, 0, 1, 1], neighbours=2)
    # 0: a and a tie of b, b -> half; 1: 0 and 2 -> half; 2: 1 and 0 -> wrong; -2: 0, 1 -> wrong.
    assert value(found, "accuracy") == 0.25


def test_identical_points_have_defined_values():
    same, labels = np.ones((6, 2)), [0, 0, 0, 1, 1, 1]
    assert value(gdv(same, labels), "gdv") == 0
    assert value(fisher_ratio(same, labels), "ratio") == 0
    assert value(silhouette(same, labels), "silhouette") == 0
    assert value(margin(same, labels), "margin") == 0
    assert value(fisher_ratio(np.repeat([[0.0], [1.0]], 3, axis=0), labels), "ratio") == np.inf


def test_messages():
    with pytest.raises(InputError, match=r"a number of neighbours in \[1, 23\], got 24"):
        knn_accuracy(POINTS, LABELS, neighbours=24)
