import pytest
import torch

from lamella.errors import InputError, UnknownName
from lamella.registry import models


def parameters(net):
    return sum(p.numel() for p in net.parameters())


def by_layer(net):
    return [parameters(child) for child in net.children() if parameters(child)]


def test_parameters_are_those_of_the_slides_and_of_lenet():
    assert by_layer(models["mnist_dense"]()) == [628_000, 320_400, 4_010]
    assert parameters(models["mnist_dense"]()) == 952_410
    assert by_layer(models["lenet5"]()) == [156, 2_416, 48_120, 10_164, 850]
    assert parameters(models["lenet5"]()) == 61_706


def test_lenet_of_1998_has_the_parameters_of_the_paper():
    net = models["lenet5"](layout="1998")
    assert by_layer(net) == [156, 12, 1_516, 32, 48_120, 10_164]
    assert parameters(net) == 60_000


@pytest.mark.parametrize("options", [{}, {"layout": "1998"}, {"pool": "mean", "dropout": 0.2}])
@pytest.mark.parametrize("side", [28, 32])
def test_lenet_takes_both_sizes(options, side):
    net = models["lenet5"]((1, side, side), 10, **options)
    assert net(torch.zeros(2, 1, side, side)).shape == (2, 10)


def test_lenet_says_which_images_it_wants():
    with pytest.raises(InputError, match=r"\(channels, 28, 28\) or .*got \(3, 64, 64\)"):
        models["lenet5"]((3, 64, 64), 10)
    with pytest.raises(UnknownName, match="Nearest: modern"):
        models["lenet5"](layout="moderne")


def test_cifar_convnet_is_as_the_docstring_says():
    net = models["cifar_convnet"]()
    assert parameters(net) == 144_874
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    assert models["cifar_convnet"]((7, 9, 12), 4)(torch.zeros(2, 7, 9, 12)).shape == (2, 4)
    names = [name for name, _ in models["cifar_convnet"](dropout=0.1).named_children()]
    assert names[:4] == ["conv1", "norm1", "act1", "conv2"]
    assert names[-3:] == ["flatten", "drop", "head"]


@pytest.mark.parametrize("name", ["mnist_dense", "lenet5", "cifar_convnet", "cifar_resnet"])
def test_seeds_decide_the_weights_and_the_stream_stays(name):
    shape = (3, 32, 32) if name.startswith("cifar") else (1, 28, 28)
    before = torch.get_rng_state()
    one, same, other = (models[name](shape, 10, seed=seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    for mine, theirs in zip(one.parameters(), same.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    assert any(
        not torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True)
    )
