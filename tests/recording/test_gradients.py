"""Norms of gradients are those of the optimiser's steps, whatever the loop does afterwards."""

import math

import pytest
import torch
from torch import nn
from torch.optim.optimizer import _global_optimizer_post_hooks, _global_optimizer_pre_hooks

import lamella
from lamella.recording.gradients import LOOKS, GradientNorms, norms_of
from lamella.recording.health import Health


def linear():
    model = nn.Linear(2, 1, bias=False)
    model.weight.data = torch.tensor([[3.0, 4.0]])
    return model


def step(model, optimiser, gradient):
    model.weight.grad = torch.tensor([gradient])
    optimiser.step()
    optimiser.zero_grad()


def test_mean_and_last_of_an_epoch_by_hand():
    model = linear()
    optimiser, gradients = torch.optim.SGD(model.parameters(), 0.1), GradientNorms(model)
    for gradient in ([3.0, 4.0], [0.0, 1.0], [0.0, 3.0]):
        step(model, optimiser, gradient)
    assert gradients.take() == {"weight": (3.0, 3.0)}
    assert gradients.take() == {}
    step(model, optimiser, [6.0, 8.0])
    assert gradients.take() == {"weight": (10.0, 10.0)}


@pytest.mark.parametrize("steps", [1, 7, 16, 63, 64, 200, 1000])
def test_of_many_steps_some_evenly_spaced_are_looked_at_and_the_last(steps):
    """Norms that grow with the step have their mean in the middle, whatever steps are taken."""
    model = linear()
    optimiser, gradients = torch.optim.SGD(model.parameters(), 0.0), GradientNorms(model)
    for epoch in range(3):
        for number in range(steps):
            step(model, optimiser, [0.0, float(number)])
        looks = len(gradients.steps[id(optimiser)].norms)
        assert min(steps, LOOKS / 2) <= looks <= 2 * LOOKS
        mean, last = gradients.take()["weight"]
        assert mean == pytest.approx((steps - 1) / 2, abs=0.25 * steps)
        if epoch:
            assert last == steps - 1


def test_several_optimisers_and_a_parameter_that_skips_a_step():
    model = nn.ModuleDict({"a": nn.Linear(1, 1, bias=False), "b": nn.Linear(1, 1, bias=False)})
    gradients = GradientNorms(model)
    first = torch.optim.SGD(model["a"].parameters(), 0.1)
    both = torch.optim.Adam(model.parameters(), 0.1)
    stranger = nn.Linear(1, 1)
    other = torch.optim.SGD(stranger.parameters(), 0.1)
    model["a"].weight.grad = torch.tensor([[2.0]])
    first.step()
    model["b"].weight.grad = torch.tensor([[5.0]])
    both.step()
    model["b"].weight.grad = None
    both.step()
    stranger.weight.grad = torch.ones(1, 1)
    other.step()
    assert gradients.take() == {"a.weight": (2.0, 2.0), "b.weight": (5.0, 5.0)}


def test_a_closure_makes_the_gradients_within_the_step():
    model = linear()
    optimiser, gradients = torch.optim.SGD(model.parameters(), 0.1), GradientNorms(model)

    def closure():
        optimiser.zero_grad()
        model.weight.grad = torch.tensor([[3.0, 4.0]])
        return 1.0

    optimiser.step(closure)
    assert gradients.take() == {"weight": (5.0, 5.0)}


def test_gradients_that_are_still_scaled_are_not_seen():
    """The loop of mixed precision: scale, backward, step, and the epoch ends between."""
    model, points = linear(), torch.tensor([[3.0, 4.0]])
    optimiser, gradients = torch.optim.SGD(model.parameters(), 0.0), GradientNorms(model)
    scaler = torch.amp.GradScaler("cpu", init_scale=65536.0)
    scaler.scale(model(points).sum()).backward()
    assert float(model.weight.grad.norm()) == 5 * 65536
    scaler.step(optimiser)
    scaler.update()
    assert gradients.take() == {"weight": (5.0, 5.0)}


def test_half_precision_and_sparse_gradients():
    large = torch.full((100,), 1000.0)
    found = norms_of([large.half(), large.bfloat16(), large.to_sparse()])
    assert [float(norm) / 10_000 for norm in found] == pytest.approx([1, 1, 1], rel=0.01)


def test_the_health_of_a_run_has_both(tmp_path):
    model = linear()
    optimiser = torch.optim.SGD(model.parameters(), 0.1)
    with lamella.record(tmp_path / "run", model, {"test": torch.ones(6, 2)}) as recorder:
        recorder.epoch()
        step(model, optimiser, [3.0, 4.0])
        step(model, optimiser, [0.0, 1.0])
        recorder.epoch()
    first, second = lamella.open_run(tmp_path / "run").health().itertuples()
    assert math.isnan(first.gradient_norm)
    assert (second.gradient_norm, second.mean_gradient_norm) == (1.0, 3.0)
    assert not _global_optimizer_pre_hooks
    assert not _global_optimizer_post_hooks


def test_gradients_without_an_optimiser_are_those_that_are_there():
    model = linear()
    health = Health(model)
    health.rows()
    model.weight.grad = torch.tensor([[0.0, 2.0]])
    assert health.rows()[0][2] == 2.0
    health.close()


def test_a_training_whose_gradients_nobody_sees_is_told_of_it(tmp_path):
    model = linear()
    with lamella.record(tmp_path / "run", model, {"test": torch.ones(6, 2)}) as recorder:
        for _ in range(4):
            recorder.epoch()
            model.weight.data += 1
    (problem,) = lamella.open_run(tmp_path / "run").problems
    assert problem.startswith("epoch 2: the weights changed, but no gradient was seen")


def test_a_step_goes_on_whatever_happens_in_a_hook(monkeypatch):
    model = linear()
    gradients = GradientNorms(model)
    monkeypatch.setattr(gradients, "look", None)
    step(model, torch.optim.SGD(model.parameters(), 1.0), [1.0, 1.0])
    assert model.weight.tolist() == [[2.0, 3.0]]
