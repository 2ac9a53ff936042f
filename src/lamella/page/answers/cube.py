"""`cube/<net>/<measure>`: one number for each seed, split, layer and epoch, with baselines."""

from __future__ import annotations

from typing import Any

import numpy as np

from lamella.errors import RunError
from lamella.page.facts import base_of, rows_of, value_of
from lamella.results import Record, Table
from lamella.store import Run
from lamella.subject.stored_results import INPUT, failures_of, measured, records_of
from lamella.subject.subject import Subject, epochs_of

NULLS = ("gaussian", "shuffled", "untrained")  # variants of a measure that are baselines of it


def cube(subject: Subject, net: str, measure: str) -> dict[str, Any]:
    """The value of a measure in every cell of a net, NaN where it was not computed."""
    runs = subject.runs(net)
    splits = list(runs[0].splits)
    values = cube_of(runs, measure, splits)
    if not any(measure in measured(run) for run in runs) and not _reasons(runs, measure):
        raise RunError(f"{measure} was not measured on {net}. Measure it: lamella measure RUN")
    return {
        "values": values,
        "splits": splits,
        "baselines": baselines(runs, measure, splits, values),
        "reasons": _reasons(runs, measure),
    }


def cube_of(runs: tuple[Run, ...], measure: str, splits: list[str]) -> np.ndarray:
    """Values of shape (seeds, splits, layers, epochs), the input first among the layers."""
    epochs, layers = epochs_of(runs), layers_of(runs[0])
    values = np.full((len(runs), len(splits), len(layers), len(epochs)), np.nan, np.float32)
    places = [{name: at for at, name in enumerate(names)} for names in (splits, layers, epochs)]
    for seed, run in enumerate(runs):
        for (layer, epoch, split), record in records_of(run, measure):
            at = places[0].get(split), places[1].get(layer), places[2].get(epoch)
            if None not in at:
                with np.errstate(over="ignore"):  # what single precision cannot hold is infinite
                    values[(seed, *at)] = number_of(record, measure)
    values[:, :, 0] = _same_everywhere(values[:, :, 0])
    return values


def layers_of(run: Run) -> list[str]:
    """The rows of the cube: the input, then the layers in order of execution."""
    return [INPUT, *(name for name in run.layers if name != INPUT)]


def number_of(record: Record, measure: str) -> float:
    """The number that stands for a record; of several rows the last, of samples their mean."""
    name = value_of(measure)
    if not isinstance(record, Table) or name not in record.columns:
        return float("nan")
    column = record.columns[name]
    if not len(column) or column.dtype.kind not in "fiub":
        return float("nan")
    return float(column.mean() if rows_of(measure) == "samples" else column[-1])


def baselines(
    runs: tuple[Run, ...], measure: str, splits: list[str], values: np.ndarray
) -> dict[str, Any]:
    """What the values are to be compared with: raw input, untrained network, chance, nulls."""
    found: dict[str, Any] = {}
    if np.isfinite(values[:, :, 0]).any():
        found["raw_input"] = np.broadcast_to(values[:, :, :1], values.shape)
    epochs = epochs_of(runs)
    if epochs and epochs[0] == 0:
        found["untrained"] = np.broadcast_to(values[..., :1], values.shape)
    chance = chance_of(runs[0], base_of(measure))
    if chance is not None:
        found["chance"] = chance
    stored = {name for run in runs for name in measured(run)}
    for null in NULLS:
        if f"{measure}@{null}" in stored:
            found[null] = cube_of(runs, f"{measure}@{null}", splits)
    return found


def chance_of(run: Run, measure: str) -> float | None:
    """What a measure of classification gives when labels have nothing to do with the points."""
    probe = "test" if "test" in run.splits else next(iter(run.info["probes"]), "")
    if not run.info["probes"].get(probe, {}).get("labels"):
        return None
    labels = np.asarray(run.labels(probe))
    if labels.ndim != 1:
        return None
    shares = np.unique(labels, return_counts=True)[1] / max(len(labels), 1)
    other = float(1 - (shares**2).sum())
    most = float(shares.max(initial=0))
    chances = {"neighbour_error": 100 * other, "complete_cross_validation": other}
    return (chances | {"knn_accuracy": most, "linear_probe": most}).get(measure)


def _reasons(runs: tuple[Run, ...], measure: str) -> dict[str, str]:
    return {
        f"{seed}/{split}/{layer}/{epoch}": reason
        for seed, run in enumerate(runs)
        for (layer, epoch, split), name, reason in failures_of(run)
        if name == measure
    }


def _same_everywhere(of_input: np.ndarray) -> np.ndarray:
    """The input does not change while training: one measured epoch stands for all."""
    known = np.isfinite(of_input)
    total = np.where(known, of_input, 0).sum(axis=-1)
    mean = np.where(known.any(axis=-1), total / np.maximum(known.sum(axis=-1), 1), np.nan)
    return np.broadcast_to(mean[..., None], of_input.shape)
