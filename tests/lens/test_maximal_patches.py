"""Maximal patches against a slow twin, streamed and not."""

import numpy as np
import pytest
import torch
from support.image_nets import pictures, plain
from torch import nn

from lamella import lens
from lamella.errors import InputError


def slow_maxima(net, images, layer, count):
    outputs = lens.activations(net, images, layer).float().flatten(2).max(dim=2).values
    order = torch.sort(outputs, dim=0, descending=True, stable=True)
    return order.values[:count].T.numpy(), order.indices[:count].T.numpy()


@pytest.mark.parametrize("batch_size", [1, 4, 100])
def test_agrees_with_sorting_everything(batch_size):
    net, images = plain(), pictures(17)
    found = lens.find_maxima(net, images, "5", count=4, batch_size=batch_size)
    values, samples = slow_maxima(net, images, "5", 4)
    assert np.allclose(found.values, values, atol=1e-6)
    assert np.array_equal(found.samples[values > 0], samples[values > 0])


def test_a_stream_is_read_once_and_gives_the_same():
    net, images = plain(), pictures(17)
    stream = iter([images[:5], images[5:6], images[6:]])
    one, two = lens.find_maxima(net, stream, "3"), lens.find_maxima(net, images, "3", batch_size=6)
    for name in ("values", "samples", "places", "patches"):
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=True), name
    assert next(stream, None) is None


def test_the_patch_alone_gives_the_activation():
    net = nn.Sequential(nn.Conv2d(2, 3, 3, stride=2), nn.ReLU(), nn.MaxPool2d(2)).double()
    found = lens.find_maxima(net, pictures(9, 2, 13), "2", count=3)
    for unit in range(3):
        again = net(torch.from_numpy(found.patches[unit].astype(float)))[:, unit, 0, 0]
        assert np.allclose(again.detach().numpy(), found.values[unit], atol=1e-5)


def test_dense_layers_whole_images_and_dense_inputs():
    net, images = plain(), pictures(6)
    dense = lens.find_maxima(net, images, "7", count=2, units=[2])
    assert np.allclose(dense.patches[0, 0], images[dense.samples[0, 0]], atol=1e-6)
    whole = lens.maximal_patches(net, images, "5", count=2, units=[0, 4], whole=True)
    assert whole.pixels.shape == (4, 8, 16, 1)
    assert whole.columns == 2
    rows = np.random.default_rng(0).standard_normal((9, 5)).astype(np.float32)
    flat = lens.maximal_patches(nn.Sequential(nn.Linear(5, 3)), rows, "0", count=2)
    assert flat.pixels.shape == (6, 1, 5, 1)


def test_bad_units_and_no_images():
    with pytest.raises(InputError, match="units below 5"):
        lens.find_maxima(plain(), pictures(), "5", units=[5])
    with pytest.raises(InputError, match="wants images, got none"):
        lens.find_maxima(plain(), iter([]), "5")
