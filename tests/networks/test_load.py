"""Networks by name, by file, from libraries, and with weights from files."""

import pytest
import torch

from lamella.errors import InputError, MissingExtra, UnknownName
from lamella.registry import models


def parameters(net):
    return sum(p.numel() for p in net.parameters())


def load(*arguments, **options):
    from lamella.networks.load import load_model

    return load_model(*arguments, **options)


def test_a_registered_name_a_module_and_a_file_make_models(tmp_path, monkeypatch):
    assert parameters(load("lenet5", (1, 28, 28), 10)) == 61_706
    (tmp_path / "my_nets.py").write_text(
        "import torch\n"
        "def tiny(input_shape, classes): return torch.nn.Linear(input_shape[0], classes)\n"
        "ready = torch.nn.Linear(3, 2)\n"
        "def wrong(): return 3\n"
    )
    by_file = load(f"{tmp_path}/my_nets.py:tiny", (5,), 3)
    assert (by_file.in_features, by_file.out_features) == (5, 3)
    monkeypatch.syspath_prepend(tmp_path)
    by_name = load("my_nets:tiny", (5,), 3)
    assert torch.equal(by_name.weight, by_file.weight)  # the seed decides
    assert load("my_nets:ready", (3,), 2).in_features == 3
    with pytest.raises(InputError, match=r"wants to return a torch.nn.Module, got int"):
        load("my_nets:wrong", (3,), 2)


def test_unknown_models_say_what_is_wanted(tmp_path):
    with pytest.raises(UnknownName, match="Nearest: lenet5"):
        load("lenet", (1, 28, 28), 10)
    for spec in ("no.such.module:net", f"{tmp_path}/none.py:net", "lamella.networks.load:nothing"):
        with pytest.raises(InputError, match=r"package.module:factory, file.py:factory, timm:NAME"):
            load(spec, (3,), 2)


@pytest.mark.parametrize("library", ["timm", "torchvision"])
def test_libraries_are_extras(library, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(MissingExtra, match=rf"pip install 'lamella\[{library}\]'"):
        load(f"{library}:resnet18", (3, 32, 32), 10)


def test_weights_come_from_safetensors_and_tensor_checkpoints(tmp_path):
    from safetensors.torch import save_file

    trained = load("lenet5", (1, 28, 28), 10, seed=7)
    state = trained.state_dict()
    save_file(state, tmp_path / "a.safetensors")
    torch.save(state, tmp_path / "b.pt")
    torch.save(
        {"epoch": 3, "state_dict": {f"module.{k}": v for k, v in state.items()}}, tmp_path / "c.pt"
    )
    for name in ("a.safetensors", "b.pt", "c.pt"):
        loaded = load("lenet5", (1, 28, 28), 10, weights=tmp_path / name)
        assert torch.equal(loaded.conv2.weight, trained.conv2.weight)


def test_our_own_checkpoints_are_weights_too(tmp_path):
    from lamella.registry import datasets
    from lamella.training import train

    net = models["wide"]((2,), 2)
    path = tmp_path / "c.safetensors"
    list(train(net, datasets["circle"](train_size=64, test_size=8), epochs=1, checkpoint=path))
    state = load("wide", (2,), 2, seed=5, weights=path).state_dict()
    assert torch.equal(state["fc1.weight"], net.fc1.weight)


def test_weights_that_do_not_fit_are_listed(tmp_path):
    from lamella.networks.load import WeightsError

    torch.save({"fc1.weight": torch.zeros(2, 2), "other": torch.zeros(1)}, tmp_path / "w.pt")
    with pytest.raises(WeightsError) as raised:
        load("perceptron", (3,), 2, weights=tmp_path / "w.pt")
    text = str(raised.value)
    assert "Missing: fc1.bias, fc2.bias, fc2.weight, head.bias, head.weight." in text
    assert "Unexpected: other." in text
    assert "fc1.weight (2, 2) for (64, 3)" in text


class Evil:
    def __reduce__(self):
        return (print, ("ran",))


@pytest.mark.parametrize("name", ["w.pt", "w.safetensors"])
def test_pickled_code_never_runs(tmp_path, capsys, name):
    from lamella.networks.load import WeightsError

    torch.save({"a": Evil()}, tmp_path / name)
    with pytest.raises(WeightsError, match=r"a checkpoint of tensors only"):
        load("perceptron", (3,), 2, weights=tmp_path / name)
    assert capsys.readouterr().out == ""
