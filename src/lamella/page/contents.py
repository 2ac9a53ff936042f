"""The paths of the answers that a report of a level carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lamella.errors import RunError
from lamella.page.answers.cube import layers_of
from lamella.page.answers.index import ordered
from lamella.page.report_levels import ReportLevel
from lamella.store import Run
from lamella.subject.clouds import check_comparable, chosen
from lamella.subject.stored_results import INPUT, measured
from lamella.subject.subject import Subject

Parts = tuple[str, ...]
CLASSES = 10  # samples with maps: the first of each class


def paths(subject: Subject, level: ReportLevel) -> Iterator[Parts]:
    """All paths of a level, each as its parts; the index first."""
    yield ("index",)
    if subject.story is not None:
        yield ("story",)
    for net, runs in subject.nets.items():
        yield from net_paths(subject, net, level)
        for seed, run in enumerate(runs):
            if run.epochs:
                yield from run_paths(subject, net, seed, level)


def net_paths(subject: Subject, net: str, level: ReportLevel) -> Iterator[Parts]:
    """What there is once for a net."""
    runs = subject.runs(net)
    yield from (("samples", net), ("training", net), ("network", net))
    kinds = {name: kind for run in runs for name, kind in measured(run).items()}
    for name in ordered(kinds):
        if kinds[name] == "table":
            yield "cube", net, name
    for layer in runs[0].layers if level.units else ():
        yield "field", net, layer


def run_paths(subject: Subject, net: str, seed: int, level: ReportLevel) -> Iterator[Parts]:
    """What there is for each seed."""
    run, number = subject.run(net, seed), str(seed)
    same = _comparable(subject, net, run)
    for epoch in run.epochs if same else ():
        yield "predictions", net, number, str(epoch)
    if level.clouds and same:
        yield from cloud_paths(run, net, number, level, deep=seed < level.deep)
    yield from cell_paths(run, net, number, level)
    if seed == 0:
        yield from vine_paths(run, net)
    if seed == 0 and level.units:
        yield from unit_paths(subject, run, net)


def cloud_paths(
    run: Run, net: str, seed: str, level: ReportLevel, *, deep: bool
) -> Iterator[Parts]:
    """Clouds of every layer: all epochs of a deep seed in two and three dimensions."""
    epochs = thinned(run.epochs, level.stride) if deep else ends(run.epochs)
    for layer in layers_of(run):
        for epoch in epochs[:1] if layer == INPUT else epochs:
            yield "cloud", net, seed, "pca2", layer, str(epoch)
            if deep:
                yield "cloud", net, seed, "pca3", layer, str(epoch)
        if level.tsne and seed == "0":
            yield "cloud", net, seed, "tsne2", layer, str(epochs[0 if layer == INPUT else -1])


def cell_paths(run: Run, net: str, seed: str, level: ReportLevel) -> Iterator[Parts]:
    """The stored records of cells that have any beyond numbers."""
    if level.cells == "none" or not measured(run):
        return
    epochs = ends(run.epochs) if level.cells == "ends" else run.epochs
    for layer in layers_of(run):
        for epoch in epochs[:1] if layer == INPUT else epochs:
            for split in run.splits:
                yield "cell", net, seed, layer, str(epoch), split


def vine_paths(run: Run, net: str) -> Iterator[Parts]:
    """Features of loops and components over epochs, where diagrams were measured."""
    if "homology" in measured(run) and len(run.epochs) > 1:
        for layer in run.layers:
            for split in run.splits:
                yield from (("vines", net, "0", layer, split, str(d)) for d in (0, 1))


def unit_paths(subject: Subject, run: Run, net: str) -> Iterator[Parts]:
    """Filters at the first and last epoch; maps of some samples and patches at the last."""
    images = len(next(iter(run.info["probes"].values()))["shape"]) == 3
    last = str(run.epochs[-1])
    for layer in run.layers:
        for epoch in ends(run.epochs):
            yield "filters", net, "0", layer, str(epoch)
        if images:
            yield "patches", net, "0", layer, last
            for sample in one_of_each(chosen(subject, run).label):
                yield "maps", net, "0", layer, last, str(sample)


def one_of_each(label: np.ndarray) -> list[int]:
    """The first sample of each class, at most ten.

    >>> one_of_each(np.array([1, 1, 0]))
    [0, 2]
    """
    return sorted(np.unique(label, return_index=True)[1].tolist())[:CLASSES]


def thinned(epochs: Sequence[int], stride: int) -> tuple[int, ...]:
    """Every `stride`-th epoch and the last.

    >>> thinned([0, 1, 2, 4, 8, 16], 2)
    (0, 2, 8, 16)
    """
    return tuple(dict.fromkeys([*epochs[::stride], epochs[-1]]))


def ends(epochs: Sequence[int]) -> tuple[int, ...]:
    """The first and the last epoch."""
    return tuple(dict.fromkeys([epochs[0], epochs[-1]]))


def _comparable(subject: Subject, net: str, run: Run) -> bool:
    try:
        check_comparable(subject, net, run)
    except RunError:
        return False
    return True
