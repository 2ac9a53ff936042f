"""Filters, activation maps, class means: numbers worked out by hand."""

import numpy as np
import pytest
import torch
from support.image_nets import pictures, plain, seeded
from torch import nn

from lamella import lens
from lamella.errors import InputError, UnknownName
from lamella.lens.filters import filter_weights


def conv_with(weights, kind=nn.Conv2d, **options):
    out, channels, height, width = np.shape(weights)
    net = kind(channels, out, (height, width), bias=False, **options)
    net.weight.data.copy_(torch.as_tensor(weights))
    return nn.Sequential(net)


def test_filters_go_from_0_to_255_by_the_least_and_greatest_weight_of_the_layer():
    net = conv_with([[[[-1.0, 0.0]]], [[[1.0, 3.0]]]])
    shown = lens.filters(net)
    assert shown.pixels[..., 0].tolist() == [[[0, 64]], [[128, 255]]]
    assert shown.scale == (-1.0, 3.0)
    alone = lens.filters(net, each=True)
    assert alone.pixels[..., 0].tolist() == [[[0, 255]], [[0, 255]]]
    assert alone.captions[1] == "0[1] 1..3"


def test_three_channels_are_colours_and_more_are_summed():
    colour = lens.filters(conv_with(np.arange(12.0).reshape(2, 3, 1, 2)))
    assert colour.pixels.shape == (2, 1, 2, 3)
    assert colour.pixels[0, 0, 0].tolist() == [0, round(255 * 2 / 11), round(255 * 4 / 11)]
    many = lens.filters(conv_with(np.arange(8.0).reshape(1, 4, 1, 2)))
    assert many.scale == (12.0, 16.0)
    assert "summed over 4 input channels" in many.title


def test_rows_show_every_input_channel():
    shown = lens.filter_rows(conv_with(np.arange(8.0).reshape(2, 4, 1, 1)), units=[1])
    assert shown.columns == 4
    assert shown.pixels.ravel().tolist() == [0, 85, 170, 255]
    assert shown.captions == ("0[1]", "from 1", "from 2", "from 3")


def test_transposed_one_dimensional_and_dense_filters():
    up = nn.Sequential(nn.ConvTranspose2d(2, 6, 3, groups=2))
    _, weights = filter_weights(up)
    assert weights.shape == (6, 1, 3, 3)
    assert np.allclose(weights[4, 0], up[0].weight[1, 1].detach().numpy())
    assert filter_weights(nn.Sequential(nn.Conv1d(2, 3, 5)))[1].shape == (3, 2, 1, 5)
    dense = nn.Sequential(nn.Flatten(), nn.Linear(12, 2))
    assert lens.filters(dense, shape=(3, 2, 2)).pixels.shape == (2, 2, 2, 3)
    with pytest.raises(InputError, match="with 12 numbers"):
        lens.filters(dense, shape=(3, 3, 2))


def test_parametrised_filters_are_those_in_effect():
    conv = nn.utils.parametrizations.spectral_norm(nn.Conv2d(3, 2, 3))
    conv.eval()
    shown = filter_weights(nn.Sequential(conv))[1]
    assert np.allclose(shown, conv.weight.detach().numpy())
    assert not np.allclose(shown, conv.parametrizations.weight.original.detach().numpy())


def test_layers_without_filters():
    with pytest.raises(lens.LensError, match=r"got '1', ReLU. Choose among 0, 3, 7"):
        lens.filters(plain(), "1")
    with pytest.raises(UnknownName):
        lens.filters(plain(), "conv")
    with pytest.raises(lens.LensError, match="a model without any"):
        lens.filters(nn.Sequential(nn.ReLU()))


def test_maps_are_the_layers_output_at_the_size_of_the_image():
    net, image = plain(), pictures(1)[0]
    shown = lens.activation_maps(net, image, "5", channels=[3, 1])
    maps = net[:6](torch.from_numpy(image)[None])[0].detach().numpy()
    low, high = shown.scale
    assert np.allclose(low + shown.pixels[0, ::4, ::4, 0] * (high - low), maps[3], atol=1e-6)
    assert shown.pixels.shape == (2, 8, 8, 1)
    assert shown.captions == ("5[3]", "5[1]")
    assert lens.activation_maps(net, image, "7").pixels.shape == (1, 8, 8, 1)


def test_class_means_by_hand():
    images = np.array([0.0, 1.0, 0.5, 0.5]).reshape(4, 1, 1, 1) * np.ones((1, 1, 2, 2))
    shown = lens.class_images(images, [7, 7, 9, 9], pixels=lens.Pixels())
    assert shown.pixels.ravel().tolist() == [0.5] * 8
    assert shown.captions == ("7", "9")


def test_class_maps_are_the_mean_of_each_classes_maps():
    net, images, labels = plain(), pictures(7), np.array([0, 1, 2, 0, 1, 2, 2])
    shown = lens.class_maps(net, images, labels, "5", batch_size=3)
    maps = lens.activations(net, images, "5").numpy()
    low, high = shown.scale
    for k in range(3):
        mean = maps[labels == k].mean(axis=0)
        ours = low + shown.pixels[5 * k : 5 * k + 5, ::4, ::4, 0] * (high - low)
        assert np.allclose(ours, mean, atol=1e-5)
    assert shown.columns == 5


def test_neighbours_agree_with_scikit_learn_and_ties_go_to_the_first():
    from sklearn.neighbors import NearestNeighbors

    net, images = plain(), pictures(20)
    points = lens.activations(net, images, "5").flatten(1).numpy()
    found = NearestNeighbors(n_neighbors=4).fit(points).kneighbors(points[[3, 8]])[1][:, 1:]
    shown = lens.neighbours(net, images, [3, 8], "5", count=3)
    numbers = [int(c.split()[0].lstrip("#")) for c in shown.captions]
    assert numbers == [3, *found[0], 8, *found[1]]
    named = lens.neighbours(net, images, [3], "5", count=3, labels=list("ab" * 10))
    assert named.captions[0] == "b"
    raw = lens.neighbours(None, np.zeros((4, 1, 2, 2)), [1], count=2)
    assert raw.captions == ("#1", "#0", "#2")
    with pytest.raises(InputError, match="queries below 20"):
        lens.neighbours(net, images, [20])


def test_filters_of_a_seeded_net_are_what_the_network_multiplies_with():
    net = seeded(nn.Sequential(nn.Conv2d(3, 2, 3)))
    image = np.zeros((1, 3, 3, 3))
    image[0, 1, 2, 0] = 1.0
    effect = net(torch.from_numpy(image))[0, :, 0, 0].detach() - net[0].bias.detach()
    assert np.allclose(filter_weights(net)[1][:, 1, 2, 0], effect.numpy())
