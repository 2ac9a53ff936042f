"""Layers are found by name, glob, type and rule, behind any wrapper."""

import pytest
import torch
from torch import nn

from lamella.errors import InputError, UnknownName
from lamella.recording.modules import choose_layers, named_layers, unwrap


def net():
    return nn.Sequential(
        nn.Linear(2, 2), nn.Sequential(nn.Linear(2, 3), nn.ReLU()), nn.Linear(3, 1)
    )


@pytest.mark.parametrize(
    ("layers", "names"),
    [
        ("[012]", ["0", "1", "2"]),
        (1, ["0", "1", "2"]),
        (2, ["0", "1.0", "1.1", "2"]),
        ("1.*", ["1.0", "1.1"]),
        ("1", ["1"]),
        (["2", "0"], ["0", "2"]),
        (nn.Linear, ["0", "1.0", "2"]),
        (nn.Sequential, ["1"]),
        (lambda name, module: name.endswith("0"), ["0", "1.0"]),
        (["1", nn.ReLU], ["1", "1.1"]),
    ],
)
def test_choices(layers, names):
    assert list(choose_layers(net(), layers).modules) == names


def test_unknown_names_show_the_nearest():
    model = nn.ModuleDict({"fc1": nn.Linear(2, 2), "fc2": nn.Linear(2, 2)})
    with pytest.raises(UnknownName, match=r"no layer is called 'fc22'\. Nearest: fc2, fc1"):
        choose_layers(model, "fc22")


@pytest.mark.parametrize("layers", [nn.Conv2d, lambda name, module: False, []])
def test_choices_that_match_nothing_are_refused(layers):
    with pytest.raises(InputError, match="matches none of 5"):
        choose_layers(net(), layers)


def test_what_is_no_choice_is_refused():
    with pytest.raises(InputError, match="names, globs"):
        choose_layers(net(), 0)


def test_names_are_those_of_named_modules():
    assert list(named_layers(net())) == [name for name, _ in net().named_modules()]


def test_wrappers_are_seen_through():
    plain = net()
    wrapped = net()
    wrapped[1] = torch.compile(wrapped[1], backend="eager")
    wrapped = nn.DataParallel(torch.compile(wrapped, backend="eager"))
    assert list(named_layers(wrapped)) == list(named_layers(plain))
    assert isinstance(unwrap(wrapped), nn.Sequential)


def test_a_model_that_is_one_layer():
    assert list(choose_layers(nn.Linear(2, 2), "*").modules) == ["model"]
