"""Synthesis: what is climbed rises, what is descended falls, and stays within pixels."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support.image_nets import pictures, plain, seeded
from torch import nn

from lamella import lens
from lamella.errors import InputError
from lamella.lens.descent import descend
from lamella.lens.parametrisations import canvas, frequency_scale
from lamella.lens.regularisers import blurred, jittered, total_variation, without_small
from lamella.seeds import torch_generator

PIXELS = lens.Pixels((0.5,), (0.25,))
SHAPE = (2, 12, 12)


def net12():
    return plain(size=12)


def within(values):
    return values.min() >= -2 - 1e-6 and values.max() <= 2 + 1e-6


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
def test_gram_matrices_are_symmetric_and_positive_semidefinite(batch, channels, size, seed):
    maps = torch.from_numpy(np.random.default_rng(seed).standard_normal((batch, channels, size, 3)))
    found = lens.gram(maps)
    assert torch.equal(found, found.transpose(1, 2))
    assert torch.linalg.eigvalsh(found).min() > -1e-10
    slow = sum(
        maps[0, :, r, c, None] * maps[0, None, :, r, c] for r in range(size) for c in range(3)
    )
    assert torch.allclose(found[0], slow / (3 * size))


@pytest.mark.parametrize("parametrisation", ["pixels", "fourier"])
def test_ascent_raises_the_score_and_stays_within_pixels(parametrisation):
    found = lens.ascend(
        net12(), [0, 2], SHAPE, count=2, steps=40, parametrisation=parametrisation, pixels=PIXELS
    )
    noise = net12()(torch.from_numpy(np.clip(pictures(200, 2, 12), -2, 2)))[:, [0, 2]]
    assert (found.scores > noise.max(dim=0).values.detach().numpy()).all()
    assert within(found.inputs)
    again = lens.ascend(
        net12(), [0, 2], SHAPE, count=2, steps=40, parametrisation=parametrisation, pixels=PIXELS
    )
    assert np.array_equal(found.inputs, again.inputs)


def test_ascent_on_channels_units_and_dense_networks():
    for target in (3, (3, 1, 1)):
        found = lens.ascend(net12(), target, SHAPE, layer="3", steps=20, pixels=PIXELS)
        assert found.path[-1] > found.path[0] + 0.1
    dense = seeded(nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 2)))
    found = lens.ascend(dense, 1, (6,), steps=20, parametrisation="pixels", l2=0.1)
    assert found.path[-1] > found.path[0]
    assert lens.ascent(dense, 1, (6,), steps=2, parametrisation="pixels").pixels.shape[1:3] == (
        1,
        6,
    )


def test_penalties_and_corrections_do_what_they_say():
    plain_one, small, smooth, sparse = (
        lens.ascend(net12(), 1, SHAPE, steps=30, parametrisation="pixels", **options).inputs
        for options in ({}, {"l2": 5.0}, {"blur": 1.0}, {"clip_small": 0.5})
    )
    norm = lambda x: float(np.square(x).sum())  # noqa: E731
    rough = lambda x: float(total_variation(torch.from_numpy(x))[0]) / norm(x)  # noqa: E731
    assert norm(small) < 0.5 * norm(plain_one)
    assert rough(smooth) < 0.5 * rough(plain_one)
    assert (sparse == 0).all(axis=1).mean() >= 0.45
    with pytest.raises(InputError, match="parametrisation='pixels'"):
        lens.ascend(net12(), 1, SHAPE, blur=1.0)


def test_diversity_makes_images_differ():
    from lamella.lens.ascent import likeness

    alike = []
    for diversity in (0.0, 20.0):
        found = lens.ascend(
            net12(), 2, SHAPE, layer="3", count=3, steps=40, diversity=diversity, pixels=PIXELS
        )
        alike.append(float(likeness(lens.activations(net12(), found.inputs, "3"))))
    assert alike[1] < alike[0] - 0.1


def test_fourier_images_have_every_frequency_at_equal_ease():
    scale = frequency_scale(8, 8)
    assert scale.shape == (8, 5)
    assert scale[0, 1] == 2 * scale[0, 2] == 4 * scale[0, 4]
    drawn = canvas(
        "fourier", 2, (3, 8, 6), generator=torch_generator(0, "x"), like=torch.zeros(()), spread=1.0
    )
    assert drawn.images().shape == (2, 3, 8, 6)
    waves = torch.view_as_complex(drawn.numbers) * frequency_scale(8, 6)
    again = np.fft.irfft2(waves.numpy(), s=(8, 6), norm="ortho")
    assert np.allclose(drawn.images().numpy(), again, atol=1e-5)


def test_colour_basis_is_the_root_of_the_covariance():
    images = pictures(5, 3) * np.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    root = lens.colour_basis(images)
    covariance = np.cov(np.moveaxis(images, 1, 0).reshape(3, -1))
    assert np.allclose(root @ root, covariance / np.linalg.eigvalsh(covariance).max())


def test_regularisers_by_hand():
    image = torch.zeros(1, 1, 5, 5)
    image[0, 0, 2, 2] = 1.0
    assert total_variation(image).item() == pytest.approx(4 / 25)
    soft = blurred(image, 0.8)
    assert soft.sum().item() == pytest.approx(1, abs=0.05)
    assert torch.allclose(soft, soft.transpose(2, 3))
    assert torch.allclose(blurred(torch.ones(1, 2, 5, 5), 2.0), torch.ones(1, 2, 5, 5))
    ranked = torch.arange(1.0, 5.0).view(1, 1, 2, 2)
    assert without_small(ranked, 0.5).flatten().tolist() == [0, 0, 3, 4]
    moved = jittered(image, 2, torch_generator(3, "x"))
    assert moved.sum() == 1


def test_a_fooling_image_has_the_confidence_and_the_distance_it_says():
    net, image = net12(), np.clip(pictures(1, 2, 12)[0], -2, 2)
    net[-1].weight.data *= 10  # sure of itself
    was = int(net(torch.from_numpy(image)[None]).argmax())
    found = lens.fool(net, image, (was + 1) % 3, confidence=0.9, pixels=PIXELS, rate=0.2)
    share = torch.softmax(net(torch.from_numpy(found.changed)[None]), dim=1)[0, found.becomes]
    assert share.item() == pytest.approx(found.confidence)
    assert 0.9 <= found.confidence < 0.95
    assert found.was == was
    assert found.distance == pytest.approx(0.25 * np.linalg.norm(found.changed - image))
    assert within(found.changed)
    shown = lens.fooling(net, image, (was + 1) % 3, pixels=PIXELS, rate=0.2)
    assert shown.pixels.shape[0] == 3
    assert f"L2 {found.distance:.3g}" in shown.captions[2]
    with pytest.raises(lens.LensError, match="after 1 steps"):
        lens.fool(net, image, (was + 1) % 3, steps=1, rate=1e-3)
    with pytest.raises(InputError, match="a class of the output"):
        lens.fool(net, image, 3)


def test_inversion_of_a_layer_that_keeps_all_gives_the_image_and_of_a_class_does_not():
    net = seeded(nn.Sequential(nn.Conv2d(2, 8, 3, padding=1), nn.Flatten(), nn.Linear(8 * 144, 2)))
    image = np.clip(pictures(1, 2, 12)[0], -2, 2)
    kept, lost = (
        lens.invert(net, image, layer, pixels=PIXELS, steps=150, variation=1e-5)
        for layer in ("0", "2")
    )
    assert kept.error < 0.01
    assert kept.likeness > 0.95
    assert lost.error < 0.01
    assert lost.likeness < 0.5
    assert lens.inversion(net, image, ["0"], steps=2).captions[0] == "image"


def test_ssim_agrees_with_a_slow_twin_and_knows_its_ends():
    rng = np.random.default_rng(0)
    one, other = rng.random((1, 14, 13)), rng.random((1, 14, 13))
    assert lens.ssim(one, one) == 1
    line = np.exp(-(np.arange(-5, 6) ** 2) / (2 * 1.5**2))
    window = np.outer(line, line) / line.sum() ** 2
    found = []
    for r in range(4):
        for c in range(3):
            a, b = one[0, r : r + 11, c : c + 11], other[0, r : r + 11, c : c + 11]
            x, y = (window * a).sum(), (window * b).sum()
            xx, yy = (window * (a - x) ** 2).sum(), (window * (b - y) ** 2).sum()
            xy = (window * (a - x) * (b - y)).sum()
            top = (2 * x * y + 0.01**2) * (2 * xy + 0.03**2)
            found.append(top / ((x * x + y * y + 0.01**2) * (xx + yy + 0.03**2)))
    assert lens.ssim(one, other) == pytest.approx(np.mean(found), abs=1e-6)
    with pytest.raises(InputError, match="11 x 11"):
        lens.ssim(one[:, :5], other[:, :5])


def test_texture_matches_gram_matrices_and_style_transfer_moves_towards_them():
    net, image, style = net12(), pictures(1, 2, 12)[0], pictures(1, 2, 12, seed=4)[0].clip(0)

    def apart(one, other):
        looks = [lens.gram(lens.activations(net, x[None], "3")) for x in (one, other)]
        return float((looks[0] - looks[1]).norm() / looks[1].norm())

    found = lens.synthesise_texture(net, image, ["0", "3"], steps=120)
    assert apart(found, image) < 0.1
    assert np.abs(found - image).mean() > 0.2
    both = lens.transfer(net, image, style, content_layer="0", style_layers=["3"], style_weight=5)
    assert apart(both, style) < 0.5 * apart(image, style)
    with pytest.raises(lens.LensError, match="rows and columns, got '7'"):
        lens.texture(net, image, ["7"])


def test_dreams_grow_and_see_more():
    net, image = net12(), np.clip(pictures(1, 2, 12)[0], -2, 2)
    found = lens.dream(net, image, "3", enlarge=2, octaves=2, steps=6, pixels=PIXELS)
    assert found.shape == (2, 24, 24)
    assert within(found)
    conv = nn.Sequential(*net[:4])
    still = lens.dream(net, image, "3", enlarge=2, octaves=2, steps=0, pixels=PIXELS)
    before, after = (lens.activations(conv, x[None]).square().mean() for x in (still, found))
    assert after > 1.5 * before
    assert lens.deep_dream(net, image, "3", octaves=1, steps=1).pixels.shape == (1, 36, 72, 1)


def test_descent_keeps_the_best():
    start = torch.tensor([[[[4.0]]]])
    best, path = descend(start, lambda x: (x - 1).square().sum(), steps=60, rate=0.3)
    assert best.item() == pytest.approx(1, abs=0.05)
    assert path[0] == 9
    inside, _ = descend(
        start, lambda x: (x - 9).square().sum(), steps=30, rate=1.0, pixels=lens.Pixels()
    )
    assert inside.item() == 1
