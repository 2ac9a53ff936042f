"""The measure hands its arguments to the engine."""

import numpy as np

from lamella.measures.topology.homology import homology

SQUARE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def test_a_loop_keeps_the_points_of_its_cycle_when_asked():
    found = homology(SQUARE, representatives=True)
    cycles = [set(v) for v, d in zip(found.vertices, found.dimension, strict=True) if d == 1]
    assert cycles == [{0, 1, 2, 3}]
    assert homology(SQUARE).vertices == ()


def test_scale_and_landmarks_reach_the_engine():
    assert len(homology(SQUARE, max_scale=0.5).bars(1)) == 0
    assert homology(SQUARE, landmarks=3).bound > 0
