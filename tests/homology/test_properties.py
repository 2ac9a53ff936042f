"""What must not change a diagram, and what it must obey."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamella.homology import farthest_points, homology, pairwise_distances, stratified_sample

SETTINGS = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}
seeds = st.integers(0, 2**32 - 1)


def cloud(seed, n=25):
    return np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32).astype(float)


def assert_close(ours, theirs, factor=1.0):
    for k in range(3):
        a, b = ours.bars(k), theirs.bars(k) * factor
        # rounding may make or unmake bars as short as itself
        a, b = (r[r[:, 1] - r[:, 0] > 1e-5 * factor] for r in (a, b))
        np.testing.assert_allclose(np.sort(a, axis=0), np.sort(b, axis=0), rtol=1e-5)


@settings(max_examples=40, **SETTINGS)
@given(seeds)
def test_the_order_of_the_points_does_not_matter(seed):
    points = cloud(seed)
    shuffled = np.random.default_rng(seed).permutation(points)
    assert_close(homology(points, 2), homology(shuffled, 2))


@settings(max_examples=40, **SETTINGS)
@given(seeds, st.floats(0.01, 100))
def test_rotation_translation_and_scale(seed, factor):
    points = cloud(seed)
    rotation, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    moved = (points @ rotation + 7) * factor
    assert_close(homology(moved, 2), homology(points, 2), factor)


@settings(max_examples=30, **SETTINGS)
@given(seeds, st.floats(0.3, 2.5))
def test_max_scale_cuts_the_same_bars(seed, scale):
    whole, cut = homology(cloud(seed), 2), homology(cloud(seed), 2, max_scale=scale)
    for k in range(3):
        bars = whole.bars(k)
        bars = bars[bars[:, 0] <= scale]
        bars[bars[:, 1] > scale, 1] = np.inf
        assert np.sort(cut.bars(k), axis=0).tolist() == np.sort(bars, axis=0).tolist()


@settings(max_examples=30, **SETTINGS)
@given(seeds, st.integers(4, 24))
def test_landmarks_keep_their_bound(seed, count):
    points = cloud(seed)
    full, some = homology(points), homology(points, landmarks=count)
    assert some.points == count
    # a bar longer than twice the bound cannot vanish, whatever the matching
    longest = full.bars(1)
    longest = longest[longest[:, 1] - longest[:, 0] > 2 * some.bound]
    found = some.bars(1)
    for birth, death in longest:
        gap = np.abs(found - [birth, death]).max(axis=1)
        assert gap.min() <= some.bound + 1e-6


@settings(max_examples=30, **SETTINGS)
@given(seeds)
def test_a_representative_is_a_cycle_born_with_its_bar(seed):
    points = np.random.default_rng(seed).integers(0, 6, (40, 2))
    diagrams = homology(points, representatives=True)
    matrix = pairwise_distances(points)
    assert len(diagrams.vertices) == len(diagrams.birth)
    for birth, dimension, cycle in zip(
        diagrams.birth, diagrams.dimension, diagrams.vertices, strict=True
    ):
        assert len(cycle) == 0 if dimension == 0 else len(cycle) >= 4
        if dimension == 1:
            sides = [matrix[a, b] for a, b in zip(cycle, cycle[1:] + cycle[:1], strict=True)]
            assert max(sides) == pytest.approx(birth)
            assert len(set(cycle)) == len(cycle)


@settings(max_examples=40, **SETTINGS)
@given(seeds, st.integers(1, 40))
def test_farthest_points_cover_and_spread(seed, count):
    points = cloud(seed, 40)
    chosen, radius = farthest_points(points, count)
    gaps = np.linalg.norm(points[:, None] - points[chosen][None], axis=2)
    assert gaps.min(axis=1).max() == pytest.approx(radius, abs=1e-6)
    apart = gaps[chosen] + 1e9 * np.eye(count)
    assert apart.min() >= radius - 1e-9  # Gonzalez: so no cover is better than half the radius


@settings(max_examples=40, **SETTINGS)
@given(seeds, st.integers(1, 60))
def test_a_stratified_sample_keeps_shares_and_grows(seed, count):
    labels = np.repeat([3, 1, 7], [30, 20, 10])
    chosen = stratified_sample(labels, count, seed=seed)
    assert len(set(chosen.tolist())) == count
    for label, size in ((3, 30), (1, 20), (7, 10)):
        assert abs((labels[chosen] == label).sum() - count * size / 60) < 1
    assert np.array_equal(chosen, stratified_sample(labels, count, seed=seed))
