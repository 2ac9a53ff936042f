"""Pooling against the lecture, torch, and what it keeps under shifts."""

import numpy as np
import pytest
import torch

from lamella.anatomy.pooling import pool, shift_test
from lamella.errors import InputError, UnknownName

LECTURE = [[4, 6, 1, 1], [1, 3, 1, 3], [4, 0, 0, 8], [8, 5, 4, 0]]


def test_the_lecture():
    pooled = pool(LECTURE)
    assert pooled.output.tolist() == [[6, 3], [8, 8]]
    assert pooled.flat.tolist() == [6, 3, 8, 8]
    assert pooled.steps[0] == "max(4, 6, 1, 3) = 6"
    assert pool(LECTURE, kind="average").output.tolist() == [[3.5, 1.5], [4.25, 3]]


def test_where_the_maxima_come_from():
    assert pool(LECTURE).kept.tolist() == [[0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 1], [1, 0, 0, 0]]


@pytest.mark.parametrize(("kernel", "stride"), [(2, 2), (3, 2), (3, 1), (2, 3)])
def test_equals_torch(kernel, stride):
    image = np.random.default_rng(0).normal(size=(9, 11))
    x = torch.tensor(image)[None]
    expected = torch.nn.functional.max_pool2d(x, kernel, stride)[0]
    np.testing.assert_allclose(pool(image, kernel, stride=stride).output, expected)
    expected = torch.nn.functional.avg_pool2d(x, kernel, stride)[0]
    found = pool(image, kernel, stride=stride, kind="average").output
    np.testing.assert_allclose(found, expected)


def test_shifts_by_whole_windows_only_move_the_map_and_global_pooling_keeps_all():
    image = np.random.default_rng(0).random((12, 12))
    table = shift_test(image, most=3).frame()
    at = table.set_index(["shift", "pooling"]).change
    assert (at[0] == 0).all()
    assert at[1, "average"] < at[1, "none"]
    pooled = pool(image).output
    moved = np.linalg.norm(np.roll(pooled, 1, axis=1) - pooled) / np.linalg.norm(pooled)
    assert at[2, "max"] == pytest.approx(moved)
    assert at[3, "global"] == pytest.approx(0, abs=1e-12)


def test_bad_input():
    with pytest.raises(InputError, match="spans 5"):
        pool(LECTURE, 5)
    with pytest.raises(InputError, match="stride"):
        pool(LECTURE, 2, stride=0)
    with pytest.raises(UnknownName, match="average"):
        pool(LECTURE, kind="averge")
