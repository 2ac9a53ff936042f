"""Where one net loses the classes that another keeps, sample by sample.

A loss does not show within one run: a bottleneck lowers the error of the layer before it too, only
less than a wide layer does. It shows against the other run on the same samples. At each cell the
samples that only one net confuses (its nearest neighbour is of another class) are counted over
all seeds and tested by McNemar's exact test; the p-values are corrected for the number of cells
after Holm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lamella.geometry.contrast import holm, mcnemar
from lamella.results import Table
from lamella.store import Run

LEVEL = 0.01


@dataclass(frozen=True)
class Loss:
    """One cell: errors of both nets in %, and who confuses samples that the other does not."""

    layer: str
    epoch: int
    good: float
    bad: float
    only_bad: int
    only_good: int
    p: float
    seeds: int
    seeds_agree: int

    @property
    def lost(self) -> bool:
        """Whether the second net is worse here beyond chance, and in every seed."""
        return self.p < LEVEL and self.only_bad > self.only_good and self.seeds_agree == self.seeds


def find_losses(good: Sequence[Run], bad: Sequence[Run], split: str = "test") -> list[Loss]:
    """Every (layer, epoch) that both nets have, in order of depth, then of epoch.

    Nets of one depth compare layer by layer under the same names; runs are paired by seed, and
    must have been given the same samples. `p` is corrected over all cells of the result.
    """
    layers = ["input", *(layer for layer in good[0].layers if layer in bad[0].layers)]
    epochs = [epoch for epoch in good[0].epochs if epoch in bad[0].epochs]
    found, p = [], []
    for layer in layers:
        for epoch in epochs[-1:] if layer == "input" else epochs:
            pairs = [
                (_wrong(a, layer, epoch, split), _wrong(b, layer, epoch, split))
                for a, b in zip(good, bad, strict=True)
            ]
            if all(a is not None and b is not None for a, b in pairs):
                found.append(_loss(layer, epoch, pairs))
                p.append(found[-1].p)
    corrected = holm(p) if p else []
    return [Loss(**{**vars(loss), "p": float(q)}) for loss, q in zip(found, corrected, strict=True)]


def _wrong(run: Run, layer: str, epoch: int, split: str) -> np.ndarray | None:
    record = run.record("wrong_neighbours", layer, epoch, split)
    return record.columns["wrong"] if isinstance(record, Table) else None


def _loss(layer: str, epoch: int, pairs: list[tuple]) -> Loss:
    good = np.asarray([a for a, _ in pairs])
    bad = np.asarray([b for _, b in pairs])
    test = mcnemar(bad, good).columns
    return Loss(
        layer=layer,
        epoch=epoch,
        good=float(100 * good.mean()),
        bad=float(100 * bad.mean()),
        only_bad=int(test["only_first"][0]),
        only_good=int(test["only_second"][0]),
        p=float(test["p"][0]),
        seeds=len(pairs),
        seeds_agree=sum(b.mean() > a.mean() for a, b in pairs),
    )


def first_lost_layer(losses: Sequence[Loss], epoch: int) -> str | None:
    """The first layer from which on the second net stays worse at this epoch, or None."""
    column = [loss for loss in losses if loss.epoch == epoch]
    first = None
    for loss in reversed(column):
        if not loss.lost:
            break
        first = loss.layer
    return first


def first_lost_epoch(losses: Sequence[Loss], layer: str) -> int | None:
    """The first recorded epoch from which on the second net stays worse at this layer, or None."""
    row = [loss for loss in losses if loss.layer == layer]
    first = None
    for loss in reversed(row):
        if not loss.lost:
            break
        first = loss.epoch
    return first


def losses_table(losses: Sequence[Loss]) -> Table:
    """All cells as a table, the same columns as `Loss`."""
    names = ("layer", "epoch", "good", "bad", "only_bad", "only_good", "p", "lost")
    return Table({name: np.array([getattr(loss, name) for loss in losses]) for name in names})
