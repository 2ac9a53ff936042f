"""Attribution against finite differences, plain gradients, completeness and captum."""

import numpy as np
import pytest
import torch
from support.image_nets import Cut, Functional, InPlace, Reused, pictures, plain, seeded, smooth
from torch import nn

from lamella import lens
from lamella.errors import InputError, UnknownName
from lamella.lens.integrated_gradients import quadrature
from lamella.lens.occlusion import occlude


def score(net, image, target):
    with torch.no_grad():
        return float(net(torch.from_numpy(image)[None])[0, target])


def finite_differences(net, image, target, step=1e-6):
    slope = np.zeros_like(image)
    for at in np.ndindex(image.shape):
        move = np.zeros_like(image)
        move[at] = step
        slope[at] = (score(net, image + move, target) - score(net, image - move, target)) / 2 / step
    return slope


@pytest.mark.parametrize("make", [plain, lambda: plain(nn.Tanh), lambda: plain(InPlace)])
def test_saliency_is_the_finite_difference(make):
    net, image = make(), pictures(1)[0]
    slope = finite_differences(net, image, 1)
    assert np.abs(lens.gradient(net, image[None], 1)[0] - slope).max() < 1e-4
    assert (
        np.abs(lens.saliency_map(net, image[None], 1)[0] - np.abs(slope).max(axis=0)).max() < 1e-4
    )


def test_saliency_of_reused_functional_and_dense_networks():
    for net in (seeded(Reused()), seeded(Functional())):
        image = pictures(1)[0]
        slope = finite_differences(net, image, 2)
        assert np.abs(lens.gradient(net, image[None], 2)[0] - slope).max() < 1e-4
    dense = seeded(nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 2)))
    assert lens.saliency(dense, np.ones((2, 6))).pixels.shape == (2, 1, 6, 1)


def test_each_sample_may_have_its_own_class_and_none_means_the_highest():
    net, images = plain(), pictures(3)
    best = net(torch.from_numpy(images)).argmax(dim=1).tolist()
    assert np.array_equal(lens.gradient(net, images), lens.gradient(net, images, best))
    third = lens.gradient(net, images[2:], best[2])
    assert np.allclose(lens.gradient(net, images, best)[2], third[0], rtol=0, atol=1e-12)


def test_a_unit_and_a_channel_of_a_layer():
    net, images = plain(), pictures(2)
    whole = sum(
        lens.gradient(net, images, (1, r, c), layer="0") for r in range(8) for c in range(8)
    )
    assert np.allclose(whole / 64, lens.gradient(net, images, 1, layer="0"), atol=1e-12)
    inside = lens.gradient(net, images, (1, 0, 0), layer="0")
    assert np.abs(inside[:, :, :2, :2]).min() > 0
    assert np.abs(inside[:, :, 2:]).max() == 0


def positive(net):
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.abs_()
    return net


@pytest.mark.parametrize("make", [plain, lambda: seeded(Reused()), lambda: seeded(Functional())])
def test_guided_backprop_is_the_gradient_where_all_is_positive(make):
    net, images = positive(make()), np.abs(pictures())
    plain_one = lens.gradient(net, images, 0)
    assert (plain_one > 0).any()
    assert np.allclose(lens.guided_backprop_map(net, images, 0), plain_one, rtol=1e-12, atol=0)
    assert np.allclose(lens.deconvnet_map(net, images, 0), plain_one, rtol=1e-12, atol=0)


def slow_ruled(net, image, target, rule):
    """Guided backprop and deconvnet layer by layer, for a Sequential."""
    values = [torch.from_numpy(image)[None]]
    for layer in net:
        values.append(layer(values[-1]).detach())
    back = torch.zeros_like(values[-1])
    back[0, target] = 1.0
    for layer, given in zip(reversed(net), reversed(values[:-1]), strict=True):
        if isinstance(layer, nn.ReLU):
            back = back.clamp(min=0)
            back = back * (given > 0) if rule == "guided" else back
        else:
            x = given.clone().requires_grad_()
            back = torch.autograd.grad(layer(x), x, back)[0]
    return back[0].numpy()


def test_guided_backprop_and_deconvnet_agree_with_a_slow_twin():
    net, image = plain(), pictures(1)[0]
    for rule, ours in (("guided", lens.guided_backprop_map), ("deconv", lens.deconvnet_map)):
        assert np.allclose(
            ours(net, image[None], 2)[0], slow_ruled(net, image, 2, rule), atol=1e-12
        )


def test_the_relu_rule_finds_reused_functional_and_in_place_relus():
    images = pictures()
    reused = seeded(Reused())
    functional = Functional().double()
    functional.load_state_dict(reused.state_dict())
    for ours in (lens.guided_backprop_map, lens.deconvnet_map):
        assert np.array_equal(ours(reused, images, 1), ours(functional, images, 1))
        assert np.array_equal(ours(plain(), images, 1), ours(plain(InPlace), images, 1))


@pytest.mark.parametrize("kind", [nn.GELU, nn.LeakyReLU, nn.Tanh, nn.SiLU, nn.PReLU, nn.ELU])
def test_networks_without_relu_are_refused(kind):
    with pytest.raises(lens.LensError, match=r"rectifiers are ReLUs.*got.*Use saliency"):
        lens.guided_backprop_map(plain(kind), pictures(), 0)
    assert np.isfinite(lens.saliency_map(plain(kind), pictures(), 0)).all()


def test_occluding_a_patch_with_its_own_values_changes_nothing():
    net, images = plain(), pictures(2)
    found = occlude(net, images, 1, fill=images, patch=3)
    assert np.array_equal(found.losses, np.zeros((2, 6, 6)))
    assert np.array_equal(found.pixels, np.zeros((2, 8, 8)))


@pytest.mark.parametrize(("patch", "stride"), [(3, 1), (4, 3), (8, 1), (3, 2)])
def test_occlusion_agrees_with_one_patch_at_a_time(patch, stride):
    net, image = plain(), pictures(1)[0]
    found = occlude(net, image[None], 1, patch=patch, stride=stride, fill=0.5, batch_size=7)
    total, counts = np.zeros((8, 8)), np.zeros((8, 8))
    for row, column in np.ndindex(found.losses.shape[1:]):
        window = (
            slice(row * stride, row * stride + patch),
            slice(column * stride, column * stride + patch),
        )
        covered = image.copy()
        covered[:, *window] = 0.5
        loss = score(net, image, 1) - score(net, covered, 1)
        assert abs(found.losses[0, row, column] - loss) < 1e-12
        total[window] += loss
        counts[window] += 1
    assert np.allclose(found.pixels[0], total / counts, atol=1e-12)
    assert counts.min() > 0


def test_integrated_gradients_add_up_to_the_difference():
    images, baseline = pictures(2), pictures(1, seed=9)
    found = lens.integrated_gradients_map(smooth(), images, 1, baseline=baseline, steps=60)
    ends = [score(smooth(), image, 1) - score(smooth(), baseline[0], 1) for image in images]
    assert np.allclose(found.sum(axis=(1, 2, 3)), ends, rtol=0, atol=1e-6)
    bent = lens.integrated_gradients_map(plain(), images, 1, steps=2000, rule="trapezoid")
    zero = score(plain(), np.zeros_like(images[0]), 1)
    ends = [score(plain(), image, 1) - zero for image in images]
    assert np.allclose(bent.sum(axis=(1, 2, 3)), ends, rtol=0, atol=2e-3)


def test_integrated_gradients_of_a_linear_model_are_weight_times_input():
    net = seeded(nn.Sequential(nn.Flatten(), nn.Linear(8, 2)))
    image = pictures(1, 2, 2)
    found = lens.integrated_gradients_map(net, image, 1, steps=2)
    assert np.allclose(found[0].ravel(), image.ravel() * net[1].weight[1].detach().numpy())


def test_quadrature_integrates_what_it_should():
    for rule, power in (("gauss", 9), ("trapezoid", 1)):
        places, weights = quadrature(rule, 5)
        assert abs(weights @ places**power - 1 / (power + 1)) < 1e-14
    with pytest.raises(UnknownName, match="rule of integration"):
        quadrature("simpsn", 5)


def test_smooth_grad_without_noise_is_the_gradient_and_with_noise_repeats():
    net, images = plain(), pictures(2)
    still = lens.smooth_grad_map(net, images, samples=2, noise=0)
    assert np.allclose(still, lens.saliency_map(net, images), atol=1e-12)
    one, two = (lens.smooth_grad_map(net, images, 0, samples=3, seed=s) for s in (1, 1))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, lens.smooth_grad_map(net, images, 0, samples=3, seed=2))


def test_grad_cam_by_hand():
    net, images = plain(), pictures(2)
    maps = net[:6](torch.from_numpy(images)).detach().requires_grad_()
    (slope,) = torch.autograd.grad(net[6:](maps)[:, 1].sum(), maps)
    byhand = (slope.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1).clamp(min=0)
    found = lens.grad_cam_map(net, images, 1, maps_of="5")
    assert np.allclose(found, byhand.detach().numpy(), atol=1e-12)
    with pytest.raises(lens.LensError, match="maps with rows and columns, got '7'"):
        lens.grad_cam_map(net, images, 1, maps_of="7")


def test_scores_that_no_gradient_reaches_are_refused():
    with pytest.raises(lens.LensError, match=r"cut off from it.*Use occlusion"):
        lens.saliency_map(seeded(Cut()), pictures(1, 1, 2), 0)
    assert lens.occlusion_map(seeded(Cut()), pictures(1, 1, 2), 0, patch=1).shape == (1, 2, 2)


def test_bad_targets_and_images():
    net, images = plain(), pictures(2)
    with pytest.raises(InputError, match="inside 3, got \\(3,\\)"):
        lens.saliency_map(net, images, 3)
    with pytest.raises(InputError, match="2 classes below 3"):
        lens.saliency_map(net, images, [0, 1, 2])
    with pytest.raises(InputError, match="no highest class"):
        lens.saliency_map(net, images, layer="0")
    with pytest.raises(InputError, match="Pass image\\[None\\]"):
        lens.saliency_map(net, images[0])
    with pytest.raises(InputError, match="NaN"):
        lens.saliency_map(net, np.full((1, 2, 8, 8), np.nan))
    with pytest.raises(UnknownName, match="attribution method"):
        lens.attribution("salency", net, images)


def test_pictures_of_attributions():
    net, images = plain(), pictures(2)
    for name in ("saliency", "smooth_grad", "integrated_gradients", "occlusion"):
        shown = getattr(lens, name)(net, images, 0)
        assert shown.pixels.shape[:3] == (2, 8, 8)
        assert 0 <= shown.pixels.min() <= shown.pixels.max() <= 1
    guided = lens.guided_backprop(net, images, 0)
    assert guided.pixels.shape == (2, 8, 16, 1)  # two channels side by side
    assert np.allclose(guided.pixels[0].min(), 0) or np.allclose(guided.pixels[0].max(), 1)
    assert lens.grad_cam(net, images, 0, maps_of="1").pixels.shape == (2, 8, 8, 3)


class TestAgreementWithCaptum:
    """To 1e-5, where captum has the method."""

    @pytest.fixture(autouse=True)
    def _captum(self):
        pytest.importorskip("captum", exc_type=ImportError)

    net, images = plain(), pictures(3)

    @property
    def tensor(self):
        return torch.from_numpy(self.images).requires_grad_()

    def close(self, ours, theirs):
        theirs = theirs.detach().numpy()
        assert ours.shape == theirs.shape
        assert np.abs(theirs).max() > 1e-3
        assert np.abs(ours - theirs).max() < 1e-5

    def test_saliency(self):
        from captum.attr import Saliency

        theirs = Saliency(self.net).attribute(self.tensor, target=1)
        self.close(np.abs(lens.gradient(self.net, self.images, 1)), theirs)

    def test_integrated_gradients(self):
        from captum.attr import IntegratedGradients

        theirs = IntegratedGradients(self.net).attribute(self.tensor, target=1, n_steps=50)
        self.close(lens.integrated_gradients_map(self.net, self.images, 1, steps=50), theirs)

    @pytest.mark.filterwarnings("ignore:Setting backward hooks")
    def test_guided_backprop_and_deconvnet(self):
        from captum.attr import Deconvolution, GuidedBackprop

        pairs = ((GuidedBackprop, lens.guided_backprop_map), (Deconvolution, lens.deconvnet_map))
        for theirs, ours in pairs:
            found = theirs(self.net).attribute(self.tensor, target=1)
            self.close(ours(self.net, self.images, 1), found)

    def test_occlusion(self):
        from captum.attr import Occlusion

        for patch, stride in ((3, 1), (4, 3)):
            theirs = Occlusion(self.net).attribute(
                self.tensor,
                target=1,
                sliding_window_shapes=(2, patch, patch),
                strides=(2, stride, stride),
            )
            ours = lens.occlusion_map(self.net, self.images, 1, patch=patch, stride=stride)
            self.close(ours, theirs[:, 0])

    def test_grad_cam(self):
        from captum.attr import LayerGradCam

        for layer, target in ((5, 0), (1, 1), (1, 2)):
            theirs = LayerGradCam(self.net, self.net[layer]).attribute(
                self.tensor, target=target, relu_attributions=True
            )
            ours = lens.grad_cam_map(self.net, self.images, target, maps_of=str(layer))
            self.close(ours, theirs[:, 0])
