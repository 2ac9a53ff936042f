"""Gradients of births and deaths: by hand, by differences, and down to a circle."""

import numpy as np
import pytest
import torch

from lamella.errors import InputError
from lamella.homology import homology
from lamella.homology.torch import diagrams


def cloud(seed, size=14, features=2):
    return torch.tensor(np.random.default_rng(seed).normal(size=(size, features)))


@pytest.mark.parametrize("dimension", [0, 1, 2])
def test_bars_are_those_of_the_engine(dimension):
    points = cloud(0, 60, 3)
    found, wanted = diagrams(points, dimension), homology(points, dimension)
    assert len(found) == dimension + 1
    for k, bars in enumerate(found):
        np.testing.assert_allclose(bars.numpy(), wanted.bars(k), rtol=1e-6)


def test_the_gradient_of_a_square_by_hand():
    # born with an edge of length 1, dead with a diagonal of length sqrt 2
    square = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.001], [1.001, 1.0]]
    points = torch.tensor(square, dtype=torch.float64, requires_grad=True)
    ((birth, death),) = diagrams(points)[1]
    death.backward()
    assert points.grad.abs().sum(dim=1).count_nonzero() == 2
    norms = points.grad.norm(dim=1)
    np.testing.assert_allclose(norms[norms > 0], 1.0)  # each end pulls with a unit vector
    assert float(birth.detach()) == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize("dimension", [0, 1, 2])
def test_gradients_against_differences(dimension):
    points = cloud(1, 16, 3).requires_grad_()

    def total(at):
        bars = diagrams(at, dimension)[dimension]
        bars = bars[torch.isfinite(bars[:, 1])]
        return ((bars[:, 1] - bars[:, 0]) ** 2).sum()

    torch.autograd.gradcheck(total, points, eps=1e-6, atol=1e-4)


def test_a_matrix_gets_its_gradient_at_the_entries():
    matrix = torch.cdist(cloud(2), cloud(2)).requires_grad_()
    bars = diagrams(matrix, metric="precomputed")[1]
    bars[:, 1].sum().backward()
    assert int((matrix.grad != 0).sum()) == len(torch.unique(bars[:, 1]))
    with pytest.raises(InputError, match="a metric of euclidean, precomputed, got 'cosine'"):
        diagrams(matrix, metric="cosine")


def test_a_cloud_is_pulled_into_a_circle():
    points = (0.5 * cloud(0, 30)).requires_grad_()
    optimiser = torch.optim.Adam([points], lr=0.05)
    for _ in range(150):
        optimiser.zero_grad()
        bars = diagrams(points)[1]
        lengths = bars[:, 1] - bars[:, 0]
        outside = torch.relu(points.norm(dim=1) - 1).sum()
        (outside + lengths.sum() - 3 * lengths.max()).backward()
        optimiser.step()
    bars = homology(points).bars(1)
    lengths = np.sort(bars[:, 1] - bars[:, 0])
    assert lengths[-1] > 1.2  # of at most sqrt 3, that of a full circle
    assert lengths[:-1].sum() < 0.1
