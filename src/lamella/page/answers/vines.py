"""`vines/<net>/<seed>/<layer>/<split>/<dimension>`: features of diagrams followed over epochs."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamella.errors import RunError
from lamella.registry import measures
from lamella.results import Diagrams, Table
from lamella.store import Run
from lamella.subject.stored_results import records_of
from lamella.subject.subject import Subject

SHOWN = 12  # vines, those of greatest summed length
MATCHED = 60  # bars of a diagram, the longest; matching all takes seconds and moves only the short


def vines(
    subject: Subject, net: str, seed: int, layer: str, split: str, dimension: int
) -> dict[str, Any]:
    """The longest vines of a layer over the epochs with diagrams, in units of the mean distance."""
    found = diagrams_over_epochs(subject.run(net, seed), layer, split)
    if len(found) < 2:
        raise RunError(
            f"vines want diagrams of at least 2 epochs, got {len(found)} ({net}, {layer}, "
            f"{split}). "
            "Measure homology at more epochs."
        )
    epochs = sorted(found)
    sequence = [longest(found[epoch], dimension) for epoch in epochs]
    table = measures["vines"](sequence, epochs=epochs, dimension=dimension).columns
    kept = np.isin(table["vine"], ranked(table)[:SHOWN])
    names = np.unique(table["vine"][kept], return_inverse=True)[1]
    return {
        "vine": names.astype(np.int32),
        "epoch": table["epoch"][kept].astype(np.int32),
        "birth": table["birth"][kept].astype(np.float32),
        "death": table["death"][kept].astype(np.float32),
        "unit": "mean distance",
        "of": len(np.unique(table["vine"])),
        "epochs": epochs,
    }


def diagrams_over_epochs(run: Run, layer: str, split: str) -> dict[int, Diagrams]:
    """The stored diagrams of a layer and split by epoch."""
    return {
        epoch: record
        for (name, epoch, part), record in records_of(run, "homology")
        if name == layer and part == split and isinstance(record, Diagrams)
    }


def longest(diagrams: Diagrams, dimension: int) -> Diagrams:
    """The longest bars of one dimension."""
    bars = diagrams.bars(dimension)
    order = np.argsort(bars[:, 0] - bars[:, 1], kind="stable")[:MATCHED]
    return Diagrams(
        bars[order, 0],
        bars[order, 1],
        np.full(len(order), dimension),
        points=diagrams.points,
        diameter=diagrams.diameter,
        mean_distance=diagrams.mean_distance,
    )


def ranked(table: dict[str, np.ndarray] | Table) -> np.ndarray:
    """The vines by summed length, greatest first; those that never die before all."""
    columns = table.columns if isinstance(table, Table) else table
    total = np.zeros(int(columns["vine"].max(initial=-1)) + 1)
    np.add.at(total, columns["vine"], columns["death"] - columns["birth"])
    return np.argsort(-total, kind="stable")
