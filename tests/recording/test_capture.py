"""What hooks see: order, reuse, in-place operations, tuples and dicts, several batches."""

from types import SimpleNamespace

import pytest
import torch
from support.recorded_nets import Awkward, Many, Pair, perceptron, samples
from torch import nn

from lamella.errors import RecordingError
from lamella.recording.capture import Key, call, hooks, layer_names, run_batches
from lamella.recording.modules import choose_layers
from lamella.recording.outputs import named_tensors, structure
from lamella.recording.trial import try_model


def whole(name, output, axis):
    return output.numpy()


def found(model, inputs, layers="*", batch_size=None):
    """The names of what is recorded, in order, with their shapes; and what is not, and why."""
    trial = try_model(model, choose_layers(model, layers), inputs, whole, call, batch_size)
    names = layer_names(trial.outputs)
    return {names[key]: trial.stored[key] for key in trial.outputs}, trial.skipped


def test_layers_come_in_the_order_of_execution_and_reuse_is_numbered():
    layers, skipped = found(Awkward(), samples()[0])
    assert list(layers) == ["fc1", "bn", "frozen", "relu", "fc2", "relu#2", "head"]
    assert list(layers.values()) == [(8,)] * 6 + [(3,)]
    assert skipped == {"drop": "it only passes on what 'relu' gives"}
    assert "drop" in found(Awkward(), samples()[0], ["*", "drop"])[0]


def test_tuples_dicts_and_what_cannot_be_recorded():
    layers, skipped = found(Many(), torch.ones(5, 2))
    assert list(layers) == ["tuple", "named.left", "named.right", "dict.a", "dict.b"]
    assert skipped == {
        "total": "its output of shape (2,) has no row for each sample",
        "text": "it gives no tensor but a str",
        "idle": "it was not executed",
    }


def test_named_tensors_of_nested_outputs():
    x = torch.ones(1)
    assert [key for key, _ in named_tensors((None, x, x))] == [""]
    assert [key for key, _ in named_tensors(Pair(x, None))] == [".left"]
    assert list(named_tensors("text")) == []
    assert [key for key, _ in named_tensors(((x, x), {"a": x}))] == [""]
    assert [key for key, _ in named_tensors({"a": {"b": x}, "c": (None, x)})] == [".a.b", ".c"]
    assert [key for key, _ in named_tensors(SimpleNamespace(loss=x, note="text"))] == [".loss"]
    assert structure((1, "text")) == "a tuple of int and str"


def test_names_that_read_the_same_are_told_apart():
    keys = [
        Key("x", 1, ""),
        Key("x", 2, ""),
        Key("x#2", 1, ""),
        Key("a", 1, ".b"),
        Key("a.b", 1, ""),
    ]
    assert list(layer_names(keys).values()) == ["x", "x#2'", "x#2", "a.b'", "a.b"]


def test_a_layer_called_input_is_told_from_the_input():
    layers, _ = found(nn.Sequential(nn.ModuleDict({"input": nn.ReLU()})["input"]), samples()[0])
    assert list(layers) == ["0"]

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.input = nn.Linear(4, 2)

        def forward(self, x):
            return self.input(x)

    assert list(found(Net(), samples()[0])[0]) == ["input#1"]


@pytest.mark.parametrize("batch_size", [1, 5, 12, 100])
def test_batches_give_what_one_pass_gives_by_hand(batch_size):
    model, (points, _) = perceptron(inplace=True), samples()
    rows = {}

    def keep(row, key, _module, output):
        rows.setdefault(key.module, []).append((row, output.clone()))

    run_batches(model, choose_layers(model, "*").modules, points, keep, call, batch_size)
    with torch.no_grad():
        linear = points @ model[0].weight.T + model[0].bias
        expected = {"0": linear, "1": linear.relu(), "2": model(points)}
    for name, parts in rows.items():
        assert [row for row, _ in parts] == list(range(0, 12, batch_size))
        joined = torch.cat([part for _, part in parts])
        torch.testing.assert_close(joined, expected[name])


def test_hooks_come_off_when_the_model_raises():
    model = perceptron()
    chosen = choose_layers(model, "*").modules
    with pytest.raises(RuntimeError), hooks(chosen, lambda *what: None):
        model(torch.ones(2, 7))
    assert not any(module._forward_hooks for module in model.modules())


def test_a_model_that_raises_is_explained():
    with pytest.raises(RecordingError, match=r"takes its probes, got RuntimeError from 3 samples"):
        found(perceptron(), torch.ones(5, 7))


def test_compiled_and_parallel_models_are_run_bare():
    plain, (points, _) = perceptron(), samples()
    inner = perceptron()
    inner[0] = torch.compile(inner[0], backend="eager")
    wrapped = nn.DataParallel(torch.compile(inner, backend="eager"))
    in_place = perceptron()
    in_place.compile(backend="eager")
    expected = list(found(plain, points)[0])
    for model in (wrapped, in_place):
        assert list(found(model, points)[0]) == expected
        assert type(inner[0]).__name__ == "OptimizedModule"
    assert in_place._compiled_call_impl is not None
