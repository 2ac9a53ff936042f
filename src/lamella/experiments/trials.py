"""One net trained many ways: its curves, and what goes through its layers while it learns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lamella.data.dataset import Dataset
from lamella.errors import TrainingError
from lamella.results import Curve, Matrix

if TYPE_CHECKING:
    import torch
    from torch import nn

    from lamella.training import Epoch


@dataclass(frozen=True, eq=False)
class Trial:
    """One training: its epochs, and deviations and dead shares by (epoch, layer).

    `failed` says why a training stopped, empty where it did not.
    """

    name: str
    layers: tuple[str, ...]
    epochs: tuple[Epoch, ...]
    moments: tuple[int, ...]
    activation_std: np.ndarray
    gradient_std: np.ndarray
    dead: np.ndarray
    failed: str = ""

    def number(self, name: str) -> np.ndarray:
        """One number of every epoch, such as test_accuracy."""
        return np.array([getattr(epoch, name) for epoch in self.epochs])


@dataclass
class Notes:
    """What a trial has seen so far."""

    epochs: list[Any] = field(default_factory=list)
    moments: list[int] = field(default_factory=list)
    signals: list[np.ndarray] = field(default_factory=list)
    failed: str = ""


def run_trial(
    name: str,
    network: nn.Module,
    data: Dataset,
    layers: Sequence[str],
    *,
    epochs: int,
    seed: int,
    probe: int = 256,
    **training: Any,
) -> Trial:
    """Train `network` and look at the named layers at epochs 0, 1, 2, 4, ... and the last.

    A training whose loss is not finite ends there; the trial keeps what it saw and says so.
    """
    import lamella

    batch = data.test.take(probe, seed=0)
    notes = Notes()
    try:
        for epoch in lamella.train(
            network, data, epochs=epochs, seed=seed, device="cpu", **training
        ):
            notes.epochs.append(epoch)
            at = epoch.epoch
            if at == epochs or at & (at - 1) == 0:
                notes.moments.append(at)
                notes.signals.append(layer_signals(network, layers, batch.inputs, batch.labels))
    except TrainingError as error:
        notes.failed = str(error).split(". ")[0]
    sizes, gradients, dead = np.stack(notes.signals).transpose(1, 0, 2)
    return Trial(
        name,
        tuple(layers),
        tuple(notes.epochs),
        tuple(notes.moments),
        sizes,
        gradients,
        dead,
        notes.failed,
    )


def layer_signals(
    network: nn.Module, layers: Sequence[str], inputs: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """Deviation of outputs, deviation of the loss's gradient by them, and share of dead units.

    Shape (3, layers). A unit is dead where its output is the same for every sample.
    """
    import torch

    kept: dict[str, torch.Tensor] = {}

    def keeper(name: str) -> Callable[..., torch.Tensor]:
        def keep(module: Any, args: Any, output: torch.Tensor) -> torch.Tensor:
            kept[name] = output if output.requires_grad else output.detach().requires_grad_()
            return kept[name]

        return keep

    modules = dict(network.named_modules())
    handles = [modules[name].register_forward_hook(keeper(name)) for name in layers]
    try:
        x, y = torch.as_tensor(inputs), torch.as_tensor(labels)
        loss = torch.nn.functional.cross_entropy(network(x), y)
        gradients = torch.autograd.grad(loss, [kept[name] for name in layers], allow_unused=True)
    finally:
        for handle in handles:
            handle.remove()
    values = [kept[name].detach().flatten(1) for name in layers]
    return np.array(
        [
            [float(v.std()) for v in values],
            [0.0 if g is None else float(g.std()) for g in gradients],
            [float((v.std(dim=0) == 0).double().mean()) for v in values],
        ]
    )


def curves(trials: Mapping[str, Sequence[Trial]], number: str, label: str) -> Curve:
    """One line per name over epochs: the mean over seeds, with the least and the greatest."""
    length = max(len(t.epochs) for group in trials.values() for t in group)
    stacks = [
        np.stack([_padded(t.number(number), length) for t in group]) for group in trials.values()
    ]
    several = max(len(group) for group in trials.values()) > 1
    return Curve(
        np.arange(length),
        np.stack([stack.mean(axis=0) for stack in stacks]),
        tuple(trials),
        x_label="epoch",
        y_label=label,
        low=np.stack([stack.min(axis=0) for stack in stacks]) if several else None,
        high=np.stack([stack.max(axis=0) for stack in stacks]) if several else None,
    )


def _padded(values: np.ndarray, length: int) -> np.ndarray:
    return np.append(values.astype(float), np.full(length - len(values), np.nan))


def by_layer(
    trials: Mapping[str, Sequence[Trial]], what: str, label: str, moment: int = -1
) -> Matrix:
    """Names downwards, layers to the right: a signal at one moment (index), mean over seeds."""
    first = next(iter(trials.values()))[0]
    rows = [np.mean([getattr(t, what)[moment] for t in group], axis=0) for group in trials.values()]
    return Matrix(
        np.stack(rows), tuple(trials), first.layers, column_label="layer", value_label=label
    )


def over_epochs(trial: Trial, what: str, label: str) -> Matrix:
    """Layers downwards, epochs to the right: a signal of one trial."""
    return Matrix(
        getattr(trial, what).T,
        trial.layers,
        tuple(map(str, trial.moments)),
        row_label="layer",
        column_label="epoch",
        value_label=label,
    )


def final(group: Iterable[Trial], number: str) -> float:
    """The last value of a number, mean over seeds."""
    return float(np.mean([t.number(number)[-1] for t in group]))


def listed(names: Sequence[str]) -> str:
    """Names as in a sentence.

    >>> listed(["tanh", "relu", "elu"])
    'tanh, relu and elu'
    """
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
