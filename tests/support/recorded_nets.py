"""Small models that have every trait a recorder could stumble over."""

import random
from collections import namedtuple

import numpy as np
import torch
from torch import nn

Pair = namedtuple("Pair", ["left", "right"])


class Awkward(nn.Module):
    """Batch norm, dropout, an in-place and reused ReLU, counters, and noise of all streams."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 8)
        self.bn = nn.BatchNorm1d(8)
        self.frozen = nn.BatchNorm1d(8)
        self.relu = nn.ReLU(inplace=True)
        self.drop = nn.Dropout(0.5)
        self.fc2 = nn.Linear(8, 8)
        self.head = nn.Linear(8, 3)
        self.calls, self.history, self.hidden = 0, [], torch.zeros(8)
        self.register_buffer("seen", torch.zeros(()))
        self.frozen.eval()

    def forward(self, x):
        self.calls += 1
        self.history.append(self.calls)
        self.hidden = self.hidden * 0.9
        self.seen += len(x)
        x = self.relu(self.frozen(self.bn(self.fc1(x))))
        x = nn.functional.dropout(self.drop(x), 0.1, training=True)
        noise = np.random.rand() + random.random()  # noqa: NPY002 - as users do
        return self.head(self.relu(self.fc2(x))) + noise + self.hidden.sum()


class Many(nn.Module):
    """Layers that give a tuple, a named tuple, a dict, a string, and no row per sample."""

    class Tuple(nn.Module):
        def forward(self, x):
            return x, x + 1

    class Named(nn.Module):
        def forward(self, x):
            return Pair(x, x * 2)

    class Dict(nn.Module):
        def forward(self, x):
            return {"a": x, "b": x * 3, "note": "text"}

    class Text(nn.Module):
        def forward(self, x):
            return "text"

    class Total(nn.Module):
        def forward(self, x):
            return x.sum(dim=0)

    def __init__(self):
        super().__init__()
        self.tuple, self.named, self.dict = self.Tuple(), self.Named(), self.Dict()
        self.text, self.total, self.idle = self.Text(), self.Total(), nn.Linear(2, 2)

    def forward(self, x):
        self.text(x)
        self.total(x)
        return self.dict(self.named(self.tuple(x)[0]).left)["a"]


def perceptron(inplace=False):
    """4-5-3 with a ReLU between; the same weights each time."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 5), nn.ReLU(inplace=inplace), nn.Linear(5, 3))


def samples(count=12, features=4, classes=3):
    """Points and labels, the same each time."""
    generator = torch.Generator().manual_seed(1)
    points = torch.randn(count, features, generator=generator)
    return points, torch.arange(count) % classes


def probes(count=12):
    """A train and a test probe."""
    points, labels = samples(2 * count)
    return {"train": (points[:count], labels[:count]), "test": (points[count:], labels[count:])}
