"""Whether a model that goes on with a run has the weights that the run ended with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from math import sqrt
from typing import Any

import numpy as np
from torch import nn
from torch.optim.optimizer import register_optimizer_step_pre_hook

from lamella import store
from lamella.errors import RecordingError
from lamella.recording.convert import as_array
from lamella.recording.modules import unwrap

FEWEST = 100  # weights from which unrelated ones can be told from trained ones
CHANCE = 4.0  # standard deviations within which unrelated weights correlate


class Resumed:
    """Looks at the weights just before an optimiser's first step, when they have been restored.

    At the start of a recorder they may still be fresh: a checkpoint is often loaded later. `check`
    then says what was seen, once it is known as which epoch training goes on.
    """

    def __init__(self, model: nn.Module, run: store.Run) -> None:
        self.model, self.run = unwrap(model), run
        self.start: tuple[int | None, bool] | None = None
        self.hook = register_optimizer_step_pre_hook(self._before_step)

    def close(self) -> None:
        """Look no more."""
        self.hook.remove()

    def check(self, number: int) -> None:
        """RecordingError where epoch `number` did not begin with the run's last weights."""
        self.close()
        epoch, unrelated = self._look() if self.start is None else self.start
        known = [e for e in self.run.weight_epochs if e < number]
        if not known or (epoch is not None and epoch >= min(known[-1], number - 1)):
            return
        if epoch is not None or unrelated:
            has = "others" if epoch is None else f"those of epoch {epoch}"
            raise RecordingError(
                f"resuming wants the weights of epoch {known[-1]}, the last stored before epoch "
                f"{number}, got {has}. Restore them before training: model.load_state_dict("
                "your checkpoint, or {name: torch.tensor(w) for name, w in "
                f"lamella.open_run(path).weights({known[-1]}).items()}})"
                ", or record a new run."
            )

    def _before_step(self, optimiser: Any, args: Any, kwargs: Any) -> None:
        mine = {id(p) for p in self.model.parameters()}
        if any(id(p) in mine for group in optimiser.param_groups for p in group["params"]):
            self.close()
            with suppress(Exception):  # this is somebody's step; `check` looks again
                self.start = self._look()

    def _look(self) -> tuple[int | None, bool]:
        """The last stored epoch of just these weights, and whether they are unlike the last."""
        named = self.model.named_parameters()
        now = {name.replace("_orig_mod.", ""): as_array(p) for name, p in named}
        epochs = self.run.weight_epochs
        for epoch in reversed(epochs):
            if equal(now, self.run.weights(epoch)):
                return epoch, False
        return None, bool(epochs) and unrelated(now, self.run.weights(epochs[-1]))


def equal(now: Mapping[str, np.ndarray], then: Mapping[str, np.ndarray]) -> bool:
    """Whether all weights are the same, up to the precision of a half-precision copy."""
    return all(
        name in then
        and then[name].shape == array.shape
        and np.allclose(array, then[name], rtol=1e-2, atol=1e-6)
        for name, array in now.items()
    )


def unrelated(now: Mapping[str, np.ndarray], then: Mapping[str, np.ndarray]) -> bool:
    """Whether weights correlate no more than independent ones would by chance.

    Matrices and kernels count, each about its mean; training keeps far more of them than that.
    """
    pairs = list(centred(now, then))
    count = sum(a.size for a, _ in pairs)
    size = sqrt(sum((a**2).sum() for a, _ in pairs) * sum((b**2).sum() for _, b in pairs))
    if count < FEWEST or size == 0:
        return False
    return sum((a * b).sum() for a, b in pairs) / size < CHANCE / sqrt(count)


def centred(
    now: Mapping[str, np.ndarray], then: Mapping[str, np.ndarray]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The two arrays of each matrix or kernel, without their means."""
    for name, array in now.items():
        if array.ndim > 1 and name in then and then[name].shape == array.shape:
            a, b = np.asarray(array, np.float64), np.asarray(then[name], np.float64)
            yield a - a.mean(), b - b.mean()
