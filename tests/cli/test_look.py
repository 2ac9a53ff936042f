"""`lamella look` on runs and on models."""

import json

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

import lamella
from lamella import cli
from lamella.errors import RunError
from lamella.lens import filters_over_epochs, network_of
from lamella.plots.lens_picture import as_png, sheet_of

OPTIONS = {"width": 4, "batch_norm": False}
FACTS = {"net": "cifar_convnet", "options": OPTIONS, "steps": []}


def look(*arguments):
    return CliRunner().invoke(cli.build_app(), ["look", *map(str, arguments)])


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two epochs of one step each on little pictures of two classes."""
    path = tmp_path_factory.mktemp("look") / "run"
    rng = np.random.default_rng(0)
    images = rng.random((40, 3, 12, 12)).astype(np.float32)
    labels = np.arange(40) % 2
    net = lamella.models.cifar_convnet((3, 12, 12), 2, seed=1, **OPTIONS)
    optimiser = torch.optim.SGD(net.parameters(), 0.1)
    with lamella.record(path, net, {"test": (images, labels)}, study=FACTS) as recorder:
        recorder.epoch()
        for _ in range(2):
            loss = torch.nn.functional.cross_entropy(
                net(torch.from_numpy(images)), torch.from_numpy(labels)
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            recorder.epoch(loss=loss.item())
    return path


def test_every_technique_in_one_sheet(run, tmp_path):
    out = tmp_path / "look.html"
    done = look(run, "--what", "all", "--image", 0, "--image", 1, "--steps", 3, "-o", out, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["epoch"] == 2
    page = out.read_text()
    for title in ("Filters", "Top", "Grad cam", "Sanity", "Inversion", "Style", "Classes"):
        assert f">{title}</h2>" in page
    # two steps of training leave it too unsure to be fooled at 90 %; all else is shown
    assert page.count("Not shown: ") == page.count("Not shown: fooling() wants a confidence") == 1


def test_pictures_as_files_of_one_unit_at_one_epoch(run, tmp_path):
    done = look(
        run, "--what", "maps,top,saliency", "--layer", "conv3", "--unit", "2,1,0", "--epoch", 0,
        "--count", 3, "-o", tmp_path / "files",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "files").iterdir()}
    assert {"maps-1.png", "maps-2.png", "top.png", "saliency.png", "captions.json"} <= names
    captions = json.loads((tmp_path / "files" / "captions.json").read_text())
    assert captions["top"]["columns"] == 3
    assert captions["top"]["captions"][0].startswith("[2]")
    assert captions["maps-1"]["captions"][0].startswith("conv3 at (1, 0)")
    assert (tmp_path / "files" / "top.png").read_bytes().startswith(b"\x89PNG")


def test_the_network_of_a_run_has_the_weights_of_its_epoch(run):
    found = lamella.open_run(run)
    for epoch in (0, 2):
        net = network_of(found, epoch)
        weights = found.weights(epoch)
        assert all(np.array_equal(weights[k], v.numpy()) for k, v in net.state_dict().items())
    assert not np.array_equal(found.weights(0)["conv1.weight"], found.weights(2)["conv1.weight"])
    output = network_of(found, 2)(torch.from_numpy(np.array(found.inputs("test"))))
    recorded = found.activations("head", 2, "test")
    assert np.allclose(output.detach().numpy(), recorded, atol=1e-5)


def recorded_once(tmp_path, model):
    """The run of `lamella record` with a model by name."""
    path = tmp_path / "recorded"
    done = CliRunner().invoke(
        cli.build_app(),
        ["record", "--model", model, "--data", "digits", "--probe", "20", "--out", str(path)],
    )
    assert done.exit_code == 0, done.output
    return path


def test_what_record_wrote_of_a_registered_model_can_be_looked_at(tmp_path):
    path = recorded_once(tmp_path, "bottleneck")
    done = look(path, "--what", "filters", "-o", tmp_path / "look.html")
    assert done.exit_code == 0, done.exception
    built = network_of(lamella.open_run(path))
    assert set(built.state_dict()) == set(lamella.open_run(path).weights(0))


def test_code_that_a_run_names_is_not_run_unasked(tmp_path):
    (tmp_path / "net.py").write_text(
        "from torch import nn\ndef make(): return nn.Sequential(nn.Flatten(), nn.Linear(64, 10))\n"
    )
    spec = f"{tmp_path}/net.py:make"
    path = recorded_once(tmp_path, spec)
    with pytest.raises(RunError, match=r"code that is run only when you ask for it\. Pass model="):
        network_of(lamella.open_run(path))
    assert network_of(lamella.open_run(path), model=spec)[1].weight.shape == (10, 64)
    done = look(path, "--what", "filters", "-o", tmp_path / "look.html")
    assert f"--model {spec}" in str(done.exception)
    done = look(path, "--model", spec, "--what", "filters", "-o", tmp_path / "look.html")
    assert done.exit_code == 0, done.exception


def test_a_run_of_ones_own_loop_wants_its_model(tmp_path):
    (tmp_path / "net.py").write_text("from torch import nn\ndef make(): return nn.Linear(4, 3)\n")
    net, points = torch.nn.Linear(4, 3), torch.rand(6, 4)
    with lamella.record(tmp_path / "run", net, {"test": points}) as recorder:
        recorder.epoch()
    done = look(tmp_path / "run", "--what", "filters", "-o", tmp_path / "x.html")
    assert "Pass model=, or --model in the command line" in str(done.exception)
    assert "net.py:FACTORY" in str(done.exception)
    done = look(
        tmp_path / "run", "--model", f"{tmp_path}/net.py:make", "--what", "filters,ascent",
        "--steps", 1, "-o", tmp_path / "x.html",
    )  # fmt: skip
    assert done.exit_code == 0, done.exception
    shown = filters_over_epochs(lamella.open_run(tmp_path / "run"), model=net)
    assert len(shown.pixels) == 3


def test_a_model_that_a_module_holds_is_copied(run):
    found = lamella.open_run(run)
    mine = lamella.models.cifar_convnet((3, 12, 12), 2, seed=5, **OPTIONS)
    before = mine.conv1.weight.clone()
    assert network_of(found, model=mine) is not mine
    assert torch.equal(mine.conv1.weight, before)


def test_a_model_without_images_shows_filters_and_says_what_needs_them(tmp_path):
    out = tmp_path / "look.html"
    done = look("lenet5", "--input", "3x32x32", "--what", "filters,saliency", "-o", out)
    assert done.exit_code == 0, done.output
    assert "Not shown: lamella look wants images for this technique" in out.read_text()


def test_a_model_with_a_data_set(tmp_path):
    done = look(
        "perceptron", "--data", "digits", "--samples", 30, "--layer", "fc1", "--unit", 3,
        "--what", "filters,top,ascent,neighbours,saliency", "--steps", 2, "-o", tmp_path,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert (tmp_path / "top.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--what", "filtres"], "no technique is called 'filtres'. Nearest: filters"),
        (["--layer", "conv9"], "no layer is called 'conv9'. Nearest: conv5"),
        (["--layer", "conv1", "--unit", "1,2"], "wants as unit a channel such as 3"),
        (["--unit", "1"], "wants --layer with --unit"),
        (["--image", "40"], "wants images below 40"),
        (["--epoch", "7"], "no weights of epoch 7. Recorded: 0, 1, 2"),
        (["--model", "lenet5"], "lenet5() wants images of shape"),
    ],
)
def test_errors_say_what_to_do(run, tmp_path, arguments, message):
    done = look(run, *arguments, "-o", tmp_path / "x.html")
    assert done.exit_code == 1
    assert message in str(done.exception)


def test_a_model_needs_a_shape():
    assert "wants data or input with a model" in str(look("lenet5").exception)


def test_png_of_a_lattice():
    images = lamella.results.Images(np.array([0.0, 1.0, 0.5]).reshape(3, 1, 1, 1), columns=2)
    drawn = sheet_of(images, side=2, gap=1)[..., 0]
    assert drawn.tolist() == [
        [0, 0, 255, 255, 255],
        [0, 0, 255, 255, 255],
        [255] * 5,
        [128, 128, 255, 255, 255],
        [128, 128, 255, 255, 255],
    ]
    assert as_png(images)[:4] == b"\x89PNG"
