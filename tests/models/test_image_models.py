import numpy as np
import pytest
import torch
from torch import nn

from lamella import model
from lamella.errors import InputError, MissingExtra, UnknownName
from lamella.models.layers.lenet_1998 import SEEN, CodeDistance, PartialConvolution, WeightedPool
from lamella.models.layers.residual import Residual


def parameters(net):
    return sum(p.numel() for p in net.parameters())


def by_layer(net):
    return [parameters(child) for child in net.children() if parameters(child)]


def test_parameters_are_those_of_the_slides_and_of_lenet():
    assert by_layer(model["mnist_dense"]()) == [628_000, 320_400, 4_010]
    assert parameters(model["mnist_dense"]()) == 952_410
    assert by_layer(model["lenet5"]()) == [156, 2_416, 48_120, 10_164, 850]
    assert parameters(model["lenet5"]()) == 61_706


def test_lenet_of_1998_has_the_parameters_of_the_paper():
    net = model["lenet5"](layout="1998")
    assert by_layer(net) == [156, 12, 1_516, 32, 48_120, 10_164]
    assert parameters(net) == 60_000


def test_partial_connections_are_those_of_table_one():
    assert [len(seen) for seen in SEEN] == [3] * 6 + [4] * 9 + [6]
    assert [sum(source in seen for seen in SEEN) for source in range(6)] == [10] * 6
    layer = PartialConvolution(5)
    full = layer.full_weight()
    assert [tuple(np.flatnonzero(w.abs().sum((1, 2)).detach())) for w in full] == list(SEEN)
    x = torch.randn(2, 6, 14, 14, generator=torch.Generator().manual_seed(0))
    slow = torch.stack(
        [
            sum(
                nn.functional.conv2d(x[:, [s]], layer.full_weight()[[out]][:, [s]])[:, 0]
                for s in SEEN[out]
            )
            for out in range(16)
        ],
        dim=1,
    )
    assert torch.allclose(layer(x), slow, atol=1e-5)


def test_weighted_pooling_is_sum_times_weight_plus_bias():
    pool = WeightedPool(1)
    with torch.no_grad():
        pool.weight.fill_(0.5)
        pool.bias.fill_(1.0)
    assert pool(torch.arange(4.0).reshape(1, 1, 2, 2)).item() == 0.5 * 6 + 1


def test_the_output_is_least_distant_from_its_own_code():
    codes = CodeDistance(12)
    assert codes(codes.codes).argmax(dim=1).tolist() == list(range(12))
    assert codes(codes.codes).diagonal().tolist() == [0.0] * 12
    assert set(codes.codes.unique().tolist()) == {-1.0, 1.0}


@pytest.mark.parametrize("options", [{}, {"layout": "1998"}, {"pool": "mean", "dropout": 0.2}])
@pytest.mark.parametrize("side", [28, 32])
def test_lenet_takes_both_sizes(options, side):
    net = model["lenet5"]((1, side, side), 10, **options)
    assert net(torch.zeros(2, 1, side, side)).shape == (2, 10)


def test_lenet_says_which_images_it_wants():
    with pytest.raises(InputError, match=r"\(channels, 28, 28\) or .*got \(3, 64, 64\)"):
        model["lenet5"]((3, 64, 64), 10)
    with pytest.raises(UnknownName, match="Nearest: modern"):
        model["lenet5"](layout="moderne")


def test_cifar_convnet_is_as_the_docstring_says():
    net = model["cifar_convnet"]()
    assert parameters(net) == 144_874
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    assert model["cifar_convnet"]((7, 9, 12), 4)(torch.zeros(2, 7, 9, 12)).shape == (2, 4)
    names = [name for name, _ in model["cifar_convnet"](dropout=0.1).named_children()]
    assert names[:4] == ["conv1", "norm1", "act1", "conv2"]
    assert names[-3:] == ["flatten", "drop", "head"]


def test_residual_blocks_add_their_input():
    block = Residual(4).eval()
    x = torch.randn(1, 4, 5, 5)
    assert torch.allclose(block(x), x + block.second(block.first(x)))
    net = model["cifar_resnet"](width=8)
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 10)


@pytest.mark.parametrize("name", ["mnist_dense", "lenet5", "cifar_convnet", "cifar_resnet"])
def test_seeds_decide_the_weights_and_the_stream_stays(name):
    shape = (3, 32, 32) if name.startswith("cifar") else (1, 28, 28)
    before = torch.get_rng_state()
    one, same, other = (model[name](shape, 10, seed=seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    for mine, theirs in zip(one.parameters(), same.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    assert any(
        not torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True)
    )


def load(*arguments, **options):
    from lamella.models.load import load_model

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


def test_a_factory_that_cannot_be_called_is_the_users_to_mend(tmp_path):
    (tmp_path / "odd.py").write_text(
        "def raises(): raise RuntimeError('no licence')\ndef wants(depth): return depth\n"
    )
    with pytest.raises(InputError, match="got RuntimeError: no licence"):
        load(f"{tmp_path}/odd.py:raises", (3,), 2)
    with pytest.raises(InputError, match=r"got TypeError.*depth.*Give its other parameters"):
        load(f"{tmp_path}/odd.py:wants", (3,), 2)
    (tmp_path / "broken.py").write_text("1 / 0\n")
    with pytest.raises(InputError, match="ZeroDivisionError"):
        load(f"{tmp_path}/broken.py:f", (3,), 2)


@pytest.mark.parametrize(
    "spec",
    ["timm:evil.py:f", "timm:evil:f", "torchvision:evil.py:f", "timm:hf-hub:a/b", "timm:a/b"],
)
def test_a_librarys_name_is_never_a_file_a_module_or_an_address(spec, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evil.py").write_text("open('run', 'w')\ndef f(): return 1\n")
    with pytest.raises(InputError, match=r"wants (timm|torchvision):NAME"):
        load(spec, (3,), 2)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("spec", "kind", "source", "name"),
    [
        ("lenet5", "registered", "", "lenet5"),
        ("timm:resnet18.a1_in1k", "library", "timm", "resnet18.a1_in1k"),
        ("my.nets:make", "module", "my.nets", "make"),
        ("C:/nets/net.py:make", "file", "C:/nets/net.py", "make"),
    ],
)
def test_a_name_has_one_reading(spec, kind, source, name):
    from lamella.models.load import ModelName, parse_model

    assert parse_model(spec) == ModelName(kind, source, name)


def test_unknown_models_say_what_is_wanted(tmp_path):
    with pytest.raises(UnknownName, match="Nearest: lenet5"):
        load("lenet", (1, 28, 28), 10)
    for spec in ("no.such.module:net", f"{tmp_path}/none.py:net", "lamella.models.load:nothing"):
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
    from lamella import dataset
    from lamella.training import train

    net = model["wide"]((2,), 2)
    path = tmp_path / "c.safetensors"
    list(train(net, dataset["circle"](train_size=64, test_size=8), epochs=1, checkpoint=path))
    state = load("wide", (2,), 2, seed=5, weights=path).state_dict()
    assert torch.equal(state["fc1.weight"], net.fc1.weight)


def test_weights_that_do_not_fit_are_listed(tmp_path):
    from lamella.models.load import WeightsError

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
    from lamella.models.load import WeightsError

    torch.save({"a": Evil()}, tmp_path / name)
    with pytest.raises(WeightsError, match=r"a checkpoint of tensors only"):
        load("perceptron", (3,), 2, weights=tmp_path / name)
    assert capsys.readouterr().out == ""
