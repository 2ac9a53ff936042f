"""The trained network of a run, and what it makes of images that were never recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float, Int, UInt8

from lamella.data.dataset import Dataset, Split
from lamella.data.steps import Step, undo_steps
from lamella.registry import models
from lamella.store import Run

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a network says about one split: the input of its last layer, and its logits."""

    features: Float[np.ndarray, "samples features"]
    logits: Float[np.ndarray, "samples classes"]
    labels: Int[np.ndarray, " samples"]

    @property
    def predicted(self) -> Int[np.ndarray, " samples"]:
        """The class of the greatest logit."""
        return self.logits.argmax(axis=1)

    @property
    def confidence(self) -> Float[np.ndarray, " samples"]:
        """The softmax of the greatest logit."""
        shifted = np.exp(self.logits - self.logits.max(axis=1, keepdims=True))
        return 1 / shifted.sum(axis=1)


def network_of(run: Run, data: Dataset) -> nn.Module:
    """The registered model of a run with the weights of its last recorded epoch."""
    import torch

    facts: Mapping[str, Any] = run.info["study"]
    net = models[facts["net"]](data.input_shape, data.classes, **facts["options"])
    weights = run.weights(run.epochs[-1])
    net.load_state_dict({name: torch.from_numpy(np.array(w)) for name, w in weights.items()})
    return net.eval()


def predict(net: nn.Module, split: Split, batch_size: int = 500) -> Predictions:
    """Features and logits of every sample of a split, in batches, on a GPU where there is one."""
    import torch

    place = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net.to(place)
    caught: list[np.ndarray] = []
    logits: list[np.ndarray] = []
    handle = last_linear(net).register_forward_pre_hook(
        lambda module, inputs: caught.append(inputs[0].float().cpu().numpy())
    )
    try:
        with torch.no_grad():
            for start in range(0, len(split), batch_size):
                batch = torch.as_tensor(split.inputs[start : start + batch_size], device=place)
                logits.append(net(batch).float().cpu().numpy())
    finally:
        handle.remove()
    return Predictions(np.concatenate(caught), np.concatenate(logits), split.labels)


def last_linear(net: nn.Module) -> nn.Module:
    """The layer that gives the logits: called head, else the last Linear."""
    from torch import nn

    named = dict(net.named_modules())
    if "head" in named:
        return named["head"]
    return [m for m in net.modules() if isinstance(m, nn.Linear)][-1]


def as_pixels(
    inputs: Float[np.ndarray, "samples channels height width"], steps: Iterable[Step]
) -> UInt8[np.ndarray, "samples height width colours"]:
    """Bytes with channels last, standardisation taken back: grey for one channel, else RGB.

    Of more than three channels the first three are shown; of two, the first.
    """
    shown = undo_steps(inputs, steps)
    shown = shown[:, :3] if shown.shape[1] >= 3 else shown[:, :1]
    return np.round(255 * np.clip(shown, 0, 1)).astype(np.uint8).transpose(0, 2, 3, 1)
