import numpy as np
import pytest
import torch

from lamella.errors import InputError
from lamella.registry import models

NETS = {
    "conv_autoencoder": (21_356, (32, 8, 8)),
    "small_unet": (62_264, (64, 4, 4)),
    "separable_unet": (11_063, (64, 4, 4)),
}


def outputs(net, layers):
    found = {}
    for name in layers:
        net.get_submodule(name).register_forward_hook(
            lambda _m, _i, out, name=name: found.update({name: tuple(out.shape[1:])})
        )
    return found


@pytest.mark.parametrize("name", NETS)
def test_parameters_latent_shape_and_logits_for_every_pixel(name):
    count, shape = NETS[name]
    net = models[name]((3, 64, 64), 4)
    latent = models.facts(name)["latent"]
    found = outputs(net, latent)
    assert net(torch.rand(2, 3, 64, 64)).shape == (2, 4, 64, 64)
    assert sum(p.numel() for p in net.parameters()) == count
    assert found == dict.fromkeys(latent, shape)


def test_parameters_of_the_autoencoder_layer_by_layer():
    net = models["conv_autoencoder"]((3, 64, 64), 4)
    counts = [sum(p.numel() for p in m.parameters()) for m in net if list(m.parameters())]
    assert counts == [224, 1168, 4640, 9248, 4624, 1160, 292]


@pytest.mark.parametrize(("name", "divisor"), [("conv_autoencoder", 8), ("small_unet", 16)])
def test_a_size_that_the_pools_do_not_divide_is_refused(name, divisor):
    with pytest.raises(InputError, match=f"multiples of {divisor}, got 60 x 64. Use images of"):
        models[name]((3, 60, 64), 4)
    with pytest.raises(InputError, match="channels x height x width"):
        models[name]((12,), 4)


def test_he_weights_have_he_s_variance_and_are_cut():
    net = models["small_unet"]((3, 64, 64), 4, seed=1)
    weight = net.latent_conv.weight.detach().numpy()
    std = np.sqrt(2 / (32 * 9))
    assert weight.std() == pytest.approx(std, rel=0.03)
    assert np.abs(weight).max() <= 2 * std / 0.8796 + 1e-6
    assert not net.latent_conv.bias.any()


def test_dropout_lies_where_the_seed_has_it():
    places = {
        name: {
            n: m.p
            for n, m in models[name]((3, 64, 64), 4).named_modules()
            if isinstance(m, torch.nn.Dropout)
        }
        for name in ("small_unet", "separable_unet")
    }
    assert places["small_unet"] == {"drop": 0.5, "latent_drop": 0.0}
    assert places["separable_unet"] == {"drop": 0.5, "latent_drop": 0.5}


def test_weights_depend_on_the_seed_alone():
    first, again, other = (models["separable_unet"]((3, 32, 32), 4, seed=s) for s in (1, 1, 2))
    assert torch.equal(first.head.pointwise.weight, again.head.pointwise.weight)
    assert not torch.equal(first.head.pointwise.weight, other.head.pointwise.weight)
