"""Slices of the cube over a set of runs: one record for each way of looking.

`runs` are the runs of one net over its seeds. A number is the mean over the seeds; a band is the
least and the greatest of them, and is left out where there is one seed only. A measure of several
rows a cell counts with its last one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lamella.registry import measures
from lamella.results import Curve, Diagrams, Matrix, Table
from lamella.store import Run

Runs = Sequence[Run]
Layers = Mapping[str, Diagrams]
INPUT = "input"


def values(
    runs: Runs, name: str, split: str, column: str | None = None
) -> tuple[tuple[str, ...], tuple[int, ...], np.ndarray]:
    """Layers, epochs, and a number for each (seed, layer, epoch); NaN where there is none."""
    column = column or measures.facts(name)["value"]
    layers, epochs = (INPUT, *runs[0].layers), runs[0].epochs
    cube = np.full((len(runs), len(layers), len(epochs)), np.nan)
    for seed, run in enumerate(runs):
        if name not in set(run.results()["measure"]):  # every cell of it failed
            continue
        frame = run.results(name)
        found = frame[frame["split"] == split]
        for layer, epoch, value in zip(found["layer"], found["epoch"], found[column], strict=True):
            if layer in layers and epoch in epochs:
                cube[seed, layers.index(layer), epochs.index(epoch)] = value
    cube[:, 0] = _same_in_all_epochs(cube[:, 0])
    return layers, epochs, cube


def _same_in_all_epochs(of_input: np.ndarray) -> np.ndarray:
    """The input does not change while training: one measured epoch stands for all."""
    known = np.isfinite(of_input).any(axis=1)
    filled = np.full_like(of_input, np.nan)
    filled[known] = np.nanmean(of_input[known], axis=1, keepdims=True)
    return filled


def plane(runs: Runs, name: str, split: str, column: str | None = None) -> Matrix:
    """Layer x epoch of one measure, mean over the seeds."""
    layers, epochs, cube = values(runs, name, split, column)
    return Matrix(
        _mean(cube),
        layers,
        tuple(map(str, epochs)),
        row_label="layer",
        column_label="epoch",
        value_label=value_label(name, column),
    )


def through_layers(nets: Mapping[str, Runs], name: str, epoch: int, splits: Sequence[str]) -> Curve:
    """One measure from layer to layer at one epoch: a series for each net and split."""
    series, lines, low, high = [], [], [], []
    layers: tuple[str, ...] = ()
    for net, runs in nets.items():
        for split in splits:
            layers, epochs, cube = values(runs, name, split)
            at_epoch = cube[:, :, epochs.index(epoch)]
            series.append(net if len(splits) == 1 else f"{net}, {split}")
            lines.append(_mean(at_epoch))
            low.append(at_epoch.min(axis=0))
            high.append(at_epoch.max(axis=0))
    banded = any(len(runs) > 1 for runs in nets.values())
    return Curve(
        np.asarray(layers),
        np.asarray(lines),
        tuple(series),
        x_label="layer",
        y_label=value_label(name),
        low=np.asarray(low) if banded else None,
        high=np.asarray(high) if banded else None,
    )


def learning_table(runs: Runs) -> Table:
    """Losses and accuracies of every epoch and seed, for the view `training_curves`."""
    import pandas

    frames = [run.scalars().assign(seed=seed) for seed, run in enumerate(runs)]
    frame = pandas.concat(frames, ignore_index=True)
    return Table({str(name): frame[name].to_numpy() for name in frame})


def diagrams_of(run: Run, epoch: int, split: str) -> dict[str, Diagrams]:
    """The diagrams of every layer at one epoch that were measured, by layer."""
    found = {layer: run.record("homology", layer, epoch, split) for layer in (INPUT, *run.layers)}
    return {layer: record for layer, record in found.items() if isinstance(record, Diagrams)}


def value_label(name: str, column: str | None = None) -> str:
    """What a number of a measure is called on an axis, with its unit."""
    facts = measures.facts(name)
    label = name.replace("_", " ")
    if column and column != facts["value"]:
        label = f"{label}: {column.replace('_', ' ')}"
    return f"{label}, {facts['unit']}" if facts.get("unit") else label


def _mean(cube: np.ndarray) -> np.ndarray:
    """Mean over seeds; NaN only where no seed has a number."""
    known = np.isfinite(cube)
    total = np.where(known, cube, 0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)


def distance_table(pairs: Mapping[str, tuple[Layers, Layers]]) -> Table:
    """Bottleneck and Wasserstein distance, layer by layer, for each named pair.

    Columns: compared, layer, and for each distance and homology dimension one number in units of
    the mean distance of each cloud. Layers that only one side has are left out.
    """
    rows = [
        {"compared": name, "layer": layer, **_distances(first[layer], second[layer])}
        for name, (first, second) in pairs.items()
        for layer in first
        if layer in second
    ]
    names = list(dict.fromkeys(key for row in rows for key in row))
    return Table({key: np.array([row.get(key, np.nan) for row in rows]) for key in names})


def _distances(first: Diagrams, second: Diagrams) -> dict[str, float]:
    found = {}
    for name in ("bottleneck", "wasserstein"):
        columns = measures[name](first, second).columns
        found |= {f"{name} {key.upper()}": float(value[0]) for key, value in columns.items()}
    return found
