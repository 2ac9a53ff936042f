import json

import numpy as np
import pytest
from typer.testing import CliRunner

from lamella import open_run
from lamella.cli import build_app
from lamella.errors import LamellaError
from lamella.registry import datasets, models


def lamella(*arguments):
    result = CliRunner().invoke(build_app(), ["record", *map(str, arguments)])
    if result.exception and isinstance(result.exception, LamellaError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_a_trained_model_needs_no_training(tmp_path):
    from lamella.training import train

    made = datasets["circle"]()
    net = models["wide"]((2,), 2)
    path = tmp_path / "weights.safetensors"
    last = list(train(net, made, epochs=3, checkpoint=path, device="cpu"))[-1]
    out = tmp_path / "run"
    said = json.loads(
        lamella("--model", "wide", "--data", "circle", "--weights", path, "--out", out,
                "--probe", 500, "--layers", "act*,head", "--json")
    )  # fmt: skip
    assert said["layers"] == ["act1", "act2", "act3", "act4", "head"]
    assert said["test_accuracy"] == pytest.approx(last.test_accuracy, abs=0.02)
    run = open_run(out)
    assert run.epochs == (0,)
    assert run.finished
    assert run.info["study"]["model"] == "wide"
    shown = run.activations("head", 0, "test")
    import torch

    with torch.no_grad():
        logits = net(torch.tensor(np.array(run.inputs("test"))))
    assert np.allclose(shown, logits, atol=1e-5)


def test_a_folder_of_images_and_a_model_of_a_file(tmp_path):
    for name in ("a", "b"):
        (tmp_path / "data" / name).mkdir(parents=True)
        for number in range(6):
            np.save(tmp_path / "data" / name / f"{number}.npy", np.full((4, 4), number, np.float32))
    (tmp_path / "mine.py").write_text(
        "from torch import nn\ndef net(): return nn.Sequential(nn.Flatten(), nn.Linear(16, 5))\n"
    )
    text = lamella("--model", f"{tmp_path}/mine.py:net", "--data", tmp_path / "data",
                   "--out", tmp_path / "run", "--reduce", "whole")  # fmt: skip
    assert "Recorded 2 layers" in text
    assert "lamella measure" in text
    assert "Accuracy" not in text  # its five outputs are not the two classes


def test_a_model_of_another_shape_says_which_it_wants(tmp_path):
    (tmp_path / "mine.py").write_text("from torch import nn\nnet = nn.Conv2d(3, 2, 5)\n")
    with pytest.raises(LamellaError, match=r"Conv2d wants inputs of shape \(3, 28, 28\), got \(1"):
        lamella("--model", f"{tmp_path}/mine.py:net", "--data", "digits", "--out", tmp_path / "r")
    assert not (tmp_path / "r").exists()
