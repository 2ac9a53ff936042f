"""Reductions, each against what it says by hand."""

import pytest
import torch

from lamella.errors import InputError
from lamella.recording.reduction import reduction

MAPS = torch.arange(24.0).reshape(2, 3, 2, 2)


@pytest.mark.parametrize(
    ("reduce", "shape", "first"),
    [
        ("whole", (2, 3, 2, 2), [0, 1, 2, 3]),
        ("flatten", (2, 12), [0, 1, 2, 3]),
        ("mean", (2, 3), [1.5, 5.5, 9.5]),
        ("max", (2, 3), [3, 7, 11]),
    ],
)
def test_feature_maps(reduce, shape, first):
    reduced = reduction(reduce, 0)("conv", MAPS)
    assert reduced.shape == shape
    assert reduced.flatten()[: len(first)].tolist() == first


def test_tokens_are_averaged_and_vectors_stay():
    tokens = MAPS.reshape(2, 3, 4)
    assert reduction("mean", 0)("block", tokens)[0].tolist() == [4, 5, 6, 7]
    assert reduction("max", 0)("fc", MAPS[:, 0, 0]).tolist() == MAPS[:, 0, 0].tolist()
    assert reduction("mean", 0)("score", MAPS[:, 0, 0, 0]).shape == (2, 1)


def test_projection_keeps_distances_and_repeats():
    points = torch.randn(20, 3000, generator=torch.Generator().manual_seed(0))
    reduced = reduction(("project", 400), 0)("fc", points)
    assert reduced.shape == (20, 400)
    ratio = torch.pdist(reduced) / torch.pdist(points)
    assert abs(ratio - 1).max() < 0.2
    assert torch.equal(reduced, reduction(("project", 400), 0)("fc", points))
    for other in (
        reduction(("project", 400), 1)("fc", points),
        reduction(("project", 400), 0)("fc2", points),
    ):
        assert not torch.equal(reduced, other)


def test_projection_leaves_small_layers():
    assert torch.equal(reduction(("project", 12), 0)("conv", MAPS), MAPS.flatten(1))


@pytest.mark.parametrize("reduce", ["median", ("project", 0), ("project", 2.5), None])
def test_unknown_reductions_are_refused(reduce):
    with pytest.raises(InputError, match="reduce as one of whole, flatten"):
        reduction(reduce, 0)
