"""Random modules with every kind of state train to the same bits with and without a recorder."""

import itertools
import random
import re
import tempfile
import warnings
from collections import deque
from dataclasses import dataclass, field

import numpy as np
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

import lamella
from lamella.recording import RecordingWarning

X = torch.randn(24, 6, generator=torch.Generator().manual_seed(3))
GLOBAL = {"memory": torch.zeros(6), "calls": 0}


@dataclass
class Deep:
    """State two objects away from the module."""

    tensors: dict = field(default_factory=lambda: {"a": [torch.zeros(6)]})
    rng: random.Random = field(default_factory=lambda: random.Random(1))


class Slotted:
    """State that is in no `__dict__`."""

    __slots__ = ("value",)

    def __init__(self):
        self.value = 0.0


def in_list(s, x):
    s.memory[0].mul_(0.9).add_(x.mean(0))
    return x + s.memory[0]


def in_array(s, x):
    s.array[:] = 0.9 * s.array + x.mean(0).numpy()
    return x + torch.from_numpy(s.array)


def in_dataclass(s, x):
    s.deep.tensors["a"][0].add_(0.01)
    return x + s.deep.tensors["a"][0] + s.deep.rng.random()


def in_tuple(s, x):
    s.pair[1].mul_(0.5).add_(x[0])
    return x + s.pair[1]


def in_deque(s, x):
    s.queue.append(x.mean().item())
    return x + sum(s.queue)


def in_slots(s, x):
    s.slotted.value += x.mean().item()
    return x + s.slotted.value


def in_class(s, x):
    type(s).count += 1
    return x + 0.01 * type(s).count


def in_globals(s, x):
    GLOBAL["calls"] += 1
    GLOBAL["memory"].add_(0.01)
    return x + GLOBAL["memory"] + GLOBAL["calls"]


def in_weight_data(s, x):
    s.frozen.weight.data = 0.9 * s.frozen.weight.data + 0.1 * s.body.weight.data
    return x + s.frozen(x)


def in_weight_in_place(s, x):
    with torch.no_grad():
        s.frozen.weight.mul_(0.99)
    return x + s.frozen(x)


def in_statistics(s, x):
    return nn.functional.batch_norm(x, s.bn.running_mean, s.bn.running_var, training=True)


def in_buffer(s, x):
    s.total = s.total + x.mean(0)
    return x + 0.1 * s.total


def in_attribute(s, x):
    s.steps += 1
    s.late = getattr(s, "late", torch.zeros(6)) + 1
    return x + 0.1 * s.steps + s.late


def of_numpy(s, x):
    return x * float(s.rng.uniform(0.5, 1.5)) + float(s.old_rng.rand())


def of_torch(s, x):
    return x + torch.rand(6, generator=s.generator) + torch.rand(6)


def of_everybody(s, x):
    return x + random.random() + np.random.rand()  # noqa: NPY002 - as users do


def of_python(s, x):
    return x + s.python.gauss(0, 1)


def of_dropout(s, x):
    return nn.functional.dropout(x, 0.3, training=True)


def with_backward(s, x):
    with torch.enable_grad():
        y = s.body(x.detach()).pow(2).sum()
        y.backward()  # adds to the gradients of the body
    return x


KEPT = [
    in_list, in_array, in_dataclass, in_tuple, in_deque, in_slots, in_class, in_globals,
    in_weight_data, in_weight_in_place, in_statistics, in_buffer, in_attribute, of_numpy, of_torch,
    of_everybody, of_python, of_dropout, with_backward,
]  # fmt: skip


def spent(s, x):
    return x + next(s.stream)


def counted(s, x):
    return x + 0.01 * next(s.counter)


def hidden(s, x):
    return x + next(HIDDEN[0]) * 0.01


HIDDEN = [None]
LOST = [spent, counted, hidden]


def build(tricks):
    """A module that does what it was given, in order, before its layers."""

    class Random(nn.Module):
        count = 0

        def __init__(self):
            super().__init__()
            self.tricks = tricks
            self.memory, self.array = [torch.zeros(6)], np.zeros(6, np.float32)
            self.deep, self.pair, self.queue = Deep(), (0, torch.zeros(6)), deque(maxlen=5)
            self.slotted, self.steps = Slotted(), 0
            self.body, self.frozen, self.bn = nn.Linear(6, 6), nn.Linear(6, 6), nn.BatchNorm1d(6)
            self.frozen.requires_grad_(False)
            self.register_buffer("total", torch.zeros(6))
            self.rng, self.old_rng = np.random.default_rng(0), np.random.RandomState(0)
            self.generator, self.python = torch.Generator().manual_seed(0), random.Random(0)
            self.stream, self.counter = (0.1 * n for n in range(10**6)), itertools.count()
            self.head = nn.Linear(6, 3)

        def forward(self, x):
            for trick in self.tricks:
                x = trick(self, x)
            return self.head(torch.tanh(self.body(x)))

    return Random()


def trained(tricks, folder=None):
    """All weights, buffers and gradients, and every random stream, after a little training."""
    torch.manual_seed(0), np.random.seed(0), random.seed(0)  # noqa: NPY002
    GLOBAL.update(memory=torch.zeros(6), calls=0)
    HIDDEN[0] = itertools.count()
    model = build(tricks)
    optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], 0.01)
    recorder = None
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        if folder:
            probes = {"train": (X, torch.arange(24) % 3)}
            recorder = lamella.record(f"{folder}/run", model, probes, moments=lamella.every(1))
            recorder.epoch()
        for step in range(4):
            optimiser.zero_grad()
            model(X[4 * step : 4 * step + 8]).pow(2).mean().backward()
            optimiser.step()
            if recorder:
                recorder.epoch(loss=1.0)
        if recorder:
            recorder.close()
    ends = [
        *model.state_dict().values(),
        *(p.grad for p in model.parameters() if p.grad is not None),
    ]
    streams = [torch.get_rng_state(), torch.tensor(np.random.rand()), torch.tensor(random.random())]  # noqa: NPY002
    return ends + streams, [w for w in said if issubclass(w.category, RecordingWarning)], model


def are_same(one, other):
    return len(one) == len(other) and all(map(torch.equal, one, other))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(KEPT), min_size=1, max_size=6, unique=True))
def test_what_can_be_put_back_is(tricks):
    with tempfile.TemporaryDirectory() as folder:
        recorded, said, _ = trained(tricks, folder)
    assert are_same(trained(tricks)[0], recorded)
    assert said == []


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(LOST), st.lists(st.sampled_from(KEPT), max_size=3, unique=True))
def test_what_cannot_be_put_back_is_named_once_at_the_start(lost, tricks):
    with tempfile.TemporaryDirectory() as folder:
        recorded, said, _ = trained([lost, *tricks], folder)
        problems = lamella.open_run(f"{folder}/run").problems
    if not are_same(trained([lost, *tricks])[0], recorded):
        (warning,) = said
        name = {spent: "stream", counted: "counter", hidden: "HIDDEN.0"}[lost]
        assert re.search(rf"recording changes (tricks\.0\.)?{name} of", str(warning.message))
        assert len([p for p in problems if "cannot put it back" in p]) == 1


def test_the_comparison_sees_a_recorder_that_puts_nothing_back(monkeypatch, tmp_path):
    from lamella.recording import preserved_state

    monkeypatch.setattr(preserved_state, "keep", lambda held: [])
    for trick in (in_list, in_array, in_statistics, in_weight_data, of_numpy):
        recorded, _, _ = trained([trick], tmp_path / trick.__name__)
        assert not are_same(trained([trick])[0], recorded), trick.__name__
