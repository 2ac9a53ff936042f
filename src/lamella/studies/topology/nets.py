"""The nets of the topology study: which there are, and how each is trained until it is perfect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.data.dataset import Dataset, Split
from lamella.experiments.recorded_training import ExistingRuns
from lamella.registry import models
from lamella.seeds import torch_generator
from lamella.store import Run, open_run

if TYPE_CHECKING:
    from torch import nn

DEEP, SHALLOW = (15,) * 10, (15,) * 3
NARROW = (15,) * 4 + (3,) + (15,) * 5
PLAIN = ("leaky_relu", "relu", "tanh")  # the kinds with ten layers and no bottleneck
# Epochs at most, learning rate and batch size; the second for tanh, which is harder to fit: in
# space only with first weights that keep the size of what passes ten layers (gain 5/3).
TRAINING = {
    "discs": ((60, 5e-3, 128), (200, 5e-3, 256)),
    "linked_rings": ((200, 5e-3, 256), (250, 3e-3, 256, 5 / 3)),
    "shells": ((100, 5e-3, 256), (150, 3e-3, 256, 5 / 3)),
}


@dataclass(frozen=True)
class Kind:
    """An architecture and how it is trained; `seeds` is how many perfect nets are wanted."""

    name: str
    title: str
    activation: str
    widths: tuple[int, ...]
    seeds: int
    epochs: int
    learning_rate: float
    batch_size: int
    gain: float = 1.0  # of the first weights of tanh


def kinds(seeds: int, data: str = "discs") -> tuple[Kind, ...]:
    """All architectures: deep, with a bottleneck, and shallow; `data` decides how they train."""
    settings = {kind: TRAINING[data][kind == "tanh"] for kind in PLAIN}
    titles = dict(zip(PLAIN, ("leaky ReLU", "ReLU", "tanh"), strict=True))
    few = max(1, seeds * 2 // 5)
    deep = [Kind(n, t, n, DEEP, seeds, *settings[n]) for n, t in titles.items()]
    narrow = [
        Kind(f"{n}_bottleneck", f"{t}, bottleneck", n, NARROW, few, *settings[n])
        for n, t in titles.items()
    ]
    shallow = Kind("relu_shallow", "ReLU, shallow", "relu", SHALLOW, seeds, *settings["relu"])
    return (*deep, *narrow, shallow)


def perfect_runs(
    kind: Kind, data: Dataset, probe: Split, out: Path, *, seed: int, kept: ExistingRuns
) -> Iterator[tuple[Run, bool]]:
    """Runs of one kind and whether each fits all training points, until enough of them do.

    At most twice as many nets as wanted, and two more, are tried.
    """
    perfect = 0
    for number in range(2 * kind.seeds + 2):
        path = out / kind.name / f"seed-{seed + number}"
        run = trained_run(path, kind, data, probe, seed=seed + number, kept=kept)
        fits = float(run.scalars()["train_accuracy"].iloc[-1]) == 1.0
        yield run, fits
        perfect += fits
        if perfect == kind.seeds:
            return


def trained_run(
    path: Path, kind: Kind, data: Dataset, probe: Split, *, seed: int, kept: ExistingRuns
) -> Run:
    """The finished run of one net; the one at `path` when it may be kept and is of these facts."""
    study: dict[str, Any] = {
        "study": "topology",
        "kind": kind.name,
        "widths": list(kind.widths),
        "training": [kind.epochs, kind.learning_rate, kind.batch_size, kind.gain],
        "data_arguments": data.arguments,
        "largest_input": float(np.abs(data.train.inputs).max()),
        "seed": seed,
    }
    if kept.resume and not kept.overwrite and (path / "run.json").exists():
        run = open_run(path)
        if run.finished and run.info.get("study") == study:
            return run

    import lamella

    net = make_net(kind, data, seed)
    with lamella.record(
        path,
        net,
        {"train": (probe.inputs, probe.labels, probe.ids)},
        layers=("act*", "head"),
        moments=lamella.every(10**9),  # the first and the last epoch
        class_names=data.class_names,
        name=f"{kind.title}, seed {seed}",
        seed=seed,
        study=study,
        overwrite=kept.overwrite or kept.resume,
    ) as recorder:
        for epoch in lamella.train(
            net,
            data,
            epochs=kind.epochs,
            learning_rate=kind.learning_rate,
            batch_size=kind.batch_size,
            schedule="one_cycle",
            seed=seed,
        ):
            recorder.epoch(epoch=epoch.epoch, **epoch.scalars())
            if epoch.train_accuracy == 1.0:
                break
    return open_run(path)


def make_net(kind: Kind, data: Dataset, seed: int) -> nn.Module:
    """A perceptron of this kind, started so that ten narrow layers can be trained.

    Weights by He et al. (2015) for ReLU and its leaky variant, by Glorot and Bengio (2010) for
    tanh, times its gain; biases zero. Under Torch's default only the leaky nets learn.
    """
    from torch import nn

    net = models["perceptron"](
        data.input_shape, data.classes, widths=kind.widths, activation=kind.activation, seed=seed
    )
    generator = torch_generator(seed, "topology weights")
    for layer in (m for m in net.modules() if isinstance(m, nn.Linear)):
        if kind.activation == "tanh":
            nn.init.xavier_normal_(layer.weight, kind.gain, generator=generator)
        else:
            nn.init.kaiming_normal_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
    return net
