"""Where two nets differ, on runs written so that the answer is known."""

import numpy as np
import pytest

from lamella import store
from lamella.narrative.paired_verdict import paired_verdict
from lamella.results import Table
from lamella.store import open_run

SAMPLES = 200


def write(path, wrong, fingerprint="same"):
    """A run whose layers put the first `wrong[layer]` samples of class 0 among class 1."""
    label = np.arange(SAMPLES) % 2
    layers = [
        {"name": n, "type": "ReLU", "shape": [2], "stored": [2], "parameters": 0} for n in wrong
    ]
    probe = {"samples": SAMPLES, "shape": [2], "labels": True, "fingerprint": fingerprint}
    facts = {"layers": layers, "probes": {"test": probe}, "class_names": ["a", "b"]}
    store.create_run(path, {**facts, "status": "finished"})
    inputs = np.zeros((SAMPLES, 2), np.float32)
    store.write_probe(path, "test", inputs, label)
    noise = np.random.default_rng(0).normal(scale=0.1, size=(SAMPLES, 2))
    arrays = {}
    for name, count in wrong.items():
        side = label.copy()
        side[::2][:count] = 1
        arrays[name] = (noise + 10 * side[:, None]).astype(np.float32)
    store.write_activations(path, 3, "test", arrays)
    return open_run(path)


def pair(folder, first, second, seeds=2, **more):
    return {
        "a": [write(folder / f"a{s}", first) for s in range(seeds)],
        "b": [write(folder / f"b{s}", second, **more) for s in range(seeds)],
    }


def test_the_first_layer_from_which_one_stays_worse_is_named(tmp_path):
    alike, apart = {"fc1": 0, "fc2": 30, "head": 30}, {"fc1": 0, "fc2": 0, "head": 0}
    sentence, rule = paired_verdict(pair(tmp_path, alike, apart))
    assert sentence.text.startswith("a mixes the classes more from fc2 on: there ")
    assert sentence.cell.run == "a"
    assert sentence.cell.layer == "fc2"
    mine, other = (sentence.numbers[f"wrong in {net} only"] for net in "ab")
    assert mine >= 2 * 30
    assert other == 0
    assert sentence.numbers["p, corrected"] == pytest.approx(3 * 2 * 0.5**mine)
    assert "3 layers" in rule
    assert "2 seeds" in rule


def measured(nets, error):
    """The nets with a stored neighbour error, in percent, of each net and layer at epoch 3."""
    for net, runs in nets.items():
        for run in runs:
            for layer, value in error[net].items():
                number = Table({"error": [float(value)]})
                store.write_result(run.path, "neighbour_error", layer, 3, "test", number)
    return nets


def test_the_shares_said_are_those_of_the_cube_beside_it(tmp_path):
    nets = pair(tmp_path, {"fc1": 0, "head": 30}, {"fc1": 0, "head": 0})
    told = {"a": {"fc1": 0, "head": 5.2}, "b": {"fc1": 0, "head": 1.4}}
    sentence, rule = paired_verdict(measured(nets, told))
    assert sentence.text == (
        "a mixes the classes more at head: there 5.2 % of the test samples lie nearest to another "
        "class, against 1.4 % in b."
    )
    assert (sentence.cell.split, sentence.cell.measure) == ("test", "neighbour_error")
    assert sentence.numbers["samples compared"] == 2 * SAMPLES
    assert f"{SAMPLES} samples of each seed" in rule


def test_measured_shares_that_lean_the_other_way_are_not_said(tmp_path):
    nets = pair(tmp_path, {"head": 30}, {"head": 0})
    sentence, _ = paired_verdict(measured(nets, {"a": {"head": 1}, "b": {"head": 4}}))
    assert f"of {SAMPLES} test samples" in sentence.text


def test_equal_nets_do_not_differ(tmp_path):
    same = {"fc1": 5, "head": 5}
    sentence, _ = paired_verdict(pair(tmp_path, same, same))
    assert sentence.text.startswith("No layer from which on one net stays worse")


def test_a_difference_that_ends_before_the_head_does_not_count(tmp_path):
    sentence, _ = paired_verdict(pair(tmp_path, {"fc1": 30, "head": 0}, {"fc1": 0, "head": 0}))
    assert sentence.text.startswith("No layer")


def test_seeds_must_lean_the_same_way(tmp_path):
    one, other = {"head": 40}, {"head": 0}
    nets = {
        "a": [write(tmp_path / "a0", one), write(tmp_path / "a1", other)],
        "b": [write(tmp_path / "b0", other), write(tmp_path / "b1", {"head": 5})],
    }
    assert paired_verdict(nets)[0].text.startswith("No layer")


def test_nets_of_other_samples_or_layers_are_not_compared(tmp_path):
    nets = pair(tmp_path, {"fc1": 0}, {"fc1": 0}, fingerprint="other")
    assert paired_verdict(nets) is None
    assert paired_verdict({"a": nets["a"]}) is None
    assert paired_verdict(pair(tmp_path / "x", {"fc1": 0}, {"fc9": 0})) is None
