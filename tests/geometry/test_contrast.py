from itertools import product
from math import comb

import numpy as np
import pytest

from lamella.errors import InputError
from lamella.geometry.contrast import contrast_cells, holm, mcnemar, paired_permutation


def value(table, column):
    return table.columns[column][0]


def test_permutation_equals_all_signs():
    rng = np.random.default_rng(0)
    first, second = rng.random(7), rng.random(7)
    d = first - second
    ways = [
        abs(sum(s * x for s, x in zip(signs, d, strict=True)))
        for signs in product((1, -1), repeat=7)
    ]
    slow = np.mean([way >= abs(d.sum()) - 1e-12 for way in ways])
    found = paired_permutation(first, second)
    assert value(found, "p") == pytest.approx(slow)
    assert value(found, "difference") == pytest.approx(d.mean())


def test_random_signs_come_close_to_all_signs(monkeypatch):
    rng = np.random.default_rng(1)
    first, second = rng.random(12), rng.random(12) + 0.15
    exact = value(paired_permutation(first, second), "p")
    monkeypatch.setattr("lamella.geometry.contrast.EXACT", 5)
    assert value(paired_permutation(first, second), "p") == pytest.approx(exact, abs=0.02)


def test_false_alarms_come_at_the_level():
    rng = np.random.default_rng(2)
    p = [value(paired_permutation(rng.random(9), rng.random(9)), "p") for _ in range(300)]
    assert np.mean(np.array(p) <= 0.1) == pytest.approx(0.1, abs=0.05)


def test_mcnemar_by_binomials():
    rng = np.random.default_rng(3)
    first, second = rng.random((2, 50)) < 0.4, rng.random((2, 50)) < 0.2
    found = mcnemar(first, second)
    b, c = int((first & ~second).sum()), int((second & ~first).sum())
    tail = sum(comb(b + c, k) for k in range(max(b, c), b + c + 1)) / 2 ** (b + c)
    assert (value(found, "only_first"), value(found, "only_second")) == (b, c)
    assert value(found, "p") == pytest.approx(min(1.0, 2 * tail))
    assert value(found, "difference") == pytest.approx(first.mean() - second.mean())


def test_runs_that_err_alike_have_p_one():
    assert value(mcnemar([1, 0, 1], [1, 0, 1]), "p") == 1
    assert value(mcnemar([1, 0], [0, 1]), "p") == 1


def test_holm_step_by_step():
    p = np.random.default_rng(4).random(12) ** 3
    order, worst, slow = np.argsort(p), 0.0, np.empty(12)
    for step, k in enumerate(order):
        worst = max(worst, p[k] * (12 - step))
        slow[k] = min(worst, 1.0)
    np.testing.assert_allclose(holm(p), slow)
    assert holm([]).tolist() == []


def test_cells_are_corrected_for_their_number():
    rng = np.random.default_rng(5)
    wrong = {(layer, e): rng.random((3, 80)) < 0.3 for layer in ("fc1", "fc2") for e in (0, 4)}
    other = {cell: w.copy() for cell, w in wrong.items() if cell != ("fc1", 0)}
    other["fc2", 4][:] = 0
    table = contrast_cells(wrong, other).frame().set_index(["layer", "epoch"])
    assert len(table) == 3
    assert table.loc[("fc2", 4), "p_holm"] == pytest.approx(3 * table.loc[("fc2", 4), "p"])
    assert table.loc[("fc2", 4), "p_holm"] < 1e-10
    assert table.loc[("fc1", 4), "p_holm"] == 1


def test_messages():
    with pytest.raises(
        InputError, match=r"mcnemar.. wants two arrays of the same shape, not empty"
    ):
        mcnemar([1, 0], [1])
    with pytest.raises(InputError, match=r"paired_permutation.. wants finite numbers, got NaN"):
        paired_permutation([np.nan], [1.0])
    with pytest.raises(InputError, match="cells in common, got 1 and 1 without one"):
        contrast_cells({("a", 0): [1]}, {("a", 1): [1]})
