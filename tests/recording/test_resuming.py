"""A run is gone on with by the weights that it ended with, or it says that it is not."""

import warnings

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.optimizer import _global_optimizer_pre_hooks as hooks

import lamella
from lamella.errors import RecordingError
from lamella.recording import RecordingWarning
from lamella.recording.resuming import unrelated

POINTS = torch.rand(30, 6, generator=torch.Generator().manual_seed(0))
LABELS = torch.arange(30) % 3


def net(seed):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(6, 20), nn.ReLU(), nn.Linear(20, 3))


def steps(model, count=3):
    optimiser = torch.optim.Adam(model.parameters(), 0.01)
    for _ in range(count):
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(POINTS), LABELS).backward()
        optimiser.step()


def record(path, model, **options):
    return lamella.record(
        path / "run", model, {"test": (POINTS, LABELS)}, moments=lamella.every(2), **options
    )


@pytest.fixture
def run(tmp_path):
    """Epochs 0 to 4, of which 0, 2 and 4 are stored."""
    model = net(0)
    with record(tmp_path, model) as recorder:
        recorder.epoch()
        for _ in range(4):
            steps(model)
            recorder.epoch()
    return lamella.open_run(tmp_path / "run")


def go_on(path, model, epoch=None, restore=None, **options):
    """Two more epochs; weights are restored, if at all, after the recorder was made."""
    with record(path, model, resume=True, **options) as recorder:
        if restore is not None:
            model.load_state_dict({k: torch.tensor(np.array(w)) for k, w in restore.items()})
        steps(model)
        recorder.epoch(epoch=epoch)
        steps(model)
        recorder.epoch()
    assert not hooks


@pytest.mark.parametrize("seed", [0, 1])
def test_fresh_weights_are_told(run, tmp_path, seed):
    with pytest.warns(RecordingWarning, match=r"wants the weights of epoch 4.*load_state_dict"):
        go_on(tmp_path, net(seed))
    (problem,) = lamella.open_run(run.path).problems
    assert ("those of epoch 0" if seed == 0 else "got others") in problem


def test_strict_recorders_raise(run, tmp_path):
    with pytest.raises(RecordingError, match="Restore them before training"):
        go_on(tmp_path, net(1), strict=True)
    assert not hooks


@pytest.mark.parametrize(("restored", "epoch"), [(4, None), (4, 5), (2, 3), (0, 1), (None, 1)])
def test_restored_weights_go_on_in_silence(run, tmp_path, restored, epoch):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        go_on(tmp_path, net(0), epoch, run.weights(restored) if restored else None)
    assert lamella.open_run(run.path).problems == ()


def test_a_checkpoint_of_an_epoch_that_was_not_stored_goes_on_in_silence(run, tmp_path):
    model = net(1)
    model.load_state_dict({k: torch.tensor(np.array(w)) for k, w in run.weights(4).items()})
    steps(model, 30)
    go_on(tmp_path, model, 9)
    assert lamella.open_run(run.path).problems == ()


def test_a_run_that_starts_over_is_not_asked(run, tmp_path):
    go_on(tmp_path, net(7), 0)
    assert lamella.open_run(run.path).problems == ()


def test_stored_weights_that_cannot_be_read_do_not_stop_a_step(run, tmp_path):
    path = run.path / "weights" / "000004.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.warns(RecordingWarning, match="the file is truncated"):
        go_on(tmp_path, net(1))


def test_unrelated_weights_are_told_from_trained_ones():
    first, second = (np.random.default_rng(s).normal(size=(40, 40)) for s in (0, 1))
    assert unrelated({"w": first}, {"w": second})
    assert not unrelated({"w": first}, {"w": 0.3 * first + second})
    assert not unrelated({"w": first[:3, :3]}, {"w": second[:3, :3]})  # too few to tell
    assert not unrelated({"w": first}, {"w": np.ones((40, 40))})
