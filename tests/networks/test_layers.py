"""The layers of LeNet-5 in 1998 and of residual networks, by hand."""

import numpy as np
import torch
from torch import nn

from lamella.networks.layers.lenet_1998 import SEEN, CodeDistance, PartialConvolution, WeightedPool
from lamella.networks.layers.residual import Residual
from lamella.registry import models


def test_partial_connections_are_those_of_table_one():
    assert [len(seen) for seen in SEEN] == [3] * 6 + [4] * 9 + [6]
    assert [sum(source in seen for seen in SEEN) for source in range(6)] == [10] * 6
    layer = PartialConvolution(5)
    full = layer.full_weight()
    assert [tuple(np.flatnonzero(w.abs().sum((1, 2)).detach())) for w in full] == list(SEEN)
    x = torch.randn(2, 6, 14, 14, generator=torch.Generator().manual_seed(0))
    slow = torch.stack(
        [
            sum(
                nn.functional.conv2d(x[:, [s]], layer.full_weight()[[out]][:, [s]])[:, 0]
                for s in SEEN[out]
            )
            for out in range(16)
        ],
        dim=1,
    )
    assert torch.allclose(layer(x), slow, atol=1e-5)


def test_weighted_pooling_is_sum_times_weight_plus_bias():
    pool = WeightedPool(1)
    with torch.no_grad():
        pool.weight.fill_(0.5)
        pool.bias.fill_(1.0)
    assert pool(torch.arange(4.0).reshape(1, 1, 2, 2)).item() == 0.5 * 6 + 1


def test_the_output_is_least_distant_from_its_own_code():
    codes = CodeDistance(12)
    assert codes(codes.codes).argmax(dim=1).tolist() == list(range(12))
    assert codes(codes.codes).diagonal().tolist() == [0.0] * 12
    assert set(codes.codes.unique().tolist()) == {-1.0, 1.0}


def test_residual_blocks_add_their_input():
    block = Residual(4).eval()
    x = torch.randn(1, 4, 5, 5)
    assert torch.allclose(block(x), x + block.second(block.first(x)))
    net = models["cifar_resnet"](width=8)
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
