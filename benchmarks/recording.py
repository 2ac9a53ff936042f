"""What recording costs: the same training loop with and without a recorder, in turns.

    python benchmarks/recording.py [--repeats 5] [--epochs 50] [--json]

The net of the spheres study, 8,000 samples, batches of 128, Adam, probes of 1,000 + 1,000
samples, everything else at its default. Prints the medians; `share` is of the clock on the wall,
`cpu_share` of processor time, which a busy machine disturbs less. Exit code 1 when both exceed
the 5 % that recording may cost.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

import lamella

WIDTHS = (12, 48, 48, 48, 48, 2)
LIMIT = 0.05


def build_net() -> nn.Module:
    """The wide net of the spheres study, from the same seed each time."""
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(WIDTHS):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def train(model: nn.Module, points: Tensor, labels: Tensor, epochs: int):
    """A plain loop; yields the loss once before training and after each epoch."""
    optimiser = torch.optim.Adam(model.parameters(), 2e-3)
    yield float("nan")
    for _ in range(epochs):
        loss = torch.zeros(())
        for rows in torch.randperm(len(points)).split(128):
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(model(points[rows]), labels[rows])
            loss.backward()
            optimiser.step()
        yield loss.item()


def clocks() -> np.ndarray:
    """Seconds on the wall, and of processor time of all threads."""
    return np.array([time.perf_counter(), time.process_time()])


def seconds_without(points: Tensor, labels: Tensor, epochs: int) -> np.ndarray:
    """The loop alone."""
    model, began = build_net(), clocks()
    for _ in train(model, points, labels, epochs):
        pass
    return clocks() - began


def seconds_with(
    points: Tensor, labels: Tensor, epochs: int, folder: Path
) -> tuple[np.ndarray, dict]:
    """The loop with a recorder, from opening the run to closing it; and the recorder's count."""
    probes = {
        "train": (points[:1000], labels[:1000]),
        "test": (points[1000:2000], labels[1000:2000]),
    }
    model, began = build_net(), clocks()
    with lamella.record(folder, model, probes) as recorder:
        for loss in train(model, points, labels, epochs):
            recorder.epoch(loss=loss)
    return clocks() - began, recorder.cost


def measure(repeats: int, epochs: int) -> dict[str, float]:
    """Medians over repeats, the two loops in turns so that both meet the same machine."""
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(8000, WIDTHS[0], generator=generator)
    labels = (points.norm(dim=1) > WIDTHS[0] ** 0.5).long()
    without, recorded, own = [], [], []
    with tempfile.TemporaryDirectory(dir=".") as folder:
        seconds_with(points, labels, 1, Path(folder) / "warm")
        for k in range(repeats):
            without.append(seconds_without(points, labels, epochs))
            seconds, cost = seconds_with(points, labels, epochs, Path(folder) / str(k))
            recorded.append(seconds)
            own.append(cost["seconds"])
    share, cpu_share = np.median(np.array(recorded) / np.array(without) - 1, axis=0).tolist()
    return {
        "epochs": epochs,
        "repeats": repeats,
        "seconds_without": float(np.median(without, axis=0)[0]),
        "seconds_with": float(np.median(recorded, axis=0)[0]),
        "share": share,
        "cpu_share": cpu_share,
        "recorder_seconds": float(np.median(own)),
        "megabytes": cost["bytes"] / 1e6,
    }


def main() -> None:
    """Print the table, or JSON; fail when recording costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    found = measure(chosen.repeats, chosen.epochs)
    if chosen.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:18} {value:10.4g}")
    raise SystemExit(min(found["share"], found["cpu_share"]) > LIMIT)


if __name__ == "__main__":
    main()
