"""A model and the random streams are bit for bit the same with and without recording."""

import random
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from support.recorded_nets import Awkward, probes, samples
from torch import nn

import lamella
from lamella.recording.preserved_state import preserved_state


def streams():
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002
    return torch.get_rng_state().tolist(), kind, keys.tolist(), rest, random.getstate()


def train(recorder_of):
    """Three epochs; everything that recording could have changed."""
    torch.manual_seed(0), np.random.seed(0), random.seed(0)  # noqa: NPY002
    model = Awkward().train()
    model.frozen.eval()
    optimiser = torch.optim.Adam(model.parameters(), 1e-2)
    points, labels = samples(24)
    found = []
    with recorder_of(model) as recorder:
        recorder.epoch()
        for _ in range(3):
            for rows in torch.randperm(24).split(8):
                optimiser.zero_grad()
                output = model(points[rows])
                nn.functional.cross_entropy(output, labels[rows]).backward()
                optimiser.step()
                found.append(output.detach().clone())
            recorder.epoch(loss=1.0)
            found += [p.grad.clone() for p in model.parameters()]
    found += [t.clone() for t in model.state_dict().values()] + [model.hidden]
    found += [p.detach() for s in optimiser.state.values() for p in s.values()]
    modes = [module.training for module in model.modules()]
    hooks = [len(module._forward_hooks) for module in model.modules()]
    return found, (modes, hooks, model.calls, model.history, streams())


class Nothing:
    def epoch(self, **scalars):
        pass


@contextmanager
def no_recorder(model):
    yield Nothing()


@contextmanager
def naive_recorder(model):
    class Naive:
        def epoch(self, **scalars):
            model.eval()
            model(samples()[0])
            model.train()

    yield Naive()


def differences(one, other):
    tensors = sum(not torch.equal(a, b) for a, b in zip(one[0], other[0], strict=True))
    return tensors, [a != b for a, b in zip(one[1], other[1], strict=True)]


def test_recording_changes_no_bit_of_training(tmp_path):
    recorded = train(
        lambda model: lamella.record(
            tmp_path / "run", model, probes(), moments=lamella.every(1), strict=True
        )
    )
    assert len(lamella.open_run(tmp_path / "run").epochs) == 4
    assert differences(train(no_recorder), recorded) == (0, [False] * 5)


def test_the_comparison_sees_what_a_naive_recorder_does():
    tensors, rest = differences(train(no_recorder), train(naive_recorder))
    assert tensors > 10
    assert rest == [True, False, True, True, True]


def test_everything_is_put_back_after_an_exception():
    model = Awkward().train()
    model.frozen.eval()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    state = streams()
    with pytest.raises(RuntimeError, match="mismatch"), preserved_state(model):
        model(samples()[0]) @ torch.zeros(7)
    assert all(torch.equal(before[n], t) for n, t in model.state_dict().items())
    assert (model.calls, model.history, streams()) == (0, [], state)
    assert model.bn.training
    assert not model.frozen.training


def test_buffers_that_did_not_change_keep_their_version():
    model = Awkward().train()
    before = model.bn.running_mean._version
    with preserved_state(model):
        model(samples()[0])
    assert model.bn.running_mean._version == before


def test_a_graph_built_before_survives():
    model = Awkward().train()
    loss = model(samples()[0]).sum()
    with preserved_state(model):
        model(samples()[0])
    loss.backward()
    assert model.fc1.weight.grad is not None


def test_autocast_weights_cached_without_gradient_do_not_leak():
    model = nn.Linear(4, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        with preserved_state(model):
            inside = model(samples()[0])
        model(samples()[0]).float().sum().backward()
    assert inside.dtype == torch.float32
    assert model.weight.grad is not None


def test_train_overridden_by_the_user_is_not_called():
    class Once(nn.Linear):
        def train(self, mode=True):
            raise AssertionError("must not be called")

    with preserved_state(Once(2, 2)):
        pass
