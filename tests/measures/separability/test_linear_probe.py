import numpy as np
import pytest
from scipy.optimize import minimize

from lamella.errors import InputError
from lamella.measures.separability.linear_probe import held_out, linear_probe


def slow_probe(points, labels, test):
    """Logistic regression by a general minimiser of its plain loss."""
    mean, spread = points[~test].mean(axis=0), points[~test].std(axis=0)
    x, count = (points - mean) / spread, labels.max() + 1

    def loss(flat):
        weights, bias = flat[: count * x.shape[1]].reshape(count, -1), flat[-count:]
        logits = x[~test] @ weights.T + bias
        logits -= logits.max(axis=1, keepdims=True)
        picked = logits[np.arange(len(logits)), labels[~test]]
        return (np.log(np.exp(logits).sum(axis=1)) - picked).sum() + 0.5 * (weights**2).sum()

    best = minimize(loss, np.zeros(count * (x.shape[1] + 1)), method="BFGS").x
    weights, bias = best[: count * x.shape[1]].reshape(count, -1), best[-count:]
    return (x @ weights.T + bias).argmax(axis=1) == labels


def test_equals_the_plain_minimiser():
    rng = np.random.default_rng(0)
    points, labels = rng.standard_normal((60, 3)), rng.integers(0, 3, 60)
    points[:, 0] += labels
    test = held_out(labels, 0.3)
    right = slow_probe(points, labels, test)
    found = linear_probe(points, labels).columns
    assert found["accuracy"][0] == pytest.approx(right[test].mean())
    assert found["train_accuracy"][0] == pytest.approx(right[~test].mean())
    assert found["chance"][0] == pytest.approx(np.bincount(labels[test]).max() / test.sum())


def test_each_class_is_held_out_by_its_share_but_never_whole():
    labels = np.repeat([0, 1, 2], [100, 10, 1])
    test = held_out(labels, 0.3)
    assert np.bincount(labels[test], minlength=3).tolist() == [30, 3, 0]
    assert np.bincount(labels[held_out(labels, 0.99)], minlength=3).tolist() == [99, 9, 0]


def test_noise_is_learnt_by_heart_but_not_found_again():
    rng = np.random.default_rng(1)
    found = linear_probe(rng.standard_normal((80, 100)), rng.integers(0, 2, 80)).columns
    assert found["train_accuracy"][0] == 1.0
    assert found["accuracy"][0] < 0.8


def test_message():
    with pytest.raises(InputError, match="a class of at least 2 points to hold some out"):
        linear_probe(np.eye(4), [0, 1, 2, 3])
