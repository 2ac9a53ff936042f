import pytest
import torch

from lamella.errors import InputError, UnknownName
from lamella.registry import models


def widths_of(net):
    linear = [m for m in net.modules() if isinstance(m, torch.nn.Linear)]
    return [linear[0].in_features, *(m.out_features for m in linear)]


def test_presets_are_those_of_the_spheres_study():
    assert widths_of(models["wide"]((12,), 2)) == [12, 48, 48, 48, 48, 2]
    assert widths_of(models["bottleneck"]((12,), 2)) == [12, 12, 3, 12, 12, 2]


def test_presets_follow_the_input():
    assert widths_of(models["bottleneck"]((1, 8, 8), 10)) == [64, 64, 16, 64, 64, 10]
    assert widths_of(models["bottleneck"]((3,), 2)) == [3, 3, 2, 3, 3, 2]
    assert widths_of(models["wide"]((3,), 2)) == [3, 48, 48, 48, 48, 2]


def test_layers_have_readable_names_in_order():
    net = models["perceptron"]((1, 8, 8), 3, widths=(5, 4), batch_norm=True, dropout=0.5)
    assert [name for name, _ in net.named_children()] == [
        "flatten", "fc1", "norm1", "act1", "drop1", "fc2", "norm2", "act2", "drop2", "head",
    ]  # fmt: skip
    assert net(torch.zeros(2, 1, 8, 8)).shape == (2, 3)


def test_a_perceptron_computes_what_its_formula_says():
    net = models["perceptron"]((3,), 2, widths=(4,), activation="tanh")
    x = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    hidden = torch.tanh(x @ net.fc1.weight.T + net.fc1.bias)
    assert torch.allclose(net(x), hidden @ net.head.weight.T + net.head.bias, atol=1e-6)


def test_weights_follow_the_seed_and_leave_the_random_stream_alone():
    before = torch.get_rng_state()
    first, again, other = (models["wide"]((12,), 2, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.fc3.weight, again.fc3.weight)
    assert not torch.equal(first.fc3.weight, other.fc3.weight)


def test_no_hidden_layer_is_a_linear_classifier():
    assert widths_of(models["perceptron"]((7,), 3, widths=())) == [7, 3]


def test_bad_arguments_are_refused():
    with pytest.raises(InputError, match="widths and classes of at least 1"):
        models["perceptron"]((3,), 2, widths=(4, 0))
    with pytest.raises(InputError, match="dropout in"):
        models["perceptron"]((3,), 2, dropout=1.5)
    with pytest.raises(UnknownName, match="Nearest: relu"):
        models["perceptron"]((3,), 2, activation="rellu")
