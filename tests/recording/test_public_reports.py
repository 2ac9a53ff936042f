"""Faults that were reported of tools like this one, each on a model that shows it."""

import dataclasses
import os
import warnings

import numpy as np
import pytest
import torch
from torch import nn

import lamella
from lamella.recording import RecordingWarning

X = torch.randn(24, 8, generator=torch.Generator().manual_seed(5))
Y = torch.arange(24) % 3
weight_norm = nn.utils.parametrizations.weight_norm


@pytest.fixture
def rec(tmp_path):
    """Record `n` epochs after the first, with `step(epoch)` before each; the run."""

    def record(model, probes, n=1, step=lambda epoch: None, **options):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RecordingWarning)
            with lamella.record(tmp_path / "run", model, probes, **options) as recorder:
                recorder.epoch()
                for epoch in range(n):
                    step(epoch)
                    recorder.epoch(loss=1.0)
        return lamella.open_run(tmp_path / "run")

    return record


def differing(tmp_path, make, inputs):
    """The weights and buffers that are not the same bits after a training with a recorder."""
    ends = []
    for recording in (False, True):
        torch.manual_seed(0)
        model = make()
        optimiser = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], 0.1)
        if recording:
            probes = {"train": (inputs, torch.arange(len(inputs)) % 3)}
            recorder = lamella.record(tmp_path / "run", model, probes)
            recorder.epoch()
        for step in range(6):
            optimiser.zero_grad()
            model(inputs[2 * step : 2 * step + 8]).pow(2).mean().backward()
            optimiser.step()
            if recording:
                recorder.epoch()
        if recording:
            recorder.close()
            assert lamella.open_run(tmp_path / "run").problems == ()
        ends.append(model.state_dict())
    return [name for name in ends[0] if not torch.equal(ends[0][name], ends[1][name])]


# Recording changes the training that it watches


class Momentum(nn.Module):
    """An encoder that follows another, through `.data`, in every forward pass."""

    def __init__(self):
        super().__init__()
        self.q = nn.Linear(8, 4)
        self.k = nn.Linear(8, 4).requires_grad_(False)

    def forward(self, x):
        for a, b in zip(self.q.parameters(), self.k.parameters(), strict=True):
            b.data = 0.9 * b.data + 0.1 * a.data
        return self.q(x) * self.k(x)


class AlwaysBatchStatistics(nn.Module):
    """Statistics that are written without a trace, in evaluation too."""

    def __init__(self):
        super().__init__()
        self.bn, self.f = nn.BatchNorm1d(8), nn.Linear(8, 3)

    def forward(self, x):
        mean, variance = self.bn.running_mean, self.bn.running_var
        return self.f(nn.functional.batch_norm(x, mean, variance, training=True))


class Tokens(nn.Module):
    """An embedding that cuts its rows to a length as they are used."""

    def __init__(self):
        super().__init__()
        self.e, self.f = nn.Embedding(50, 6, max_norm=1.0), nn.Linear(6, 3)

    def forward(self, i):
        return self.f(self.e(i).mean(1))


class Memory(nn.Module):
    """A tensor in a list, written in place."""

    def __init__(self):
        super().__init__()
        self.memory, self.f = [torch.zeros(8)], nn.Linear(8, 3)

    def forward(self, x):
        self.memory[0].mul_(0.9).add_(x.detach().mean(0))
        return self.f(x + self.memory[0])


class Noise(nn.Module):
    """A generator of NumPy's that the model owns."""

    def __init__(self):
        super().__init__()
        self.rng, self.f = np.random.default_rng(0), nn.Linear(8, 3)

    def forward(self, x):
        return self.f(x * torch.from_numpy(self.rng.uniform(0.5, 1.5, 8)).float())


@pytest.mark.parametrize("make", [Momentum, AlwaysBatchStatistics, Memory, Noise])
def test_training_is_the_same_with_and_without(tmp_path, make):
    assert differing(tmp_path, make, X) == []


def test_an_embedding_that_cuts_its_rows(tmp_path):
    tokens = torch.randint(0, 50, (24, 4), generator=torch.Generator().manual_seed(2))
    assert differing(tmp_path, Tokens, tokens) == []


# Few samples decide what a layer is


def test_a_head_of_three_classes_under_weight_norm(rec):
    run = rec(nn.Sequential(nn.Linear(8, 6), nn.ReLU(), weight_norm(nn.Linear(6, 3))), probes())
    assert (run.layers, run.epochs, run.problems) == (("0", "1", "2"), (0, 1), ())
    assert run.info["layers"][2]["type"] == "Linear"


class OneBatchSize(nn.Module):
    """Its first state is made for batches of eight."""

    def __init__(self):
        super().__init__()
        self.g, self.f = nn.GRU(4, 5, batch_first=True), nn.Linear(5, 2)
        self.h0 = torch.zeros(1, 8, 5)

    def forward(self, x):
        return self.f(self.g(x, self.h0)[0][:, -1])


@pytest.mark.parametrize("samples", [24, 21, 5])
def test_a_model_of_one_batch_size(rec, samples):
    model, points = OneBatchSize(), torch.randn(samples, 6, 4)
    options = {"batch_size": 8}
    run = rec(model, {"train": (points, Y[:samples])}, **options)
    assert (run.layers, run.epochs, run.problems) == (("g", "f"), (0, 1), ())
    whole = torch.cat([points, points[:1].expand(-samples % 8, 6, 4)])
    with torch.no_grad():
        expected = torch.cat([model(part) for part in whole.split(8)])[:samples]
    np.testing.assert_allclose(run.activations("f", 1, "train"), expected, rtol=1e-5)


def test_a_model_of_one_batch_size_without_it_is_told_of_it(rec):
    with pytest.raises(lamella.errors.RecordingError, match="3 and 5 were tried because batch_si"):
        rec(OneBatchSize(), {"train": (torch.randn(24, 6, 4), Y)})


class Experts(nn.Module):
    """Each sample is seen by one of two experts."""

    def __init__(self):
        super().__init__()
        self.pre, self.e0, self.e1 = nn.Linear(8, 8), nn.Linear(8, 3), nn.Linear(8, 3)

    def forward(self, x):
        k, h, out = (x[:, 0] > 0).long(), self.pre(x), torch.zeros(len(x), 3)
        for i, expert in enumerate((self.e0, self.e1)):
            if (k == i).any():
                out[k == i] = expert(h[k == i])
        return out


def test_experts_are_left_out_and_all_else_is_recorded(rec):
    x = X.clone()
    x[:12, 0], x[12:, 0] = -1, 1
    run = rec(Experts(), {"train": (x, Y)})
    assert (run.layers, run.epochs, run.problems) == (("pre",), (0, 1), ())
    assert set(run.info["skipped"]) == {"e0", "e1"}


# One unfit thing costs only itself


class WithBuffer(nn.Module):
    """A layer, and a buffer of an unusual kind."""

    def __init__(self, buffer):
        super().__init__()
        self.f = nn.Linear(8, 3)
        self.register_buffer("odd", buffer)

    def forward(self, x):
        return self.f(x)


@pytest.mark.parametrize(
    "buffer",
    [torch.ones(4, dtype=torch.complex64), torch.eye(4).to_sparse()],
    ids=["complex", "sparse"],
)
def test_a_buffer_that_no_file_holds_is_left_out(rec, buffer):
    run = rec(WithBuffer(buffer), probes())
    assert (run.epochs, run.problems) == ((0, 1), ())
    assert list(run.info["left_out"]) == ["odd"]
    assert set(run.weights(1)) == {"f.weight", "f.bias"}


class Gate(nn.Module):
    def forward(self, x):
        return x > 0


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.f = Gate(), nn.Linear(8, 3)

    def forward(self, x):
        return self.f(self.a(x).float())


def test_a_layer_of_truths_in_half_precision(rec):
    run = rec(Gated(), probes(), dtype="float16")
    assert run.problems == ()
    np.testing.assert_array_equal(run.activations("a", 0, "train"), (X > 0).numpy())


def test_an_epoch_under_inference_mode(tmp_path):
    model = nn.Sequential(nn.Linear(8, 6), nn.Linear(6, 3))
    with lamella.record(tmp_path / "run", model, probes(), strict=True) as recorder:
        with torch.inference_mode():
            recorder.epoch(loss=0.0)
        recorder.epoch(loss=1.0)
        recorder.epoch(loss=2.0)
    run = lamella.open_run(tmp_path / "run")
    assert run.scalars().loss.tolist() == [0, 1, 2]
    assert run.health().update_norm.tolist()[-4:] == [0.0] * 4


# Names are looked up anew at each epoch


class Adapter(nn.Module):
    """What takes the place of a linear layer when a model is adapted."""

    def __init__(self, base):
        super().__init__()
        self.base_layer = base.requires_grad_(False)
        self.a, self.b = nn.Linear(8, 2, bias=False), nn.Linear(2, 8, bias=False)

    def forward(self, x):
        return self.base_layer(x) + self.b(self.a(x))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.v = nn.Linear(8, 8), nn.Linear(8, 3)

    def forward(self, x):
        return self.v(torch.relu(self.q(x)))


def test_what_was_exchanged_is_recorded_under_its_name_and_told(rec):
    model = Attention()

    def step(epoch):
        model.q = Adapter(model.q)

    run = rec(model, probes(), 1, step)
    with torch.no_grad():
        np.testing.assert_allclose(run.activations("q", 1, "train"), model.q(X), atol=1e-5)
    assert run.problems == ("epoch 1: module 'q': a Linear then, Adapter now; recorded as it is",)


def test_batch_norms_that_are_made_one_of_several_processes(rec):
    model = nn.Sequential(nn.Linear(8, 6), nn.BatchNorm1d(6), nn.ReLU())
    convert = nn.SyncBatchNorm.convert_sync_batchnorm
    run = rec(model, probes(), 2, lambda epoch: convert(model))
    assert run.epochs == (0, 1, 2)
    assert "a BatchNorm1d then, SyncBatchNorm now" in run.problems[0]
    assert run.activations("1", 2, "train").shape == (24, 6)


def test_a_module_that_comes_late_is_told_once(rec):
    model = nn.Sequential(nn.Linear(8, 6), nn.ReLU())

    def step(epoch):
        if epoch == 0:
            model.add_module("late", nn.Linear(6, 3))

    run = rec(model, probes(), 2, step)
    assert run.problems == ("epoch 1: module 'late': it came after the start and is not recorded",)


def test_a_module_that_is_gone_costs_only_itself(rec):
    model = nn.Sequential(nn.Linear(8, 6), nn.ReLU())
    run = rec(model, probes(), 1, lambda epoch: delattr(model, "1"))
    assert run.epochs == (0, 1)
    assert run.problems == ("epoch 1: '1' was left out: the model has no such module any more",)
    assert run.activations("0", 1, "train").shape == (24, 6)


# What counts as a leaf


def test_weight_norm_hides_no_layer(rec):
    run = rec(nn.Sequential(weight_norm(nn.Linear(8, 6)), nn.ReLU(), nn.Linear(6, 4)), probes())
    assert (run.layers, run.info["skipped"]) == (("0", "1", "2"), {})


class Attending(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.f = nn.MultiheadAttention(8, 2, batch_first=True), nn.Linear(8, 3)

    def forward(self, x):
        return self.f(self.a(x, x, x)[0].mean(1))


def test_an_attention_whose_projection_is_never_called(rec):
    run = rec(Attending(), {"train": (torch.randn(24, 5, 8), Y)})
    assert (run.layers, run.info["skipped"]) == (("a", "f"), {})


# Names and outputs


@dataclasses.dataclass
class Out:
    logits: torch.Tensor
    loss: object = None


class Inner(nn.Module):
    def __init__(self, wrap):
        super().__init__()
        self.f, self.wrap = nn.Linear(8, 3), wrap

    def forward(self, x):
        return self.wrap(self.f(x))


class Outer(nn.Module):
    def __init__(self, wrap, take):
        super().__init__()
        self.i, self.take = Inner(wrap), take

    def forward(self, x):
        return self.take(self.i(x))


@pytest.mark.parametrize(
    ("wrap", "take", "layers"),
    [
        (Out, lambda out: out.logits, ("i.f", "i.logits")),
        (lambda h: ((h, h * 2), {"aux": h}), lambda out: out[0][0], ("i.f", "i")),
        (lambda h: {"f": h, "g": {"h": h}}, lambda out: out["f"], ("i.f", "i.f'", "i.g.h")),
    ],
)
def test_outputs_of_any_structure(rec, wrap, take, layers):
    run = rec(Outer(wrap, take), probes(), layers=["i", "i.f"])
    assert run.layers == layers


class Shared(nn.Module):
    def __init__(self):
        super().__init__()
        act = nn.ReLU()
        self.f1, self.act1, self.f2, self.act2 = nn.Linear(8, 6), act, nn.Linear(6, 3), act

    def forward(self, x):
        return self.act2(self.f2(self.act1(self.f1(x))))


def test_a_module_is_known_by_each_of_its_names(rec):
    run = rec(Shared(), probes(), layers=["act2"])
    assert run.layers == ("act1", "act1#2")
    assert run.info["aliases"] == {"act2": "act1"}


class Marked(nn.Module):
    def __init__(self):
        super().__init__()
        self.h = nn.ModuleDict({"x#2": nn.Linear(8, 4)})

    def forward(self, x):
        return self.h["x#2"](x)


def test_a_name_with_a_mark(rec):
    assert rec(Marked(), probes(), layers=["h.x#2"]).layers == ("h.x#2",)


# Paths


def test_a_folder_stays_where_it_was_when_the_loop_goes_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path)
    with lamella.record("run", nn.Linear(8, 3), probes()) as recorder:
        recorder.epoch()
        monkeypatch.chdir(tmp_path / "other")
        recorder.epoch(loss=1.0)
    run = lamella.open_run(tmp_path / "run")
    assert (run.epochs, run.finished, os.listdir(tmp_path / "other")) == ((0, 1), True, [])


def test_the_home_folder_is_meant_by_its_sign(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    with lamella.record("~/runs/x", nn.Linear(8, 3), probes()) as recorder:
        recorder.epoch()
    assert os.listdir(tmp_path) == ["home"]
    assert lamella.open_run("~/runs/x").epochs == (0,)


def probes():
    return {"train": (X, Y)}
