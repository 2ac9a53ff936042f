"""Samples on the device, handed out in batches without a data loader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int, Shaped
from torch import Tensor

from lamella.data.dataset import Split
from lamella.errors import bad_input


@dataclass(frozen=True, eq=False)
class Feed:
    """Inputs and labels on one device; images lie channels last in memory where asked for."""

    inputs: Shaped[Tensor, "samples ..."]
    labels: Shaped[Tensor, "samples ..."]
    channels_last: bool = False

    def __len__(self) -> int:
        return len(self.inputs)

    def take(self, rows: Int[Tensor, " batch"] | slice) -> tuple[Tensor, Tensor]:
        """The inputs and labels of the given rows."""
        inputs = self.inputs[rows]
        if self.channels_last:
            inputs = inputs.permute(0, 3, 1, 2)
        return inputs, self.labels[rows]

    def in_order(self, batch_size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """All samples in their order, in batches."""
        for start in range(0, len(self), batch_size):
            yield self.take(slice(start, start + batch_size))

    def shuffled(
        self, batch_size: int, generator: torch.Generator
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """All samples in a new order, in batches; a last batch of one is left out (batch norm)."""
        order = torch.randperm(len(self), generator=generator).to(self.inputs.device)
        for rows in order.split(batch_size):
            if len(rows) > 1 or len(order) == 1:
                yield self.take(rows)


def make_feed(split: Split, device: torch.device, channels_last: bool, where: str) -> Feed:
    """A split's samples as tensors on `device`; InputError for none, or for NaN among them."""
    if len(split) == 0:
        raise bad_input(where, wanted="at least one sample", got="none", do="Ask for more samples")
    check_inputs(split.inputs, where)
    inputs = torch.as_tensor(split.inputs, device=device)
    if channels_last:
        inputs = inputs.permute(0, 2, 3, 1).contiguous()
    return Feed(inputs, torch.as_tensor(split.labels, device=device), channels_last)


def check_inputs(inputs: Shaped[np.ndarray, "samples ..."], where: str) -> None:
    """Raise InputError that counts the samples with NaN or infinity."""
    if np.isfinite(inputs.sum(dtype=np.float64)):
        return
    bad = np.flatnonzero(~np.isfinite(inputs.reshape(len(inputs), -1)).all(axis=1))
    if len(bad):
        raise bad_input(
            where,
            wanted="finite inputs",
            got=f"NaN or infinity in {len(bad)} of {len(inputs)} samples (first: row {bad[0]})",
            do="Drop or repair them",
        )
