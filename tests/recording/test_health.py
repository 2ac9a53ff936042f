"""Norms of weights, gradients and updates, by hand."""

import math

import torch
from torch import nn

from lamella.recording.health import Health, norms


def test_norms_by_hand():
    model = nn.Linear(2, 1, bias=False)
    model.weight.data = torch.tensor([[3.0, 4.0]])
    health = Health(model)
    ((name, weight, gradient, update, mean),) = health.rows()
    assert (name, weight) == ("weight", 5.0)
    assert math.isnan(gradient)
    assert math.isnan(update)
    assert math.isnan(mean)
    model.weight.grad = torch.tensor([[0.0, 2.0]])
    model.weight.data = torch.tensor([[0.0, 0.0]])
    assert health.rows()[0][:4] == ("weight", 0.0, 2.0, 5.0)
    assert health.rows()[0][3] == 0.0


def test_no_parameters_no_rows():
    assert Health(nn.ReLU()).rows() == []


def test_half_precision_does_not_overflow_and_double_is_taken():
    large = torch.full((100,), 1000.0)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        assert abs(norms([large.to(dtype)])[0] / 10_000 - 1) < 0.01


def test_sparse_gradients():
    layer = nn.Embedding(4, 2, sparse=True)
    layer(torch.tensor([1, 1])).sum().backward()
    assert math.isclose(Health(layer).rows()[0][2], math.sqrt(8), rel_tol=1e-6)
