"""The activation study, small."""

import numpy as np
import pytest
import torch
from torch import nn

import lamella
from lamella.errors import UnknownName
from lamella.experiments.trials import layer_signals, run_trial
from lamella.studies.activations import WIDTHS, make_net


def test_a_short_study_reports_every_net(tmp_path):
    names = "relu,step,maxout,prelu"
    result = lamella.studies.activations(
        out=tmp_path, only=names, epochs=3, timed=False, progress=False
    )
    assert list(result["nets"]) == names.split(",")
    page = (tmp_path / "report.html").read_text()
    assert "What each one is" in page
    assert result["nets"]["relu"]["test_accuracy"] > result["nets"]["step"]["test_accuracy"]
    assert result["nets"]["prelu"]["dead"] == 0


def test_the_same_seed_gives_the_same_numbers(tmp_path):
    options = {"out": tmp_path, "only": "tanh", "epochs": 2, "timed": False, "progress": False}
    one, two = (lamella.studies.activations(**options)["nets"] for _ in range(2))
    assert one == two


def test_maxout_has_two_pieces_and_prelu_learns():
    net = make_net("maxout", (5,), 2, 0)
    assert net(torch.randn(4, 5)).shape == (4, 2)
    assert net.fc1.out_features == 2 * WIDTHS[0]
    assert net.fc2.in_features == WIDTHS[0]
    x = torch.randn(3, 2 * WIDTHS[0])
    assert torch.equal(net.act1(x), torch.maximum(x[:, : WIDTHS[0]], x[:, WIDTHS[0] :]))
    assert isinstance(make_net("prelu", (5,), 2, 0).act1, nn.PReLU)


def test_unknown_activations_are_refused(tmp_path):
    with pytest.raises(UnknownName, match="relu"):
        lamella.studies.activations(out=tmp_path, only="rellu")


def test_signals_are_deviations_of_outputs_and_gradients():
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    with torch.no_grad():
        net[0].bias.copy_(torch.tensor([0.0, 0.0, 0.0, -100.0]))
    x = np.random.default_rng(0).normal(size=(10, 3)).astype(np.float32)
    y = np.arange(10) % 2
    size, gradient, dead = layer_signals(net, ["1", "2"], x, y)
    hidden = torch.relu(net[0](torch.from_numpy(x))).detach().requires_grad_()
    logits = net[2](hidden)
    loss = nn.functional.cross_entropy(logits, torch.from_numpy(y))
    expected = torch.autograd.grad(loss, [hidden, logits])
    assert size[0] == pytest.approx(float(hidden.detach().std()))
    np.testing.assert_allclose(gradient, [float(g.std()) for g in expected], rtol=1e-5)
    assert dead[0] == pytest.approx(0.25)
    assert not any(m._forward_hooks for m in net.modules())


def test_an_exploding_training_ends_and_says_so():
    data = lamella.datasets.digits()
    net = lamella.models.perceptron(data.input_shape, data.classes, widths=(8,))
    trial = run_trial(
        "x", net, data, ["act1"], epochs=5, seed=0, optimiser="sgd", learning_rate=1e30
    )
    assert "finite" in trial.failed
    assert len(trial.epochs) < 6
    assert trial.activation_std.shape == (len(trial.moments), 1)
