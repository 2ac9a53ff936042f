"""Circular coordinates: the angle on circles, on both ways around a torus, and what has none."""

import numpy as np
import pytest

from lamella.errors import InputError, LamellaError
from lamella.homology import circular_coordinates, homology, pairwise_distances


def off_by(found, angle):
    """The greatest distance, in turns, of coordinates from an angle, up to shift and sense."""
    best = 1.0
    for sense in (1, -1):
        apart = (sense * found - angle / (2 * np.pi)) * 2 * np.pi
        shift = np.angle(np.exp(1j * apart).mean())
        best = min(best, np.abs(np.angle(np.exp(1j * (apart - shift)))).max() / (2 * np.pi))
    return best


def ring(angle, radius=1.0):
    return radius * np.column_stack([np.cos(angle), np.sin(angle)])


@pytest.mark.parametrize("prime", [3, 47])
@pytest.mark.parametrize("size", [5, 24, 200])
def test_regular_points_get_their_angle(size, prime):
    angle = 2 * np.pi * np.random.default_rng(0).permutation(size) / size
    found = circular_coordinates(ring(angle), prime=prime)
    assert ((found >= 0) & (found < 1)).all()
    assert off_by(found, angle) < 1e-6


@pytest.mark.parametrize("metric", ["euclidean", "precomputed", "manhattan"])
def test_a_noisy_circle_with_duplicates_in_three_dimensions(metric):
    rng = np.random.default_rng(1)
    angle = np.sort(rng.random(120)) * 2 * np.pi
    points = np.column_stack([ring(angle), np.zeros(120)]) + 0.05 * rng.normal(size=(120, 3))
    points, angle = np.concatenate([points, points[:9]]), np.concatenate([angle, angle[:9]])
    given = pairwise_distances(points) if metric == "precomputed" else points
    found = circular_coordinates(given, metric=metric)
    assert off_by(found, angle) < 0.1  # noise and chords of an uneven ring
    assert np.abs(np.exp(2j * np.pi * found[:9]) - np.exp(2j * np.pi * found[120:])).max() < 1e-3


def test_two_loops_have_an_angle_each():
    one, two = (2 * np.pi * np.arange(n) / n for n in (30, 20))
    points = np.concatenate([ring(one, 2.0), ring(two) + np.array([9, 0])])
    large, small = (circular_coordinates(points, loop) for loop in (0, 1))
    assert off_by(large[:30], one) < 1e-6
    assert off_by(small[30:], two) < 1e-6
    # where the other loop is, the angle does not go around: steps add up to no turn
    steps = np.angle(np.exp(2j * np.pi * np.diff(np.append(small[:30], small[0]))))
    assert steps.sum() == pytest.approx(0.0, abs=1e-6)


def test_the_two_angles_of_a_torus():
    grid = 2 * np.pi * np.stack(np.meshgrid(np.arange(12) / 12, np.arange(12) / 12), -1)
    angles = grid.reshape(-1, 2)
    points = np.hstack([ring(angles[:, 0], 1.5), ring(angles[:, 1])])
    lengths = np.sort(np.diff(homology(points).bars(1)).ravel())[::-1]
    assert lengths[1] > 2 * lengths[2:].max(initial=0.01)
    found = [circular_coordinates(points, loop) for loop in (0, 1)]
    # every angle of the two circles is a whole combination of the two found: compare turns
    turns = [[winding(f, angles, k) for k in (0, 1)] for f in found]
    assert abs(round(np.linalg.det(turns))) == 1
    np.testing.assert_allclose(turns, np.round(turns), atol=1e-6)


def winding(found, angles, way):
    """How often a coordinate turns along one way around the torus."""
    other = 1 - way
    along = np.flatnonzero(angles[:, other] == 0)
    along = along[np.argsort(angles[along, way])]
    closed = np.append(found[along], found[along[0]])
    return np.angle(np.exp(2j * np.pi * np.diff(closed))).sum() / (2 * np.pi)


def test_messages():
    points = ring(2 * np.pi * np.arange(12) / 12)
    with pytest.raises(InputError, match="more than 1 loops, got 1"):
        circular_coordinates(points, 1)
    with pytest.raises(InputError, match=r"a scale in \[0.51.*, 1.7.*\), where it lives, got 3"):
        circular_coordinates(points, scale=3)
    with pytest.raises(InputError, match="a prime up to"):
        circular_coordinates(points, prime=46)


def test_a_loop_of_torsion_has_no_angle():
    # the six points of the projective plane, subdivided: see test_drop_in
    faces = "012 023 034 045 051 124 235 341 452 513".split()  # noqa: SIM905
    parts = {frozenset(s) for f in faces for s in (f, *f, f[:2], f[1:], f[::2])}
    matrix = [[0 if a == b else 1 if a < b or b < a else 2 for b in parts] for a in parts]
    with pytest.raises(LamellaError, match="one of Z/2 only"):
        circular_coordinates(matrix, metric="precomputed")
