"""What recording costs: the same training loops with and without a recorder, in turns.

    python benchmarks/recording.py [--rows spheres,long,convolutions,transformer,lightning,start,
                                    large] [--repeats 5] [--epochs 50] [--json]

Everything is at its default: `spheres` is the net of the spheres study (8,000 samples, batches of
128, Adam, probes of 1,000 + 1,000 samples), `long` the same with epochs of a second or more,
`convolutions` a net as large as ResNet-18 on small pictures, `transformer` a small one on tokens,
`lightning` a loop of Lightning's. `start` says what the proof at the start costs, `large` what one
moment of 100 layers x 5,000 samples x 2,048 features takes in time and memory, projected to 256.

The two loops of a row run in turns in one process. Of every epoch the quickest of all repeats
counts, for both loops, so that what else the machine does is left out; `wall` is the ratio of the
sums on the clock, `cpu` that of the processor time of all threads, start and end included. Exit
code 1 where a row exceeds its limit by both.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import lamella

WIDTHS = (12, 48, 48, 48, 48, 2)
LIMITS = {"spheres": 1.05, "long": 1.01}
Loop = Iterator[float]


def perceptron() -> nn.Module:
    """The wide net of the spheres study, from the same seed each time."""
    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(WIDTHS):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class Block(nn.Module):
    """Two convolutions and a short cut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1, self.relu = nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        same = stride == 1 and inputs == outputs
        short = nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
        )
        self.short = nn.Identity() if same else short

    def forward(self, x: Tensor) -> Tensor:
        inside = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(inside + self.short(x))


def convolutions() -> nn.Module:
    """Eight blocks of 64 to 512 channels: 11 million parameters."""
    torch.manual_seed(0)
    blocks: list[nn.Module] = [nn.Conv2d(3, 64, 3, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    for inputs, outputs in ((64, 64), (64, 128), (128, 256), (256, 512)):
        blocks += [Block(inputs, outputs, 1 + (inputs != outputs)), Block(outputs, outputs, 1)]
    return nn.Sequential(*blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


class Transformer(nn.Module):
    """Four layers of 64 features on 32 tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens, self.places = nn.Embedding(100, 64), nn.Embedding(32, 64)
        layer = nn.TransformerEncoderLayer(64, 4, 128, batch_first=True)
        self.body, self.head = nn.TransformerEncoder(layer, 4), nn.Linear(64, 10)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.tokens(tokens) + self.places(torch.arange(32))
        return self.head(self.body(x).mean(1))


def transformer() -> nn.Module:
    """The transformer, from the same seed each time."""
    torch.manual_seed(0)
    return Transformer()


def points(count: int, generator: torch.Generator) -> Tensor:
    return torch.randn(count, WIDTHS[0], generator=generator)


def pictures(count: int, generator: torch.Generator) -> Tensor:
    return torch.rand(count, 3, 32, 32, generator=generator)


def tokens(count: int, generator: torch.Generator) -> Tensor:
    return torch.randint(0, 100, (count, 32), generator=generator)


# row: net, inputs, samples, samples of a probe, passes over the data that make an epoch, epochs
ROWS: dict[str, tuple[Callable[[], nn.Module], Callable, int, int, int, int]] = {
    "spheres": (perceptron, points, 8000, 1000, 1, 50),
    "long": (perceptron, points, 8000, 1000, 25, 8),
    "convolutions": (convolutions, pictures, 256, 50, 1, 8),
    "transformer": (transformer, tokens, 1024, 100, 1, 16),
    "lightning": (perceptron, points, 8000, 1000, 1, 20),
}


def train(model: nn.Module, inputs: Tensor, labels: Tensor, passes: int, epochs: int) -> Loop:
    """A plain loop; yields the loss once before training and after each epoch."""
    optimiser = torch.optim.Adam(model.parameters(), 2e-3)
    yield float("nan")
    for _ in range(epochs):
        loss = torch.zeros(())
        for _ in range(passes):
            for rows in torch.randperm(len(inputs)).split(128):
                optimiser.zero_grad()
                loss = nn.functional.cross_entropy(model(inputs[rows]), labels[rows])
                loss.backward()
                optimiser.step()
        yield loss.item()


def clocks() -> np.ndarray:
    """Seconds on the wall, and of processor time of all threads."""
    return np.array([time.perf_counter(), time.process_time()])


def one_run(row: str, folder: Path | None, epochs: int) -> tuple[np.ndarray, dict[str, float]]:
    """The clocks of every epoch, the start and the end among them, and the recorder's own count."""
    net, make, samples, probe, passes, _ = ROWS[row]
    generator = torch.Generator().manual_seed(0)
    inputs = make(samples, generator)
    labels = torch.arange(samples) % 2
    probes = {
        "train": (inputs[:probe], labels[:probe]),
        "test": (inputs[probe : 2 * probe], labels[probe : 2 * probe]),
    }
    model, ticks = net(), [clocks()]
    if row == "lightning":
        return lightning_run(model, inputs, labels, probes, folder, epochs)
    recorder = None if folder is None else lamella.record(folder, model, probes)
    for loss in train(model, inputs, labels, passes, epochs):
        if recorder is not None:
            recorder.epoch(loss=loss)
        ticks.append(clocks())
    if recorder is not None:
        recorder.close()
    ticks.append(clocks())
    return np.diff(ticks, axis=0), recorder.cost if recorder is not None else {}


def lightning_run(
    model: nn.Module, inputs: Tensor, labels: Tensor, probes: dict, folder: Path | None, epochs: int
) -> tuple[np.ndarray, dict[str, float]]:
    """The same under Lightning's trainer."""
    import logging
    import warnings

    import lightning

    warnings.simplefilter("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    ticks = [clocks()]

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = model

        def training_step(self, batch: Any, _: int) -> Tensor:
            return nn.functional.cross_entropy(self.net(batch[0]), batch[1])

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.Adam(self.parameters(), 2e-3)

    class Record(lightning.Callback):
        def on_train_start(self, *_: Any) -> None:
            self.recorder = None if folder is None else lamella.record(folder, model, probes)
            if self.recorder is not None:
                self.recorder.epoch()

        def on_train_epoch_end(self, trainer: Any, *_: Any) -> None:
            if self.recorder is not None:
                self.recorder.epoch()
            ticks.append(clocks())

        def on_train_end(self, *_: Any) -> None:
            if self.recorder is not None:
                self.recorder.close()

    batches = torch.utils.data.TensorDataset(inputs, labels)
    callback = Record()
    trainer = lightning.Trainer(
        max_epochs=epochs, accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, callbacks=[callback],
    )  # fmt: skip
    trainer.fit(Module(), torch.utils.data.DataLoader(batches, 128, shuffle=True))
    ticks.append(clocks())
    recorder = callback.recorder
    return np.diff(ticks, axis=0), recorder.cost if recorder is not None else {}


def compare(row: str, repeats: int, epochs: int | None) -> dict[str, float]:
    """Both loops in turns."""
    epochs = epochs or ROWS[row][-1]
    without, recorded, own = [], [], []
    with tempfile.TemporaryDirectory(dir=".") as folder:
        one_run(row, Path(folder) / "warm", 2)
        for k in range(repeats):
            without.append(one_run(row, None, epochs)[0])
            ticks, cost = one_run(row, Path(folder) / str(k), epochs)
            recorded.append(ticks)
            own.append(cost)
        trial = lamella.open_run(Path(folder) / "0").info["trial"]["seconds"]
    bare, full = (np.min(ticks, axis=0).sum(axis=0) for ticks in (without, recorded))
    return {
        "epochs": epochs,
        "epoch_ms": float(bare[0] / epochs * 1000),
        "bare_s": float(bare[0]),
        "recorded_s": float(full[0]),
        "wall": float(full[0] / bare[0]),
        "cpu": float(full[1] / bare[1]),
        "own_s": min(cost["seconds"] for cost in own),
        "trial_s": trial,
        "megabytes": own[0]["bytes"] / 1e6,
    }


def start(repeats: int) -> dict[str, float]:
    """Seconds that `record()` takes until it returns, of which the trial passes."""
    found: dict[str, float] = {}
    for row in ("spheres", "convolutions", "transformer"):
        net, make, _, probe, _, _ = ROWS[row]
        inputs = make(probe, torch.Generator().manual_seed(0))
        whole, trial = [], []
        for _ in range(repeats):
            with tempfile.TemporaryDirectory(dir=".") as folder:
                began = time.perf_counter()
                recorder = lamella.record(Path(folder) / "run", net(), {"test": inputs})
                whole.append(time.perf_counter() - began)
                recorder.close()
                trial.append(lamella.open_run(Path(folder) / "run").info["trial"]["seconds"])
        found |= {f"{row}_s": min(whole), f"{row}_trial_s": min(trial)}
    return found


def large(_repeats: int) -> dict[str, float]:
    """One moment of 100 layers x 5,000 samples x 2,048 features, projected to 256."""
    torch.manual_seed(0)
    narrow = nn.Linear(2048, 2048, bias=False)  # shared: what counts is what comes out
    model = nn.Sequential(*[nn.Sequential(narrow, nn.Tanh()) for _ in range(50)])
    inputs = torch.randn(5000, 2048)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory(dir=".") as folder:
        began = time.perf_counter()
        recorder = lamella.record(
            Path(folder) / "run", model, {"test": inputs}, reduce=("project", 256), weights=False
        )
        started = time.perf_counter()
        recorder.epoch()
        ended = time.perf_counter()
        recorder.close()
    with torch.no_grad():
        bare = time.perf_counter()
        model(inputs)
        bare = time.perf_counter() - bare
    return {
        "layers": len(recorder.layers),
        "start_s": started - began,
        "moment_s": ended - started,
        "close_s": time.perf_counter() - ended - bare,
        "bare_pass_s": bare,
        "peak_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
        "megabytes": recorder.cost["bytes"] / 1e6,
    }


def main() -> None:
    """Print a row for each, or JSON; fail where recording costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", default=",".join([*ROWS, "start", "large"]))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    alone = {"start": start, "large": large}
    found: dict[str, dict[str, float]] = {}
    for row in chosen.rows.split(","):
        one = alone.get(row)
        found[row] = one(chosen.repeats) if one else compare(row, chosen.repeats, chosen.epochs)
        if not chosen.json:
            print(
                row.ljust(14),
                *(f"{name} {value:.4g}" for name, value in found[row].items()),
                flush=True,
            )
    if chosen.json:
        print(json.dumps(found))
    over = [r for r, limit in LIMITS.items() if r in found and is_over(found[r], limit)]
    raise SystemExit(f"over the limit: {', '.join(over)}" if over else 0)


def is_over(row: dict[str, float], limit: float) -> bool:
    """Whether both clocks say that recording costs too much."""
    return min(row["wall"], row["cpu"]) > limit


if __name__ == "__main__":
    main()
