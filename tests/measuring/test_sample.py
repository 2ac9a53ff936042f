"""The same samples everywhere: by class, and by id alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lamella.measuring.sample import class_shares, stable_sample

LABELS = np.repeat([0, 1, 2], [600, 300, 100])
IDS = np.random.default_rng(0).permutation(5000)[:1000]


def test_classes_keep_their_shares():
    chosen = stable_sample(LABELS, IDS, 100)
    assert len(chosen) == 100
    np.testing.assert_allclose(np.bincount(LABELS[chosen]), [60, 30, 10], atol=1)


def test_order_of_the_samples_does_not_matter():
    order = np.random.default_rng(1).permutation(1000)
    one = IDS[stable_sample(LABELS, IDS, 100)]
    two = IDS[order][stable_sample(LABELS[order], IDS[order], 100)]
    assert set(one) == set(two)


def test_a_larger_sample_holds_the_smaller_one():
    small, large = (set(stable_sample(LABELS, IDS, n)) for n in (50, 200))
    assert small < large


def test_seeds_give_other_samples():
    one, two = (stable_sample(LABELS, IDS, 100, seed=s) for s in (0, 1))
    assert len(set(one) & set(two)) < 30


def test_ids_near_each_other_are_not_chosen_together():
    chosen = stable_sample(np.zeros(2000, int), np.arange(2000), 1000)
    runs = (np.diff(chosen) == 1).mean()
    assert 0.42 < runs < 0.58


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.integers(1, 200))
def test_shares_add_up_and_never_exceed_the_class(counts, budget):
    counts = np.array(counts)
    budget = min(budget, counts.sum())
    shares = class_shares(counts, budget)
    assert shares.sum() == max(budget, len(counts))
    assert (shares >= 1).all()
    assert (shares <= counts).all()
