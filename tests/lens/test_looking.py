"""Layers are seen as they are, and models left as they were."""

import copy

import numpy as np
import pytest
import torch
from support.image_nets import Functional, InPlace, Reused, pictures, plain, seeded
from torch import nn

from lamella import lens
from lamella.errors import UnknownName
from lamella.lens.layer_calls import layer_shapes


def test_in_place_relus_do_not_reach_back_into_what_is_seen():
    images = pictures()
    for layer in ("0", "4", "5"):
        seen = lens.activations(plain(InPlace), images, layer)
        assert torch.equal(seen, lens.activations(plain(), images, layer))
    assert (lens.activations(plain(InPlace), images, "0") < 0).any()
    assert np.array_equal(
        lens.gradient(plain(InPlace), images, 1, layer="0"),
        lens.gradient(plain(), images, 1, layer="0"),
    )


def test_a_functional_in_place_relu_does_not_either():
    assert (lens.activations(seeded(Functional()), pictures(), "a") < 0).any()


def test_a_first_layer_in_place_leaves_the_images_alone():
    net = seeded(nn.Sequential(nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(128, 2)))
    images = pictures()
    before = images.copy()
    slope = lens.gradient(net, images, 0)
    assert np.array_equal(images, before)
    assert np.array_equal(slope == 0, before <= 0)


def test_a_slice_of_a_sequential_gives_what_it_computes():
    net, images = plain(InPlace), pictures()
    part = net[:2]
    expected = torch.relu(net[0](torch.from_numpy(images)))
    assert torch.equal(lens.activations(part, images), expected)
    assert torch.equal(lens.activations(part, images, "0"), net[0](torch.from_numpy(images)))
    shown = lens.activation_maps(part, images[0], "0", each=False)
    assert shown.scale[0] < 0  # the convolution's, not the ReLU's


def test_a_reused_module_has_to_be_named_with_its_call():
    net, images = seeded(Reused()), pictures()
    with pytest.raises(
        lens.LensError, match=r"called 2 times in a pass. Choose among act#1, act#2"
    ):
        lens.activations(net, images, "act")
    first = torch.relu(net.a(torch.from_numpy(images)))
    assert torch.equal(lens.activations(net, images, "act#1"), first)
    assert torch.equal(lens.activations(net, images, "act#2"), torch.relu(net.b(first)))
    with pytest.raises(lens.LensError, match="'act#3', which is called 2 times"):
        lens.activations(net, images, "act#3")
    with pytest.raises(lens.LensError, match="Choose among act#1, act#2"):
        lens.grad_cam_map(net, images, 0, maps_of="act")
    with pytest.raises(UnknownName, match="Nearest: act"):
        lens.activations(net, images, "akt")


def test_one_module_in_two_places_of_a_sequential_is_told_apart_by_its_calls():
    act = nn.ReLU(inplace=True)
    net = seeded(nn.Sequential(nn.Conv2d(2, 3, 3), act, nn.Conv2d(3, 3, 3), act))
    images = pictures()
    with pytest.raises(lens.LensError, match="Choose among 1#1, 1#2"):
        lens.activations(net, images, "1")
    assert torch.equal(lens.activations(net, images, "1#2"), net(torch.from_numpy(images)))
    with pytest.raises(UnknownName):
        lens.activations(net, images, "3")
    assert list(layer_shapes(net, images)) == ["0", "1#1", "2", "1#2"]


def test_wrapped_models_are_seen_through():
    net, images = plain(), pictures()
    expected = lens.gradient(net, images, 1, layer="3")
    for wrapped in (torch.compile(net, backend="eager"), nn.DataParallel(net)):
        assert np.array_equal(lens.gradient(wrapped, images, 1, layer="3"), expected)


def test_hooks_and_modules_of_others_are_guarded_too():
    class Counts(nn.Module):
        def __init__(self):
            super().__init__()
            self.net, self.seen = plain(), 0
            self.register_buffer("mean", torch.zeros(()))

        def forward(self, x):
            self.seen += 1
            self.mean.add_(x.detach().mean())
            return self.net(x + torch.rand(()))

    net, state = Counts(), torch.get_rng_state()
    lens.saliency_map(net, pictures(), 0)
    assert net.seen == 0
    assert net.mean == 0
    assert torch.equal(torch.get_rng_state(), state)


def test_models_are_left_as_they_were():
    net, images = plain().train(), pictures()
    before = copy.deepcopy(net.state_dict())
    state = torch.get_rng_state()
    lens.saliency_map(net, images)
    lens.guided_backprop_map(net, images)
    lens.ascend(net, 1, (2, 8, 8), steps=2, parametrisation="pixels")
    with pytest.raises(lens.LensError):
        lens.activations(net, images, "0#2")
    assert net.training
    assert all(torch.equal(before[k], v) for k, v in net.state_dict().items())
    assert all(p.grad is None for p in net.parameters())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.modules())
    assert torch.equal(torch.get_rng_state(), state)


def test_works_under_no_grad_and_inference_mode():
    net, images = plain(), pictures()
    expected = lens.gradient(net, images, 1)
    for mode in (torch.no_grad, torch.inference_mode):
        with mode():
            assert np.array_equal(lens.gradient(net, images, 1), expected)


def test_scripted_models_are_refused():
    with pytest.raises(lens.LensError, match="wants a model in Python"):
        lens.saliency_map(torch.jit.ScriptModule(), pictures())


class Named(nn.Module):
    def __init__(self, *keys):
        super().__init__()
        self.net, self.keys = plain(), keys

    def forward(self, x):
        return {key: self.net(x) for key in self.keys}


def test_outputs_with_names_need_logits():
    images = pictures()
    assert torch.equal(
        lens.activations(Named("logits", "aux"), images), lens.activations(plain(), images)
    )
    with pytest.raises(lens.LensError, match="output is a tensor or has logits"):
        lens.activations(Named("one", "two"), images)
