"""Runs that do their worst: names that would be elements, odd sizes, gaps, halves, no numbers."""

import json
from pathlib import Path

import numpy as np

from lamella import store
from lamella.results import Diagrams, Table
from lamella.store import open_run
from lamella.store.layout import activation_path
from support.some_runs import HOSTILE, measured, write_run

ATTACK = "</script><img src=x onerror='window.hacked=1'>"
QUOTES = "'\"`\\ & #/?=%20 ${1}"
RIGHT_TO_LEFT = "\u202eשלום \u05e9 مرحبا"
LONG = "block" * 60
UPWARDS = "../.."
LAYERS = (ATTACK, HOSTILE, QUOTES, RIGHT_TO_LEFT, LONG, UPWARDS, "__proto__", "head")
CLASSES = [ATTACK, RIGHT_TO_LEFT, LONG]


def write_hostile(folder: Path) -> Path:
    """A folder with all of them; a net is called by its study as its function says."""
    for write in (attacking, comparing, deep, single, without_numbers, gappy, unlabelled, killed):
        write(folder / write.__name__)
    write_run(folder / "nothing_measured")
    write_run(folder / "nothing_recorded", epochs=())
    return folder


def attacking(path):
    """Every name is an attack, in two seeds."""
    for seed in (0, 1):
        run = named(path / f"seed-{seed}", ATTACK, seed=seed)
        measured(run)
        reason = Table({"measure": [ATTACK], "reason": [ATTACK], "key": [""]})
        store.write_result(run.path, "not_computed", ATTACK, 1, "test", reason)
        store.write_problem(run.path, 1, ATTACK)


def comparing(path):
    """The same data and layers under a very long name: a B for the attack."""
    measured(named(path, LONG))


def named(path, net, seed=0):
    """A run whose layers, classes, scalars and net have the worst names."""
    run = write_run(path, layers=LAYERS, classes=3, seed=seed)
    store.write_scalars(path, 4, {ATTACK: 1.0, LONG: 2.0, "train_loss": 0.5})
    study = {"net": net, "study": ATTACK}
    return marked(run, "same", class_names=CLASSES, seed=seed, study=study)


def deep(path):
    """Two hundred layers in twenty groups and nine in none."""
    names = [f"stage{at // 10}.block.conv{at}" for at in range(191)]
    run = write_run(path, layers=(*names, *(f"fc{at}" for at in range(9))), epochs=(0, 1))
    measured(marked(run, "deep"))


def single(path):
    """One layer, epoch, probe and class."""
    run = write_run(path, layers=("only",), epochs=(7,), classes=1, samples=(9,), shape=(1,))
    measured(marked(run, "single"))


def without_numbers(path):
    """Measures that are NaN and infinite, activations that are both, all points in one."""
    run = marked(write_run(path, layers=("fc1", "fc2", "fc3", "head")), "numbers")
    values = [np.nan, np.inf, -np.inf, 1e300, -1e-300, 0.0]
    at = iter(range(10_000))
    measured(run, value=lambda layer, epoch, split: values[next(at) % len(values)])
    for layer in run.layers:
        empty = Diagrams([], [], [])
        store.write_result(run.path, "homology", layer, 4, "test", empty)
        spread = Table({"value": [np.nan], "worst": [np.inf]})
        store.write_result(run.path, "spread", layer, 4, "test", spread)
    for epoch in run.epochs:
        for probe, count in (("train", 12), ("test", 8)):
            shape = (count, 3)
            arrays = {
                "fc1": np.full(shape, np.nan),
                "fc2": np.full(shape, np.inf),
                "fc3": np.zeros(shape),
                "head": np.full((count, 2), 1e38),
            }
            as_floats = {name: array.astype(np.float32) for name, array in arrays.items()}
            store.write_activations(path, epoch, probe, as_floats)


def gappy(path):
    """Measured at some cells only, the other cells neither done nor failed."""
    run = marked(write_run(path, layers=("fc1", "fc2", "head")), "gappy")
    diagram = Diagrams([0, 0], [1, np.inf], [0, 0], mean_distance=1.0)
    for layer, epoch in (("fc1", 0), ("fc2", 4)):
        number = Table({"error": [3.0]})
        store.write_result(run.path, "neighbour_error", layer, epoch, "test", number)
        store.write_result(run.path, "homology", layer, epoch, "test", diagram)


def unlabelled(path):
    """No labels, so no classes either."""
    measured(marked(write_run(path, classes=None), "unlabelled"))


def killed(path):
    """A process that is no more left half a file, and an epoch with one probe of two."""
    run = measured(write_run(path, epochs=(0, 1)))
    half = activation_path(path, 2, "train")
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(activation_path(path, 1, "train").read_bytes()[:100])
    gone = {"pid": 2**22 + 1, "host": store.read_info(path).get("process", {}).get("host", "")}
    marked(run, "killed", status="running", process=gone)


def marked(run, data, **more):
    """The run with probes of its own data, and other things said in its run.json."""
    told = json.loads((run.path / "run.json").read_text())
    for probe in told["probes"].values():
        probe["fingerprint"] = data
    (run.path / "run.json").write_text(json.dumps({**told, **more}))
    return open_run(run.path)
