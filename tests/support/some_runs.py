"""Small runs written by hand, so that any name, shape and gap can be had."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lamella import store
from lamella.results import Diagrams, Table
from lamella.store import Run, open_run

MODEL = {"model": {"class": "Net", "parameters": 7}}
HOSTILE = "<script>window.hacked=1</script>/# 100 % 'a' \"b\""


def facts(layers, probes, **more):
    """What run.json of such a run says."""
    named = [
        {"name": n, "type": "Linear", "shape": list(s), "stored": list(s), "parameters": 1}
        for n, s in layers.items()
    ]
    told = {
        name: {"samples": len(x), "shape": list(x.shape[1:]), "labels": y is not None}
        for name, (x, y) in probes.items()
    }
    return {"layers": named, "probes": told, "versions": {}, "hardware": {}, **MODEL, **more}


def write_run(
    path: Path,
    *,
    layers=("fc1", "head"),
    epochs=(0, 1, 4),
    classes: int | None = 2,
    samples=(12, 8),
    shape=(5,),
    width=3,
    seed=0,
    **more,
) -> Run:
    """A run with random activations; the last layer has one unit for each class."""
    rng = np.random.default_rng(seed)
    sizes = dict.fromkeys(layers, (width,))
    if classes and layers:
        sizes[layers[-1]] = (classes,)
    probes = {}
    for name, count in zip(("train", "test"), samples, strict=False):
        labels = None if classes is None else np.arange(count) % classes
        probes[name] = (rng.normal(size=(count, *shape)).astype(np.float32), labels)
    names = [] if classes is None else [f"class {c}" for c in range(classes)]
    store.create_run(path, facts(sizes, probes, class_names=names, status="finished", **more))
    for name, (inputs, labels) in probes.items():
        store.write_probe(path, name, inputs, labels, np.arange(len(inputs)) + 100)
    for epoch in epochs:
        for name, (inputs, _) in probes.items():
            arrays = {n: rng.normal(size=(len(inputs), *s)) for n, s in sizes.items()}
            as_floats = {n: a.astype(np.float32) for n, a in arrays.items()}
            store.write_activations(path, epoch, name, as_floats)
        store.write_scalars(path, epoch, {"loss": 1.0 / (epoch + 1)})
    return open_run(path)


def measured(run: Run, *, value=lambda layer, epoch, split: float(epoch)) -> Run:
    """The run with a number and a diagram in every cell, and one cell that failed."""
    diagram = Diagrams([0, 0, 1], [2, np.inf, 3], [0, 0, 1], mean_distance=1.0)
    open_ = store.connect(run.path)  # the last that closes waits for the disk
    open_.execute("SELECT 1 FROM results").fetchall()
    for layer in ("input", *run.layers):
        for epoch in run.epochs:
            for split in run.splits:
                cell = (layer, epoch, split)
                number = Table({"error": [value(*cell)]})
                store.write_result(run.path, "neighbour_error", *cell, number)
                store.write_result(run.path, "homology", *cell, diagram)
    failed = Table({"measure": ["twonn"], "reason": ["too few points"], "key": [""]})
    store.write_result(run.path, "not_computed", run.layers[-1], run.epochs[-1], "test", failed)
    open_.close()
    return run
