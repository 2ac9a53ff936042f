"""The field of one unit, theoretical and effective."""

import numpy as np
import pytest
import torch
from anatomy.test_dataflow import rows_seen
from support import networks as nets
from torch import nn

import lamella
from lamella.anatomy.effective_fields import effective_receptive_field
from lamella.anatomy.receptive_fields import receptive_field
from lamella.errors import InputError, UnknownName


def test_alexnets_last_map():
    with torch.device("meta"):
        model = nets.alexnet(0)
    field = receptive_field(model, "3x227x227", "0.12", unit=(0, 0))
    assert (field.size, field.jump, field.offset) == ((195, 195), (32, 32), (-64, -64))
    assert (field.low, field.high, field.clipped) == ((0, 0), (130, 130), (131, 131))


def test_asymmetric_kernels():
    field = receptive_field(nn.Conv2d(1, 1, (1, 5), (1, 2), dilation=(1, 2)), "1x9x20", "Conv2d")
    assert (field.size, field.jump) == ((1, 9), (1, 2))


def test_a_unet_against_the_truth():
    model = lamella.models.small_unet((3, 32, 32), 4)
    head = receptive_field(model, "3x32x32", "head", unit=(17, 17))
    model = model.double()
    with torch.no_grad():
        for p in model.parameters():
            p.fill_(0.01)
    for axis in range(2):
        truth = rows_seen(model.eval(), (3, 32, 32), axis)[17].nonzero().flatten().tolist()
        assert (head.low[axis], head.high[axis]) == (truth[0], truth[-1])


def test_a_dense_layer_behind_flatten_sees_the_whole_image():
    field = receptive_field(nets.lenet5(), "1x32x32", "9")
    assert (field.low, field.high) == ((0, 0), (31, 31))
    assert field.size == (None, None)


def test_unknown_layers_and_units_outside():
    with pytest.raises(UnknownName, match="Nearest"):
        receptive_field(nets.lenet5(), "1x32x32", "99")
    with pytest.raises(InputError, match="inside the map of '0', 28 x 28"):
        receptive_field(nets.lenet5(), "1x32x32", "0", unit=(28, 0))
    with pytest.raises(InputError, match="spatial axes"):
        receptive_field(nn.Linear(4, 2), "4", "Linear")


def test_the_gradient_of_ones_is_counted_exactly():
    model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 3, padding=1))
    for p in model.parameters():
        nn.init.constant_(p, 1.0)
    found = effective_receptive_field(model, "1x9x9", "1", unit=(4, 4))
    line = np.array([1, 2, 3, 2, 1]) / 3
    expected = np.zeros((9, 9))
    expected[2:7, 2:7] = np.outer(line, line)
    np.testing.assert_allclose(found.mass, expected, atol=1e-7)
    assert found.size == 5
    assert found.share == 1


def test_deep_plain_nets_use_the_middle_of_their_field():
    layers = [nn.Conv2d(1, 1, 3, padding=1, bias=False) for _ in range(10)]
    model = nn.Sequential(*layers)
    for p in model.parameters():
        nn.init.constant_(p, 1 / 9)
    found = effective_receptive_field(model, "1x33x33", "9", unit=(16, 16))
    assert found.field.size == (21, 21)
    assert found.size < 21
    assert found.deviation[0] == pytest.approx(np.sqrt(10 * 2 / 3), rel=1e-5)
    outside = np.ones((33, 33), bool)
    outside[6:27, 6:27] = False
    assert not found.mass[outside].any()
    assert found.record().values.shape == (33, 33)
    assert found.summary().frame().theoretical[0] == 21


def test_the_users_own_image_and_an_untouched_model():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Conv2d(2, 2, 3)).train()
    for weights in model.parameters():  # positive, so that no ReLU cuts the field
        weights.data.abs_()
    image = np.random.default_rng(0).random((1, 10, 10)).astype(np.float32)
    found = effective_receptive_field(model, "1x10x10", "2", images=image)
    assert found.mass.max() == 1
    assert model.training
    assert all(p.grad is None for p in model.parameters())


def test_operations_have_no_effective_field():
    model = lamella.models.small_unet((3, 64, 64), 4)
    with pytest.raises(InputError, match="a layer that is a module"):
        effective_receptive_field(model, "3x64x64", "cat")
