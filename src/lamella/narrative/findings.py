"""Findings about two nets in plain words, each with its numbers and the cell that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lamella.narrative.lost_samples import LEVEL, Loss, first_lost_epoch, first_lost_layer
from lamella.narrative.slices import INPUT, Runs, values
from lamella.registry import measures
from lamella.story import Cell, Sentence


def say_separation(name: str, runs: Runs, split: str = "test") -> list[Sentence]:
    """Where and when a net separates the classes, by the 1-NN error.

    Where: the first layer at the last epoch whose error is below half of the input's and not more
    than 1 point above the least of all layers. When: the first recorded epoch from which on that
    layer stays below half of the input's error.
    """
    layers, epochs, cube = values(runs, "neighbour_error", split)
    error = cube.mean(axis=0)
    at_input, last = error[0, -1], error[1:, -1]
    if not len(last):
        return []
    fine = (last < at_input / 2) & (last <= last.min() + 1)
    if not fine.any():
        return [_say_no_layer(name, layers, at_input, last, _cell(name, "", epochs[-1], split))]
    place = int(fine.argmax()) + 1
    when = epochs[_from_when(error[place] < at_input / 2)]
    moment = "before the first step" if when == 0 else f"from epoch {when} on"
    text = (
        f"The {name} net separates the classes at {layers[place]}: there the 1-NN error on "
        f"{split} is {error[place, -1]:.1f} %, against {at_input:.1f} % at the input; it stays "
        f"below half of the input's {moment}."
    )
    numbers = dict(zip(layers, np.round(error[:, -1], 3).tolist(), strict=True))
    return [Sentence(text, numbers, _cell(name, layers[place], when, split))]


def _say_no_layer(
    name: str, layers: Sequence[str], at_input: float, last: np.ndarray, cell: Cell
) -> Sentence:
    """That the input's classes were apart already, or that no layer parts them much better."""
    lowest = int(last.argmin())
    layer, least = layers[lowest + 1], float(last[lowest])
    numbers = {"input": at_input, "least": least}
    where = f"{least:.1f} % at {layer}, the least of its layers, and {at_input:.1f} % at the input"
    says = (
        "no layer separates the classes better than the input does"
        if least >= at_input
        else "no layer halves the 1-NN error of the input"
    )
    text = f"In the {name} net {says}: on {cell.split} the 1-NN error is {where}."
    return Sentence(text, numbers, replace(cell, layer=layer))


def _from_when(holds: np.ndarray) -> int:
    """The first index from which on all is true."""
    return len(holds) - int(np.argmin(holds[::-1])) if not holds.all() else 0


def say_loss(good: str, bad: str, losses: Sequence[Loss], split: str = "test") -> list[Sentence]:
    """At which layer one net loses samples that the other keeps, and since when."""
    last = max(loss.epoch for loss in losses)
    layer = first_lost_layer(losses, last)
    rule = (
        f"McNemar's exact test on the same samples, over all seeds, Holm-corrected for "
        f"{len(losses)} cells, p < {LEVEL:g}, worse in every seed"
    )
    if layer is None:
        text = f"At no layer does {bad} end worse than {good} beyond chance ({rule})."
        return [Sentence(text, {"cells": len(losses)})]
    at = next(loss for loss in losses if (loss.layer, loss.epoch) == (layer, last))
    sentences = [
        Sentence(
            f"The {bad} net loses the classes at {layer}: from there on it stays worse than "
            f"{good}. At epoch {last} its 1-NN error on {split} is {at.bad:.1f} % against "
            f"{at.good:.1f} %; {at.only_bad} samples are confused by {bad} alone and "
            f"{at.only_good} by {good} alone ({rule}: p = {at.p:.1e}).",
            vars(at),
            _cell(bad, layer, last, split),
        )
    ]
    return sentences + _since_when(bad, layer, losses, split) + _before(bad, layer, losses, last)


def _since_when(bad: str, layer: str, losses: Sequence[Loss], split: str) -> list[Sentence]:
    epoch = first_lost_epoch(losses, layer)
    if epoch is None:
        return []
    cell = _cell(bad, layer, epoch, split)
    if epoch == 0:
        return [
            Sentence(
                f"It is so before training: the untrained {layer} mixes the classes too.", {}, cell
            )
        ]
    return [Sentence(f"At {layer} this shows from epoch {epoch} on.", {"epoch": epoch}, cell)]


def _before(bad: str, layer: str, losses: Sequence[Loss], last: int) -> list[Sentence]:
    column = [loss for loss in losses if loss.epoch == last]
    place = next(i for i, loss in enumerate(column) if loss.layer == layer)
    if place == 0 or column[place - 1].layer == INPUT:
        return []
    before = column[place - 1]
    text = (
        f"One layer earlier, at {before.layer}, the nets still agree as far as these samples tell: "
        f"{before.bad:.1f} % against {before.good:.1f} % (p = {before.p:.2g})."
    )
    return [Sentence(text, vars(before), _cell(bad, before.layer, last, "test"))]


def say_spread(
    nets: Mapping[str, Runs], measures: Sequence[str], split: str = "test"
) -> list[Sentence]:
    """Which differences between two nets exceed the spread over seeds, measure by measure.

    A difference exceeds the spread when all seeds of one net lie on the same side of all seeds of
    the other. Layers of one name are compared; nets that share none are not.
    """
    (first, a), (second, b) = nets.items()
    if not set(a[0].layers) & set(b[0].layers):
        return []
    if min(len(a), len(b)) < 2:
        text = "One seed was trained, so the spread over seeds is unknown; run with --seeds 3."
        return [Sentence(text)]
    return [_say_spread_of(name, first, a, second, b, split) for name in measures]


def _say_spread_of(name: str, first: str, a: Runs, second: str, b: Runs, split: str) -> Sentence:
    layers, epochs, ours = values(a, name, split)
    others, _, theirs = values(b, name, split)
    named = [layer for layer in layers[1:] if layer in others]
    ours, theirs = (  # (seed, layer) at the last epoch
        found[:, [known.index(layer) for layer in named], -1]
        for known, found in ((list(layers), ours), (list(others), theirs))
    )
    higher = theirs.min(axis=0) > ours.max(axis=0)
    lower = theirs.max(axis=0) < ours.min(axis=0)
    parts = [
        f"{word} at {_listed(np.asarray(named)[mask])}"
        for word, mask in (("higher", higher), ("lower", lower))
        if mask.any()
    ]
    within = np.asarray(named)[~(higher | lower)]
    label = measures.card(name).summary.rstrip(".")
    text = (
        f"{_title(name)} ({label[0].lower()}{label[1:]}): beyond the spread over seeds, {second} "
    )
    if parts:
        text += f"is {' and '.join(parts)} than {first}"
        text += f"; within it at {_listed(within)}." if len(within) else "."
    else:
        text += f"differs nowhere from {first}."
    numbers = {
        layer: f"{o:.4g} | {t:.4g}"
        for layer, o, t in zip(named, ours.mean(axis=0), theirs.mean(axis=0), strict=True)
    }
    return Sentence(text, numbers, Cell(second, named[-1], epochs[-1], split, name))


def say_generalisation(nets: Mapping[str, Runs], names: Sequence[str]) -> list[Sentence]:
    """How far train and test differ at the last epoch, for each net and measure."""
    sentences = []
    for net, runs in nets.items():
        for name in names:
            layers, epochs, train = values(runs, name, "train")
            _, _, test = values(runs, name, "test")
            gap = (test - train).mean(axis=0)[1:, -1]
            worst = int(np.abs(gap).argmax())
            sentences.append(
                Sentence(
                    f"The {net} net: {_title(name).lower()} differs most between train and test at "
                    f"{layers[worst + 1]}, {train.mean(axis=0)[worst + 1, -1]:.3g} against "
                    f"{test.mean(axis=0)[worst + 1, -1]:.3g}.",
                    dict(zip(layers[1:], np.round(gap, 4).tolist(), strict=True)),
                    Cell(net, layers[worst + 1], epochs[-1], "both", name),
                )
            )
    return sentences


def _cell(run: str, layer: str, epoch: int, split: str, name: str = "neighbour_error") -> Cell:
    return Cell(run, layer, epoch, split, name)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _listed(names: Any) -> str:
    """A list as in a sentence.

    >>> _listed(["a", "b", "c"])
    'a, b and c'
    """
    names = [str(name) for name in names]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
