"""A run of three layers, three epochs and two probes, made by hand, and measures to try on it."""

import os
import threading
import time

import numpy as np

from lamella.registry import measures
from lamella.results import Diagrams, Matrix, Table
from lamella.store import create_run, open_run, write_activations, write_probe, write_weights

LAYERS = ("fc1", "act1", "head")
EPOCHS = (0, 1, 4)
WIDTHS = {"fc1": 5, "act1": 5, "head": 2}


def make_run(path, sizes=(20, 10), seed=0, labels=True):
    """The run; activations of `act1` are those of `fc1` without what is negative."""
    generator = np.random.default_rng(seed)
    probes = dict(zip(("train", "test"), sizes, strict=True))
    info = {
        "layers": [{"name": name} for name in LAYERS],
        "probes": {name: {"labels": labels, "samples": n} for name, n in probes.items()},
    }
    create_run(path, info)
    first = 0
    for name, count in probes.items():
        classes = np.arange(count) % 2 if labels else None
        inputs = generator.standard_normal((count, 4)).astype(np.float32)
        write_probe(path, name, inputs, classes, np.arange(first, first + count))
        first += count
    for epoch in EPOCHS:
        for name, count in probes.items():
            fc1 = generator.standard_normal((count, 5)).astype(np.float32)
            head = generator.standard_normal((count, 2)).astype(np.float32)
            arrays = {"fc1": fc1, "act1": np.maximum(fc1, 0), "head": head}
            write_activations(path, epoch, name, arrays)
        weights = {"fc1.weight": np.ones((5, 4)), "head.weight": np.ones((2, 5)) * epoch}
        write_weights(path, epoch, {k: w.astype(np.float32) for k, w in weights.items()})
    return open_run(path)


CALLS = []  # what the measures below were called with, where they are called in this process


@measures.register(value="mean", default=False)
def fake_mean(points, labels, *, scale=1.0):
    """Mean of the points of class 1."""
    CALLS.append("fake_mean")
    return Table({"mean": [scale * float(points[labels == 1].mean())]})


@measures.register(value="mean", default=False, gil=True)
def fake_python(points):
    """The mean, and the process that found it."""
    return Table({"mean": [float(points.mean())], "process": [os.getpid()]})


@measures.register(value="dead", default=False)
def fake_picky(points):
    """Fails where the cell has two features."""
    CALLS.append("fake_picky")
    if points.shape[1] == 2:
        raise ZeroDivisionError("two features")
    return Table({"dead": [int((points == 0).sum())]})


@measures.register(value="bars", default=False)
def fake_bars(diagrams: Diagrams):
    """Number of bars."""
    CALLS.append("fake_bars")
    return Table({"bars": [len(diagrams.birth)]})


@measures.register(value="distance", default=False, pairwise=True)
def fake_distance(points, other):
    """Difference of the means of two clouds."""
    return Table({"distance": [abs(float(points.mean()) - float(other.mean()))]})


@measures.register(value="gap", default=False, pairwise=True)
def fake_diagram_gap(diagrams: Diagrams, other_diagrams: Diagrams):
    """Difference of the longest finite deaths."""
    deaths = [d.death[np.isfinite(d.death)].max() for d in (diagrams, other_diagrams)]
    return Table({"gap": [abs(deaths[0] - deaths[1])]})


@measures.register(value="norm", default=False)
def fake_classifier(points, weight):
    """Sum of the classifier's weights."""
    return Table({"norm": [float(weight.sum())]})


@measures.register(value="number", default=False)
def fake_number(points):
    """Not a record, by mistake."""
    return 3.0


@measures.register(value="threads", default=False)
def fake_threads(points):
    """The most threads that any library of this process may use."""
    from threadpoolctl import threadpool_info

    most = max((pool["num_threads"] for pool in threadpool_info()), default=1)
    return Table({"threads": [most], "name": [threading.current_thread().name]})


@measures.register(value="mean", default=False)
def fake_slow(points):
    """Takes its time."""
    time.sleep(0.05)
    return Table({"mean": [float(points.mean())]})


@measures.register(value="mean", default=False, gil=True)
def fake_killer(points):
    """Takes its process down with it where the cell has two features."""
    if points.shape[1] == 2:
        os._exit(1)
    return Table({"mean": [float(points.mean())]})


@measures.register(value="values", default=False, pairwise=True)
def fake_matrix(points, other):
    """A matrix for each pair."""
    return Matrix([[float(points.mean() - other.mean())]], ("a",), ("b",))


NAMES = [name for name in list(globals()) if name.startswith("fake_")]
FACTS = {name: measures.facts(name) for name in NAMES}
FUNCTIONS = {name: measures[name] for name in NAMES}
for _name in NAMES:  # registered only while a test of this room runs
    del measures._functions[_name], measures._facts[_name]
